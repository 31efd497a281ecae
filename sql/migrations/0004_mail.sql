-- Mail: what was decided to be sent, to whom, and what became of it.

create table teamdues.email_batches (
	batch_id bigint generated always as identity primary key,
	kind text not null,
	actor text not null,
	created_at timestamptz not null default now()
);
comment on table teamdues.email_batches is 'Mails that were asked for at once';
comment on column teamdues.email_batches.batch_id is 'Ours';
comment on column teamdues.email_batches.kind is 'Of its mails';
comment on column teamdues.email_batches.actor is 'Who asked';
comment on column teamdues.email_batches.created_at is 'When';

create table teamdues.emails (
	email_id bigint generated always as identity primary key,
	batch_id bigint references teamdues.email_batches,
	kind text not null check (kind in ('first_payment', 'tournament',
	    'reminder', 'receipt', 'replaced_link', 'tryout')),
	player_id bigint not null references teamdues.players,
	order_id bigint references teamdues.orders,
	recipient text not null check (length(recipient) between 3 and 254),
	facts jsonb not null default '{}',
	day date not null,
	copy integer not null default 0 check (copy >= 0),
	state text not null default 'queued'
	    check (state in ('queued', 'sent', 'failed', 'dropped')),
	attempts integer not null default 0,
	last_error text not null default '',
	not_before timestamptz not null default now(),
	created_at timestamptz not null default now(),
	sent_at timestamptz,
	check ((state = 'sent') = (sent_at is not null))
);
comment on table teamdues.emails is
	'The outbox.  A row is kind and facts, never text: the mailer renders it and signs its link when it sends';
comment on column teamdues.emails.email_id is 'Ours';
comment on column teamdues.emails.batch_id is 'Those asked for together';
comment on column teamdues.emails.kind is 'What it says';
comment on column teamdues.emails.player_id is 'About whom';
comment on column teamdues.emails.order_id is
	'About which order; null for a first payment that was not opened yet';
comment on column teamdues.emails.recipient is
	'The address when it was decided';
comment on column teamdues.emails.facts is
	'What the mail says was decided with it: amount_cents, quoted, prorate';
comment on column teamdues.emails.day is
	'The club''s day of the decision: no mail twice for one subject, kind and day';
comment on column teamdues.emails.copy is
	'Above 0 where somebody asked for it again on the same day';
comment on column teamdues.emails.state is
	'queued; sent: the server took it; failed: it will not; dropped: it was no longer true';
comment on column teamdues.emails.attempts is 'How often it was tried';
comment on column teamdues.emails.last_error is 'The server''s last words';
comment on column teamdues.emails.not_before is 'When it is (again) due';
comment on column teamdues.emails.created_at is 'When it was decided';
comment on column teamdues.emails.sent_at is 'When the server took it';
create unique index emails_once on teamdues.emails
	(kind, coalesce(order_id, 0), player_id, day, copy);
create index emails_due on teamdues.emails (not_before, email_id)
	where state = 'queued';
create index emails_order on teamdues.emails (order_id);
create index emails_batch on teamdues.emails (batch_id);
