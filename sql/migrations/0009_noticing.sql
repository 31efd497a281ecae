-- What is remembered so that trouble is noticed: the runs of commands, refused
-- signatures, what Stripe showed when it was last looked at, and alarms.

create table teamdues.runs (
	name text primary key check (name in ('reconcile', 'audit', 'watch')),
	began_at timestamptz not null,
	read_until timestamptz
);
comment on table teamdues.runs is
	'The last run of each command that is to run again and again, and went well';
comment on column teamdues.runs.name is 'The command';
comment on column teamdues.runs.began_at is 'When that run began';
comment on column teamdues.runs.read_until is
	'Of reconcile: up to when Stripe''s record has been read without a gap';

create table teamdues.refused_signatures (
	singleton boolean primary key default true check (singleton),
	total bigint not null,
	newest_at timestamptz not null
);
comment on table teamdues.refused_signatures is
	'One row, once something posted to the webhook''s address was not signed with our secret';
comment on column teamdues.refused_signatures.singleton is
	'Always true: there is one row';
comment on column teamdues.refused_signatures.total is
	'How many were counted, at most one a second for each process';
comment on column teamdues.refused_signatures.newest_at is 'When the last came';

create table teamdues.stripe_sights (
	name text primary key
	    check (name in ('paid_unseen', 'undelivered', 'webhook_down',
	        'disputes', 'dispute_due')),
	value bigint not null,
	seen_at timestamptz not null
);
comment on table teamdues.stripe_sights is
	'What `teamdues watch` saw when it last looked, before it mended anything';
comment on column teamdues.stripe_sights.name is 'What was counted';
comment on column teamdues.stripe_sights.value is
	'How many; of dispute_due the Unix time by which the next is to be answered, 0 for none; of webhook_down 1 or 0';
comment on column teamdues.stripe_sights.seen_at is 'When';

create table teamdues.alarms (
	cause text primary key check (length(cause) between 1 and 64),
	begun_at timestamptz not null,
	mailed_at timestamptz not null,
	over_at timestamptz
);
comment on table teamdues.alarms is
	'What somebody was mailed about, one row for each cause';
comment on column teamdues.alarms.cause is 'The name that doctor gives it';
comment on column teamdues.alarms.begun_at is 'When it was first mailed';
comment on column teamdues.alarms.mailed_at is 'When it was last mailed';
comment on column teamdues.alarms.over_at is
	'When it was mailed that it is over; null while it lasts';
