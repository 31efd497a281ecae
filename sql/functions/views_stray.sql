-- Sessions that are open while their order is not pending (stray.sql).

create or replace view teamdues.stray_sessions as
select s.session_id, s.order_id, o.status, s.livemode, s.stray_at, s.end_at
from teamdues.checkout_sessions s
join teamdues.orders o on o.order_id = s.order_id
where s.status = 'open' and s.end_at is not null and o.status <> 'pending';
comment on view teamdues.stray_sessions is
	'The work list of sessions to be ended at Stripe';
