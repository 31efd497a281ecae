-- Disputes and early fraud warnings wait for a person, with the date by which one
-- is to be answered.

alter table teamdues.refund_facts add column stripe_created timestamptz;
comment on column teamdues.refund_facts.stripe_created is
	'When it was made; null where that was not recorded';
alter table teamdues.dispute_facts add column stripe_created timestamptz;
comment on column teamdues.dispute_facts.stripe_created is
	'When it was opened; null where that was not recorded';

create table teamdues.dispute_dues (
	dispute_id text not null,
	due_at timestamptz not null,
	primary key (dispute_id, due_at)
);
comment on table teamdues.dispute_dues is
	'Until when Stripe has said that a dispute can be answered; only ever added to, the latest counts';
comment on column teamdues.dispute_dues.dispute_id is 'Stripe''s dp_...';
comment on column teamdues.dispute_dues.due_at is 'Until then';

create table teamdues.fraud_warnings (
	warning_id text not null check (warning_id !~ '[^A-Za-z0-9_]'
	    and length(warning_id) between 1 and 255),
	is_actionable boolean not null,
	payment_intent_id text not null
	    check (payment_intent_id !~ '[^A-Za-z0-9_]'
	    and length(payment_intent_id) between 1 and 255),
	fraud_type text not null check (length(fraud_type) <= 500),
	stripe_created timestamptz not null,
	primary key (warning_id, is_actionable)
);
comment on table teamdues.fraud_warnings is
	'What Stripe has passed on of card networks'' early fraud warnings; only ever added to';
comment on column teamdues.fraud_warnings.warning_id is 'Stripe''s issfr_...';
comment on column teamdues.fraud_warnings.is_actionable is
	'Whether something could still be done then; false outranks true';
comment on column teamdues.fraud_warnings.payment_intent_id is
	'The payment that it warns of';
comment on column teamdues.fraud_warnings.fraud_type is
	'What the network takes it for, in its word';
comment on column teamdues.fraud_warnings.stripe_created is 'When it came';
create index fraud_warnings_intent
	on teamdues.fraud_warnings (payment_intent_id);

create trigger append_only before update or delete or truncate
	on teamdues.dispute_dues
	for each statement execute function teamdues.refuse_change();
create trigger append_only before update or delete or truncate
	on teamdues.fraud_warnings
	for each statement execute function teamdues.refuse_change();
alter type teamdues.fact_item add attribute due_by bigint;
alter type teamdues.fact_item add attribute warning_id text;
