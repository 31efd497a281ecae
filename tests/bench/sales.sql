-- The rows of bench.sale as they stand when each was asked for, and those that
-- are paid as the webhook leaves them.  Part of club.sql.

insert into orders (order_id, player_id, product_id, kind, tournament_id,
    amount_cents, currency, status, payment_source, paid_at, paid_cents,
    created_at)
overriding system value
select s.order_id, s.player_id, s.product_id, s.kind, s.tournament_id,
    s.amount_cents, 'usd', case when s.is_paid then 'paid' else 'pending' end,
    case when s.is_paid then 'stripe' end, case when s.is_paid then s.at end,
    case when s.is_paid then s.amount_cents else 0 end, s.at - interval '1 hour'
from sale s
order by s.order_id;

insert into checkout_sessions (session_id, order_id, origin, attempt, livemode,
    amount_cents, currency, url, status, stripe_created, expires_at,
    created_at)
select s.session_id, s.order_id, 'minted', 0, false, s.amount_cents, 'usd',
    'https://checkout.stripe.com/c/pay/' || s.session_id,
    case when s.is_paid then 'complete' else 'open' end,
    case when s.is_paid then s.at else now() end,
    case when s.is_paid then s.at else now() end + interval '1 day', s.at
from sale s
order by s.order_id;

insert into payments (session_id, payment_intent_id, livemode, is_our_mode,
    amount_cents, currency, stripe_created, customer_id, email,
    client_reference_id, metadata_order_id, metadata_player_id,
    metadata_product_id, metadata_teamdues, metadata_keys, recorded_at,
    paid_at, place, matched_order_id)
select s.session_id, s.payment_intent_id, false, true, s.amount_cents, 'usd',
    s.at, 'cus_bench' || y.parent_id,
    'parent' || y.parent_id || '@families.example', s.order_id::text,
    s.order_id::text, s.player_id::text, s.product_id::text,
    i.installation_id, '{order_id,player_id,product_id,teamdues}', s.at,
    s.at, 'order', s.order_id
from sale s
join players y using (player_id)
cross join installation i
where s.is_paid
order by s.order_id;
