-- The events of the payments in bench.sale, with their payloads.  Part of
-- club.sql.

insert into stripe_events (event_id, type, object_id, livemode, api_version,
    disposition, session_id, payment_intent_id, stripe_created, received_at)
select 'evt_bench' || s.order_id, 'checkout.session.completed', s.session_id,
    false, '2026-07-29.dahlia', 'fact', s.session_id, s.payment_intent_id,
    s.at, s.at + interval '1 second'
from sale s
where s.is_paid
order by s.order_id;

insert into stripe_events (event_id, type, object_id, livemode, api_version,
    disposition, reason, stripe_created, received_at)
select 'evt_bench' || s.order_id || 'x' || n, 'charge.updated',
    'ch_bench' || s.order_id, false, '2026-07-29.dahlia', 'ignored',
    'not a type that says anything of a payment', s.at, s.at
from sale s
cross join generate_series(1, :ignored) n
where s.is_paid
order by s.order_id;

insert into event_payloads (event_id, payload)
select e.event_id, replace(replace(:'template', '@EVENT@', e.event_id),
    '@TEAMDUES@', i.installation_id)
from stripe_events e
cross join installation i;
