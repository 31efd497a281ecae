-- Refunds, disputes and failures; and what people decide about payments that do
-- not explain themselves.

-- The anchor of facts about a payment intent, as stripe_sessions is of facts
-- about a session: who brings a refund and who brings its payment lock the same
-- row, and so see each other.
create table teamdues.payment_intents (
	payment_intent_id text primary key
	    check (payment_intent_id ~ '^[A-Za-z0-9_]{1,255}$')
);
comment on table teamdues.payment_intents is
	'The ids of all payment intents heard of: the anchor that concurrent work on one locks';
comment on column teamdues.payment_intents.payment_intent_id is
	'Stripe''s pi_...';

create table teamdues.refund_facts (
	refund_id text not null check (refund_id ~ '^[A-Za-z0-9_]{1,255}$'),
	status text not null check (status in ('pending', 'requires_action',
	    'succeeded', 'failed', 'canceled')),
	payment_intent_id text not null references teamdues.payment_intents,
	amount_cents bigint not null check (amount_cents between 0 and 99999999),
	primary key (refund_id, status)
);
comment on table teamdues.refund_facts is
	'What Stripe has said about refunds; only ever added to.  Ranks: failed and canceled, succeeded, requires_action, pending';
comment on column teamdues.refund_facts.refund_id is 'Stripe''s re_...';
comment on column teamdues.refund_facts.status is 'A status that it had';
comment on column teamdues.refund_facts.payment_intent_id is
	'The payment that it gives back from';
comment on column teamdues.refund_facts.amount_cents is 'How much';
create index refund_facts_intent
	on teamdues.refund_facts (payment_intent_id);

create table teamdues.charge_facts (
	payment_intent_id text not null references teamdues.payment_intents,
	amount_refunded_cents bigint not null
	    check (amount_refunded_cents between 0 and 99999999),
	primary key (payment_intent_id, amount_refunded_cents)
);
comment on table teamdues.charge_facts is
	'Totals of refunds that Stripe has shown on charges; only ever added to';
comment on column teamdues.charge_facts.payment_intent_id is
	'The payment of the charge';
comment on column teamdues.charge_facts.amount_refunded_cents is
	'Its amount_refunded at some time; the highest counts';

create table teamdues.dispute_facts (
	dispute_id text not null check (dispute_id ~ '^[A-Za-z0-9_]{1,255}$'),
	fact text not null check (fact in ('won', 'lost', 'warning_closed',
	    'prevented', 'charge_refunded', 'needs_response', 'under_review',
	    'warning_needs_response', 'warning_under_review',
	    'funds_withdrawn', 'funds_reinstated')),
	payment_intent_id text not null references teamdues.payment_intents,
	amount_cents bigint not null check (amount_cents between 0 and 99999999),
	primary key (dispute_id, fact)
);
comment on table teamdues.dispute_facts is
	'What Stripe has said about disputes: statuses they had, and moves of their funds; only ever added to';
comment on column teamdues.dispute_facts.dispute_id is 'Stripe''s dp_...';
comment on column teamdues.dispute_facts.fact is
	'A status that it had, or what happened to its funds';
comment on column teamdues.dispute_facts.payment_intent_id is
	'The payment that is disputed';
comment on column teamdues.dispute_facts.amount_cents is 'How much';
create index dispute_facts_intent
	on teamdues.dispute_facts (payment_intent_id);

create table teamdues.payment_failures (
	payment_intent_id text not null references teamdues.payment_intents,
	stripe_time timestamptz not null,
	message text not null check (length(message) <= 1000),
	order_id bigint references teamdues.orders,
	primary key (payment_intent_id, stripe_time, message)
);
comment on table teamdues.payment_failures is
	'Tries to pay that came to nothing, in words for a person; only ever added to';
comment on column teamdues.payment_failures.payment_intent_id is 'Which intent';
comment on column teamdues.payment_failures.stripe_time is 'When';
comment on column teamdues.payment_failures.message is 'Why, as Stripe says it';
comment on column teamdues.payment_failures.order_id is
	'The order that the intent''s metadata name, when they are ours';
create index payment_failures_order on teamdues.payment_failures (order_id);

create table teamdues.attachments (
	session_id text primary key references teamdues.payments,
	order_id bigint not null references teamdues.orders,
	actor text not null,
	attached_at timestamptz not null default now()
);
comment on table teamdues.attachments is
	'Payments that a person has given to an order: outranks their references';
comment on column teamdues.attachments.session_id is 'Which payment';
comment on column teamdues.attachments.order_id is 'To which order';
comment on column teamdues.attachments.actor is 'Who did it';
comment on column teamdues.attachments.attached_at is 'When';

create table teamdues.dismissals (
	subject text primary key,
	reason text not null check (length(reason) between 1 and 500),
	is_not_ours boolean not null,
	actor text not null,
	dismissed_at timestamptz not null default now()
);
comment on table teamdues.dismissals is
	'What a person has closed with a reason';
comment on column teamdues.dismissals.subject is
	'A payment''s session, or an event that could not be taken';
comment on column teamdues.dismissals.reason is 'Why it needs nothing more';
comment on column teamdues.dismissals.is_not_ours is
	'True: the payment is another business''s';
comment on column teamdues.dismissals.actor is 'Who did it';
comment on column teamdues.dismissals.dismissed_at is 'When';

create table teamdues.foreign_rules (
	rule_id bigint generated always as identity primary key,
	field text not null check (field in ('payment_link', 'metadata')),
	value text not null check (length(value) between 1 and 255),
	actor text not null,
	created_at timestamptz not null default now(),
	removed_at timestamptz,
	check (field <> 'metadata' or value not in ('order_id', 'player_id',
	    'product_id', 'teamdues', 'parent_id'))
);
comment on table teamdues.foreign_rules is
	'How payments of another business on the same Stripe account are told';
comment on column teamdues.foreign_rules.rule_id is 'Ours';
comment on column teamdues.foreign_rules.field is
	'payment_link: of this link; metadata: with this key';
comment on column teamdues.foreign_rules.value is
	'The link''s id or the key''s name, never one of ours';
comment on column teamdues.foreign_rules.actor is 'Who made it';
comment on column teamdues.foreign_rules.created_at is 'When';
comment on column teamdues.foreign_rules.removed_at is
	'When it was taken back; null while it holds';
create unique index foreign_rules_holding
	on teamdues.foreign_rules (field, value) where removed_at is null;

create table teamdues.recorded_payments (
	order_id bigint primary key references teamdues.orders,
	source text not null check (source in ('cash', 'cheque', 'transfer')),
	reference text not null check (length(reference) between 1 and 200),
	actor text not null,
	recorded_at timestamptz not null default now()
);
comment on table teamdues.recorded_payments is
	'Orders that were paid outside Stripe, as the treasurer recorded';
comment on column teamdues.recorded_payments.order_id is
	'Paid in full by it';
comment on column teamdues.recorded_payments.source is 'How the money came';
comment on column teamdues.recorded_payments.reference is
	'Where the treasurer finds it again';
comment on column teamdues.recorded_payments.actor is 'Who recorded it';
comment on column teamdues.recorded_payments.recorded_at is 'When';

create table teamdues.audit_log (
	audit_id bigint generated always as identity primary key,
	at timestamptz not null default now(),
	actor text not null check (length(actor) between 1 and 100),
	action text not null check (length(action) between 1 and 50),
	order_id bigint references teamdues.orders,
	subject text not null default '',
	detail text not null default ''
);
comment on table teamdues.audit_log is 'Who changed what by hand';
comment on column teamdues.audit_log.audit_id is 'In their order';
comment on column teamdues.audit_log.at is 'When';
comment on column teamdues.audit_log.actor is
	'The name of an admin''s token, or the operator''s system user';
comment on column teamdues.audit_log.action is
	'Such as attach, dismiss, cancel, adjust';
comment on column teamdues.audit_log.order_id is 'The order it was about';
comment on column teamdues.audit_log.subject is
	'The payment, event or rule it was about';
comment on column teamdues.audit_log.detail is 'Figures and reasons';
create index audit_log_order on teamdues.audit_log (order_id);

alter table teamdues.stripe_events add column payment_intent_id text
	references teamdues.payment_intents;
comment on column teamdues.stripe_events.payment_intent_id is
	'The payment intent that it speaks of';
create index stripe_events_intent
	on teamdues.stripe_events (payment_intent_id);

alter table teamdues.payment_places
	drop constraint payment_places_place_check,
	add constraint payment_places_place_check check (place in ('order',
	    'waiting', 'unmatched', 'review', 'foreign', 'settled'));
comment on column teamdues.payment_places.place is
	'order: counts for it; waiting: no money yet and not matched; unmatched and review: a person is needed; settled: given back, or dismissed by a person; foreign: not ours';

create trigger append_only before update or delete or truncate
	on teamdues.refund_facts
	for each statement execute function teamdues.refuse_change();
create trigger append_only before update or delete or truncate
	on teamdues.charge_facts
	for each statement execute function teamdues.refuse_change();
create trigger append_only before update or delete or truncate
	on teamdues.dispute_facts
	for each statement execute function teamdues.refuse_change();
create trigger append_only before update or delete or truncate
	on teamdues.payment_failures
	for each statement execute function teamdues.refuse_change();
create trigger append_only before update or delete or truncate
	on teamdues.attachments
	for each statement execute function teamdues.refuse_change();
create trigger append_only before update or delete or truncate
	on teamdues.dismissals
	for each statement execute function teamdues.refuse_change();
create trigger append_only before update or delete or truncate
	on teamdues.recorded_payments
	for each statement execute function teamdues.refuse_change();
create trigger append_only before update or delete or truncate
	on teamdues.audit_log
	for each statement execute function teamdues.refuse_change();

alter table teamdues.stripe_sessions add column polled_at timestamptz;
comment on column teamdues.stripe_sessions.polled_at is
	'When a payer who came back first found the order still pending';

create table teamdues.event_replays (
	event_id text not null references teamdues.stripe_events,
	replayed_at timestamptz not null default clock_timestamp(),
	disposition text not null check (disposition in ('fact', 'duplicate',
	    'ignored', 'foreign', 'refused')),
	reason text not null default '',
	primary key (event_id, replayed_at)
);
comment on table teamdues.event_replays is
	'Events that were read again, by a program that may know more than the one that recorded them; the latest reading counts';
comment on column teamdues.event_replays.event_id is 'Which event';
comment on column teamdues.event_replays.replayed_at is 'When';
comment on column teamdues.event_replays.disposition is
	'What it brings now, as in stripe_events';
comment on column teamdues.event_replays.reason is 'Why it brings no fact';
create trigger append_only before update or delete or truncate
	on teamdues.event_replays
	for each statement execute function teamdues.refuse_change();
