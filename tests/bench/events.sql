-- The events of the payments in bench.sale, with their payloads.  Part of
-- club.sql.

insert into stripe_events (event_id, type, object_id, livemode, api_version,
    disposition, session_id, payment_intent_id, stripe_created, received_at,
    payload)
select x.event_id, 'checkout.session.completed', s.session_id, false,
    '2026-07-29.dahlia', 'fact', s.session_id, s.payment_intent_id, s.at,
    s.at + interval '1 second', replace(replace(:'template', '@EVENT@',
        x.event_id), '@TEAMDUES@', i.installation_id)
from sale s
cross join lateral (select 'evt_bench' || s.order_id as event_id) x
cross join installation i
where s.is_paid
order by s.order_id;

insert into stripe_events (event_id, type, object_id, livemode, api_version,
    disposition, reason, stripe_created, received_at, payload)
select x.event_id, 'charge.updated', 'ch_bench' || s.order_id, false,
    '2026-07-29.dahlia', 'ignored',
    'not a type that says anything of a payment', s.at, s.at,
    replace(:'template', '@EVENT@', x.event_id)
from sale s
cross join generate_series(1, :ignored) n
cross join lateral (select 'evt_bench' || s.order_id || 'x' || n
    as event_id) x
where s.is_paid
order by s.order_id;
