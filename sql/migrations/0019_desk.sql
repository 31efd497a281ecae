-- The treasurer's desk: who may use it, and how they sign in.

create table teamdues.desk_users (
	user_id bigint generated always as identity primary key,
	name text not null check (length(name) between 1 and 80),
	email text not null check (length(email) between 3 and 254),
	role text not null check (role in ('treasurer', 'viewer')),
	added_at timestamptz not null default now(),
	added_by text not null check (length(added_by) between 1 and 100),
	removed_at timestamptz
);
comment on table teamdues.desk_users is
	'Who may sign in at the desk; a row stays when its user is removed';
comment on column teamdues.desk_users.user_id is 'Ours';
comment on column teamdues.desk_users.name is
	'As the audit log names the user';
comment on column teamdues.desk_users.email is
	'Where the link that signs the user in is mailed';
comment on column teamdues.desk_users.role is
	'treasurer: may do everything; viewer: sees everything and changes nothing';
comment on column teamdues.desk_users.added_at is 'When';
comment on column teamdues.desk_users.added_by is
	'The operator''s system user';
comment on column teamdues.desk_users.removed_at is
	'When the user was removed; null while the user may sign in';
create unique index desk_users_address on teamdues.desk_users (lower(email))
	where removed_at is null;

create table teamdues.desk_entries (
	entry_id bigint generated always as identity primary key,
	user_id bigint not null references teamdues.desk_users,
	browser_hash bytea not null check (length(browser_hash) = 32),
	asked_at timestamptz not null default now(),
	ends_at timestamptz not null,
	entered_at timestamptz,
	state text not null default 'queued'
	    check (state in ('queued', 'sent', 'failed', 'dropped')),
	attempts integer not null default 0,
	last_error text not null default '',
	not_before timestamptz not null default now()
);
comment on table teamdues.desk_entries is
	'Sign-ins that were asked for, and their mails.  The link is signed by the mailer when it sends: nothing here lets anybody in';
comment on column teamdues.desk_entries.entry_id is 'Ours, in the link';
comment on column teamdues.desk_entries.user_id is 'Who is to be signed in';
comment on column teamdues.desk_entries.browser_hash is
	'SHA-256 of the cookie of the browser that asked: no other can enter';
comment on column teamdues.desk_entries.asked_at is 'When';
comment on column teamdues.desk_entries.ends_at is
	'Until when the link works';
comment on column teamdues.desk_entries.entered_at is
	'When the link was used; null while it was not';
comment on column teamdues.desk_entries.state is
	'Of the mail; queued; sent: the server took it; failed: it will not; dropped: it was no longer wanted';
comment on column teamdues.desk_entries.attempts is
	'How often the mail was tried';
comment on column teamdues.desk_entries.last_error is
	'The mail server''s last words';
comment on column teamdues.desk_entries.not_before is
	'When the mail is (again) due';
create index desk_entries_user on teamdues.desk_entries (user_id, asked_at);
create index desk_entries_due on teamdues.desk_entries (not_before, entry_id)
	where state = 'queued';

create table teamdues.desk_sessions (
	session_hash bytea primary key check (length(session_hash) = 32),
	user_id bigint not null references teamdues.desk_users,
	began_at timestamptz not null default now(),
	ends_at timestamptz not null,
	ended_at timestamptz
);
comment on table teamdues.desk_sessions is 'Who is signed in, and until when';
comment on column teamdues.desk_sessions.session_hash is
	'SHA-256 of the cookie, which is written nowhere';
comment on column teamdues.desk_sessions.user_id is 'Who';
comment on column teamdues.desk_sessions.began_at is 'Since when';
comment on column teamdues.desk_sessions.ends_at is 'Until when at the latest';
comment on column teamdues.desk_sessions.ended_at is
	'When the user signed out or was removed; null while neither happened';
create index desk_sessions_user on teamdues.desk_sessions (user_id)
	where ended_at is null;

create table teamdues.desk_refusals (
	hour timestamptz not null,
	kind text not null check (kind in ('address', 'token')),
	total bigint not null check (total > 0),
	primary key (hour, kind)
);
comment on table teamdues.desk_refusals is
	'How often somebody who may not tried to sign in at the desk, hour by hour';
comment on column teamdues.desk_refusals.hour is 'Its begin';
comment on column teamdues.desk_refusals.kind is
	'address: a sign-in was asked for with one that no user has; token: a link was not signed by us or was used in another browser';
comment on column teamdues.desk_refusals.total is 'How often';
