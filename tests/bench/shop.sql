-- Payments of a web shop on the same Stripe account: nothing ties them to an
-- order.  Part of club.sql.

create temp table purchase as
select 'cs_test_shop' || n as session_id, 'pi_shop' || n as payment_intent_id,
    'evt_shop' || n as event_id, 'buyer' || n || '@shop.example' as email,
    date_trunc('second', now() - n * interval '1 hour') as at
from generate_series(1, :unmatched) n;

insert into payments (session_id, payment_intent_id, livemode, is_our_mode,
    amount_cents, currency, stripe_created, email, metadata_keys, paid_at,
    place, reason)
select p.session_id, p.payment_intent_id, false, true, 4999, 'usd', p.at,
    p.email, '{shop_order}', p.at, 'unmatched',
    'session not known, no reference to an order'
from purchase p;

insert into stripe_events (event_id, type, object_id, livemode, api_version,
    disposition, session_id, payment_intent_id, stripe_created, received_at,
    payload)
select p.event_id, 'checkout.session.completed', p.session_id, false,
    '2026-07-29.dahlia', 'fact', p.session_id, p.payment_intent_id, p.at, p.at,
    replace(:'template', '@EVENT@', p.event_id)
from purchase p;
