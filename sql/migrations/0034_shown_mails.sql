-- What the desk shows of mails: one before it is decided, and how far a batch
-- has come without counting those that were sent.

create type teamdues.outgoing_mail as (
	email_id bigint,
	kind text,
	order_id bigint,
	player_id bigint,
	word text,
	order_kind text,
	recipient text,
	parent_name text,
	player_name text,
	item text,
	amount_cents bigint,
	currency text,
	quoted text,
	prorate boolean,
	day text,
	copy integer,
	attempts integer,
	installation_id text,
	age_s bigint,
	link_expires bigint,
	last_day text,
	left_cents bigint
);
comment on type teamdues.outgoing_mail is
	'All that the text of a mail needs';

alter table teamdues.email_batches add column mails bigint not null default 0;
comment on column teamdues.email_batches.mails is 'How many they are';
update teamdues.email_batches b
set mails = (
    select count(*)
    from teamdues.emails e
    where e.batch_id = b.batch_id);
drop index teamdues.emails_batch;
create index emails_batch on teamdues.emails (batch_id, state, email_id)
	where batch_id is not null;
create index emails_dropped on teamdues.emails (email_id)
	where state = 'dropped';
