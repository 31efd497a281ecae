-- What the desk asks for.  The programs that face the web only write it down;
-- what moves money is done by `teamdues clerk`.

create table teamdues.desk_requests (
	request_id bigint generated always as identity primary key,
	form_id text not null unique check (length(form_id) between 16 and 64),
	user_id bigint not null references teamdues.desk_users,
	order_id bigint references teamdues.orders,
	action text not null check (action ~ '^[a-z][a-z_]{0,39}$'),
	args jsonb not null default '{}'
	    check (jsonb_typeof(args) = 'object'),
	reason text not null default '' check (length(reason) <= 500),
	state text not null default 'queued'
	    check (state in ('queued', 'working', 'done', 'refused', 'failed')),
	words text not null default '',
	asked_at timestamptz not null default now(),
	began_at timestamptz,
	ended_at timestamptz,
	attempts integer not null default 0 check (attempts >= 0),
	check ((state in ('done', 'refused', 'failed'))
	    = (ended_at is not null))
);
comment on table teamdues.desk_requests is
	'What users of the desk asked for, and what became of it';
comment on column teamdues.desk_requests.request_id is
	'Ours, in the order in which they are done';
comment on column teamdues.desk_requests.form_id is
	'The random number of the form that was sent: sent twice, it is one request, at Stripe as well, and in a restored database no other';
comment on column teamdues.desk_requests.user_id is 'Who asked';
comment on column teamdues.desk_requests.order_id is
	'The order that it is about; null when it is about none';
comment on column teamdues.desk_requests.action is 'What is asked for';
comment on column teamdues.desk_requests.args is
	'The values that belong to the action, such as amount_cents';
comment on column teamdues.desk_requests.reason is 'Why, in the user''s words';
comment on column teamdues.desk_requests.state is
	'queued: waits for the clerk; working: the clerk has begun; done; refused: the state of things forbids it; failed: it was tried and did not succeed';
comment on column teamdues.desk_requests.words is
	'What became of it, in words for the user';
comment on column teamdues.desk_requests.asked_at is 'When';
comment on column teamdues.desk_requests.began_at is
	'When the clerk last began it; null when it did not';
comment on column teamdues.desk_requests.ended_at is
	'When it was done, refused or failed; null until then';
comment on column teamdues.desk_requests.attempts is
	'How often the clerk began it';
create index desk_requests_due on teamdues.desk_requests (request_id)
	where state in ('queued', 'working');
create index desk_requests_failed on teamdues.desk_requests (ended_at)
	where state = 'failed';
create index desk_requests_order on teamdues.desk_requests (order_id);
