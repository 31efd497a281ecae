-- For pgbench: the rows that one paid session leaves, written by one statement
-- that asks nothing.  What PostgreSQL alone takes for them.
\set n :n + 1
\set oid 1000001 + (:n - 1) * :clients + :client_id
with sale as (
	select o.order_id, o.player_id, o.amount_cents, o.currency, r.email,
	    'cs_test_a1' || o.order_id
	    || 'bQf3KzN8WmXc5VtR2yLpJdHs7GaUe9ZoTiMvC4B' as session_id,
	    'pi_3' || o.order_id || 'B7WZ01zgkWSjxsAJ' as payment_intent_id,
	    'evt_1P' || md5(o.order_id::text) as event_id
	from teamdues.orders o
	join teamdues.players y using (player_id)
	join teamdues.parents r using (parent_id)
	where o.order_id = :oid
), event as (
	insert into teamdues.stripe_events (event_id, type, object_id, livemode,
	    api_version, disposition, session_id, payment_intent_id,
	    stripe_created, payload)
	select event_id, 'checkout.session.completed', session_id, false,
	    '2026-07-29.dahlia', 'fact', session_id, payment_intent_id, now(),
	    :payload
	from sale
), payment as (
	insert into teamdues.payments (session_id, payment_intent_id, livemode,
	    is_our_mode, amount_cents, currency, stripe_created, customer_id,
	    email, client_reference_id, metadata_order_id,
	    metadata_player_id, metadata_product_id, metadata_keys, paid_at,
	    place, matched_order_id)
	select session_id, payment_intent_id, false, true, amount_cents,
	    currency, now(), 'cus_bench' || player_id, email, order_id::text,
	    order_id::text, player_id::text, '7',
	    '{order_id,player_id,product_id,teamdues}', now(), 'order',
	    order_id
	from sale
), session as (
	update teamdues.checkout_sessions s
	set status = 'complete'
	from sale
	where s.session_id = sale.session_id
), listed as (
	delete from teamdues.listed_orders l
	using sale
	where l.order_id = sale.order_id
), receipt as (
	insert into teamdues.emails (kind, player_id, order_id, recipient,
	    facts, day)
	select 'receipt', player_id, order_id, email, jsonb_build_object(
	    'amount_cents', amount_cents, 'currency', currency), current_date
	from sale
)
update teamdues.orders o
set status = 'paid', payment_source = 'stripe', paid_at = now(),
    paid_cents = sale.amount_cents
from sale
where o.order_id = sale.order_id;
