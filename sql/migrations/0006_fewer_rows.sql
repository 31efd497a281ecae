-- Fewer rows for a payment: it stands in one row from its first fact to its
-- place, an event in one with its body, and locks are no rows at all.

-- The public views stay while what they read moves under them; the others are
-- made anew.
drop view if exists teamdues.unmatched_overview, teamdues.payment_detail,
	teamdues.event_detail, teamdues.event_overview,
	teamdues.event_readings, teamdues.order_detail;
create or replace view teamdues.order_overview as
select o.order_id, o.player_id, y.name as player_name,
    r.email as parent_email, o.product_id, p.name as product_name,
    o.tournament_id, o.amount_cents, o.currency, o.status,
    null::text as session_id, null::text as payment_intent_id, o.paid_at,
    o.refunded_cents, o.created_at
from teamdues.orders o
join teamdues.products p on p.product_id = o.product_id
join teamdues.players y on y.player_id = o.player_id
left join teamdues.parents r on r.parent_id = y.parent_id;

-- A payment: what Stripe said is never changed; where it stands is derived, and
-- beside it.
drop trigger append_only on teamdues.payments;
alter table teamdues.payments
	add column paid_at timestamptz,
	add column place text,
	add column reason text not null default '',
	add column matched_order_id bigint,
	add column suggested_order_id bigint;
update teamdues.payments p
set paid_at = (select min(f.stripe_time) from teamdues.session_facts f
        where f.session_id = p.session_id and f.fact = 'paid'),
    place = pp.place,
    reason = pp.reason,
    matched_order_id = pp.matched_order_id,
    suggested_order_id = pp.suggested_order_id
from teamdues.payment_places pp
where pp.session_id = p.session_id;
drop table teamdues.payment_places;
alter table teamdues.orders drop column payment_intent_id;
alter table teamdues.payments
	drop constraint payments_payment_intent_id_check,
	drop constraint payments_currency_check,
	alter column place set default 'waiting',
	alter column place set not null,
	add foreign key (matched_order_id) references teamdues.orders,
	add foreign key (suggested_order_id) references teamdues.orders,
	add constraint payments_session_id_check check (session_id
	    !~ '[^A-Za-z0-9_]' and length(session_id) between 1 and 255),
	add constraint payments_payment_intent_id_check check (payment_intent_id
	    !~ '[^A-Za-z0-9_]' and length(payment_intent_id) between 1 and 255),
	add constraint payments_currency_check
	    check (currency ~ '^[a-z][a-z][a-z]$'),
	add constraint payments_place_check check (place in ('order', 'waiting',
	    'unmatched', 'review', 'foreign', 'settled')),
	add constraint payments_order_check
	    check (place <> 'order' or matched_order_id is not null);
comment on table teamdues.payments is
	'Each completed session in payment mode, whoever made it: what it was for, as Stripe says, which is never changed; and where it stands, which follows from the facts';
comment on column teamdues.payments.paid_at is
	'The smallest Stripe time known of its success; null while no money has come';
comment on column teamdues.payments.place is
	'order: counts for matched_order_id; waiting: no money yet and not matched; unmatched and review: a person is needed; settled: given back, or dismissed by a person; foreign: not ours';
comment on column teamdues.payments.reason is
	'Why it is not simply the order''s';
comment on column teamdues.payments.matched_order_id is
	'The order that it matches, though another payment may be that order''s own';
comment on column teamdues.payments.suggested_order_id is
	'The order that it may be for, for the person who decides';
create index payments_matched on teamdues.payments (matched_order_id);
create index payments_suggested on teamdues.payments (suggested_order_id)
	where suggested_order_id is not null;
create index payments_open on teamdues.payments (place, session_id)
	where place in ('unmatched', 'review', 'foreign');
create trigger append_only before delete or truncate or update of session_id,
	payment_intent_id, livemode, is_our_mode, amount_cents, currency,
	stripe_created, customer_id, email, client_reference_id,
	metadata_order_id, metadata_player_id, metadata_product_id,
	metadata_teamdues, metadata_keys, payment_link, recorded_at
	on teamdues.payments
	for each statement execute function teamdues.refuse_change();

-- That a session is paid stands with its payment.
drop trigger append_only on teamdues.session_facts;
delete from teamdues.session_facts where fact = 'paid';
alter table teamdues.session_facts
	drop constraint session_facts_fact_check,
	add constraint session_facts_fact_check
	    check (fact in ('expired', 'unpaid', 'failed', 'free'));
comment on table teamdues.session_facts is
	'What Stripe has said about sessions, but for "paid", which payments.paid_at says; only ever added to.  Ranks: paid, free, failed, unpaid; any of them before expired';
comment on column teamdues.session_facts.stripe_time is
	'Stripe''s time of it, whole seconds';
create trigger append_only before update or delete or truncate
	on teamdues.session_facts
	for each statement execute function teamdues.refuse_change();

-- An event and its body; pruning empties the body, the one change allowed.
drop trigger append_only on teamdues.stripe_events;
alter table teamdues.stripe_events add column payload text;
do $$
begin
	alter table teamdues.stripe_events
	    alter column payload set compression lz4;
exception when feature_not_supported then
	null;	-- a server built without lz4 compresses as it did
end
$$;
update teamdues.stripe_events e
set payload = b.payload
from teamdues.event_payloads b
where b.event_id = e.event_id;
drop table teamdues.event_payloads;
comment on column teamdues.stripe_events.payload is
	'The body as it came, the bytes that were signed; null once it was pruned';
create trigger append_only before delete or truncate or update of event_id,
	type, object_id, livemode, api_version, disposition, reason,
	session_id, payment_intent_id, stripe_created, received_at
	on teamdues.stripe_events
	for each statement execute function teamdues.refuse_change();
create trigger prune_only before update of payload on teamdues.stripe_events
	for each row when (new.payload is not null)
	execute function teamdues.refuse_change();

-- What the ledger speaks of: a payment intent, or a session without one.
drop index teamdues.stripe_events_session, teamdues.stripe_events_intent,
	teamdues.event_replays_session, teamdues.event_replays_intent;
create index stripe_events_subject on teamdues.stripe_events
	(coalesce(payment_intent_id, session_id))
	where coalesce(payment_intent_id, session_id) is not null;
create index stripe_events_refused on teamdues.stripe_events (event_id)
	where disposition = 'refused';
create index event_replays_subject on teamdues.event_replays
	(coalesce(payment_intent_id, session_id));

-- Locks on a session or an intent are locks on its id, held to the end of the
-- transaction (sql/functions/locks.sql): no row has to stand for them.
alter table teamdues.checkout_sessions
	add column asked_at timestamptz,
	add column polled_at timestamptz;
comment on column teamdues.checkout_sessions.asked_at is
	'When Stripe was last asked about it for a returning payer';
comment on column teamdues.checkout_sessions.polled_at is
	'When a payer who came back first found the order still pending';
update teamdues.checkout_sessions s
set asked_at = a.asked_at, polled_at = a.polled_at
from teamdues.stripe_sessions a
where a.session_id = s.session_id
and (a.asked_at is not null or a.polled_at is not null);
drop table teamdues.stripe_sessions, teamdues.payment_intents cascade;

-- A counted repetition of 255 costs the regular expression engine 100 us an id,
-- the same said by length one.
alter table teamdues.stripe_events
	drop constraint stripe_events_event_id_check,
	add constraint stripe_events_event_id_check check (event_id
	    !~ '[^A-Za-z0-9_]' and length(event_id) between 1 and 255);
alter table teamdues.stripe_customers
	drop constraint stripe_customers_customer_id_check,
	add constraint stripe_customers_customer_id_check check (customer_id
	    !~ '[^A-Za-z0-9_]' and length(customer_id) between 1 and 255);
alter table teamdues.checkout_sessions
	add constraint checkout_sessions_session_id_check check (session_id
	    !~ '[^A-Za-z0-9_]' and length(session_id) between 1 and 255);
alter table teamdues.session_facts
	add constraint session_facts_session_id_check check (session_id
	    !~ '[^A-Za-z0-9_]' and length(session_id) between 1 and 255);
alter table teamdues.refund_facts
	drop constraint refund_facts_refund_id_check,
	add constraint refund_facts_refund_id_check check (refund_id
	    !~ '[^A-Za-z0-9_]' and length(refund_id) between 1 and 255),
	add constraint refund_facts_payment_intent_id_check
	    check (payment_intent_id !~ '[^A-Za-z0-9_]'
	    and length(payment_intent_id) between 1 and 255);
alter table teamdues.charge_facts
	add constraint charge_facts_payment_intent_id_check
	    check (payment_intent_id !~ '[^A-Za-z0-9_]'
	    and length(payment_intent_id) between 1 and 255);
alter table teamdues.dispute_facts
	drop constraint dispute_facts_dispute_id_check,
	add constraint dispute_facts_dispute_id_check check (dispute_id
	    !~ '[^A-Za-z0-9_]' and length(dispute_id) between 1 and 255),
	add constraint dispute_facts_payment_intent_id_check
	    check (payment_intent_id !~ '[^A-Za-z0-9_]'
	    and length(payment_intent_id) between 1 and 255);
alter table teamdues.payment_failures
	add constraint payment_failures_payment_intent_id_check
	    check (payment_intent_id !~ '[^A-Za-z0-9_]'
	    and length(payment_intent_id) between 1 and 255);

-- What an item of teamdues.record says, one column each; sql/functions/record.sql
-- tells them.
create type teamdues.fact_item as (
	event_id text,
	event_type text,
	object_id text,
	event_livemode boolean,
	api_version text,
	event_created bigint,
	disposition text,
	reason text,
	kind text,
	word text,
	at bigint,
	session_id text,
	payment_intent_id text,
	created bigint,
	livemode boolean,
	is_our_mode boolean,
	amount_cents bigint,
	currency text,
	customer_id text,
	email text,
	client_reference_id text,
	metadata_order_id text,
	metadata_player_id text,
	metadata_product_id text,
	metadata_teamdues text,
	metadata_keys text[],
	payment_link text,
	refund_id text,
	dispute_id text,
	is_withdrawn boolean,
	is_reinstated boolean,
	message text
);
comment on type teamdues.fact_item is
	'One thing that Stripe said: the event that brought it, if one did, and the fact';

create type teamdues.done_item as (
	settled text,
	reason text,
	order_id bigint,
	is_alarm boolean
);
comment on type teamdues.done_item is
	'What became of an item: settled is null where a fact was added, else the outcome that closes the matter';

-- Indexes that lists and mails need at a thousand families and more.
create index orders_player on teamdues.orders (player_id);
drop index teamdues.emails_once, teamdues.emails_order, teamdues.emails_batch;
create unique index emails_once on teamdues.emails
	(coalesce(order_id, 0), player_id, kind, day, copy);
create index emails_batch on teamdues.emails (batch_id)
	where batch_id is not null;
