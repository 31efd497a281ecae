-- Money is asked for once: what is open for an order that needs none any more is
-- known by an index, and so is whose money waits for a person.

alter table teamdues.checkout_sessions
	add column stray_at timestamptz,
	add column end_at timestamptz;
comment on column teamdues.checkout_sessions.stray_at is
	'Since when it has been open for an order that is not pending; null while it may be paid';
comment on column teamdues.checkout_sessions.end_at is
	'When Stripe is to be told (again) to end it; null with stray_at';
update teamdues.checkout_sessions s
set stray_at = now(), end_at = now()
from teamdues.orders o
where o.order_id = s.order_id and s.status = 'open'
and o.status <> 'pending';
create index checkout_sessions_stray on teamdues.checkout_sessions (end_at)
	where status = 'open' and end_at is not null;

create index payments_open_customer on teamdues.payments (customer_id)
	where place in ('unmatched', 'review');
create index payments_open_email on teamdues.payments (lower(email))
	where place in ('unmatched', 'review');
