-- What an event turned out to speak of when it was read again: the ledger's row
-- is never changed, and an event that could not be read names nothing.

alter table teamdues.event_replays
	add column session_id text references teamdues.stripe_sessions,
	add column payment_intent_id text references teamdues.payment_intents;
comment on column teamdues.event_replays.session_id is
	'The session that it speaks of';
comment on column teamdues.event_replays.payment_intent_id is
	'The payment intent that it speaks of';
create index event_replays_session on teamdues.event_replays (session_id);
create index event_replays_intent
	on teamdues.event_replays (payment_intent_id);
