-- From the facts to what follows from them (views_standing.sql).  Callers hold
-- the locks: of intents and sessions, and of the orders that these may concern.

-- Payments, by their sessions: where each stands by itself, then the orders
-- that they matched before or match now, with all their other payments.
create or replace function teamdues.refresh_payments(p_session_ids text[])
returns void
language plpgsql as $$
declare
	v_orders bigint[];
begin
	select array_agg(p.matched_order_id) into v_orders
	from teamdues.payments p
	where p.session_id = any (p_session_ids)
	and p.matched_order_id is not null;

	update teamdues.payments p
	set place = s.place,
	    reason = s.reason,
	    matched_order_id = s.matched_order_id,
	    suggested_order_id = s.suggested_order_id
	from (select distinct y as id from unnest(p_session_ids) y) x
	cross join lateral (
	    select *
	    from teamdues.payment_standing y
	    where y.session_id = x.id
	    offset 0) s
	where p.session_id = x.id
	and (p.matched_order_id is distinct from s.matched_order_id
	    or s.matched_order_id is null
	    and (p.place, p.reason, p.suggested_order_id) is distinct from
	        (s.place, s.reason, s.suggested_order_id));

	perform teamdues.refresh_orders(v_orders || array(
	    select p.matched_order_id
	    from teamdues.payments p
	    where p.session_id = any (p_session_ids)
	    and p.matched_order_id is not null));
end
$$;

-- Orders: where each payment that matches one stands, then the orders' columns,
-- then what is listed of them, and what they leave open at Stripe.
create or replace function teamdues.refresh_orders(p_order_ids bigint[])
returns void
language plpgsql as $$
begin
	update teamdues.payments p
	set place = s.place,
	    reason = s.reason,
	    suggested_order_id = case when s.place <> 'order'
	        then s.matched_order_id end
	from (select y.session_id as id
	    from teamdues.payments y
	    where y.matched_order_id = any (p_order_ids)
	    offset 0) x
	cross join lateral (
	    select *
	    from teamdues.matched_standing y
	    where y.session_id = x.id
	    offset 0) s
	where p.session_id = x.id
	and (p.place, p.reason) is distinct from (s.place, s.reason);

	update teamdues.orders o
	set status = s.status,
	    payment_source = s.payment_source,
	    paid_at = s.paid_at,
	    refunded_cents = s.refunded_cents,
	    paid_cents = s.paid_cents
	from (select distinct y as id from unnest(p_order_ids) y) x
	cross join lateral (
	    select *
	    from teamdues.order_standing y
	    where y.order_id = x.id
	    offset 0) s
	where o.order_id = x.id
	and (o.status, o.payment_source, o.paid_at, o.refunded_cents,
	    o.paid_cents) is distinct from (s.status, s.payment_source,
	    s.paid_at, s.refunded_cents, s.paid_cents);
	perform teamdues.list_orders(p_order_ids);
	perform teamdues.mark_strays(p_order_ids);
end
$$;

-- Lists orders by the status that they have; who is simply paid is in no list.
create or replace function teamdues.list_orders(p_order_ids bigint[])
returns void
language plpgsql as $$
begin
	delete from teamdues.listed_orders l
	using teamdues.orders o
	where l.order_id = any (p_order_ids)
	and o.order_id = l.order_id and o.status = 'paid';
	insert into teamdues.listed_orders as l (order_id, status, player_id,
	    product_id, kind, tournament_id)
	select o.order_id, o.status, o.player_id, o.product_id, o.kind,
	    o.tournament_id
	from teamdues.orders o
	where o.order_id = any (p_order_ids) and o.status <> 'paid'
	on conflict (order_id) do update
	set status = excluded.status
	where l.status <> excluded.status;
end
$$;

create or replace function teamdues.list_new_order() returns trigger
language plpgsql as $$
begin
	insert into teamdues.listed_orders (order_id, status, player_id,
	    product_id, kind, tournament_id)
	values (new.order_id, new.status, new.player_id, new.product_id,
	    new.kind, new.tournament_id);
	return null;
end
$$;

-- The status of sessions of ours follows their facts; without any it stays.
create or replace function teamdues.refresh_sessions(p_session_ids text[])
returns void
language plpgsql as $$
begin
	update teamdues.checkout_sessions s
	set status = w.status
	from (
	    select p.session_id, 'complete' as status
	    from teamdues.payments p
	    where p.session_id = any (p_session_ids)
	    union
	    select f.session_id, 'expired'
	    from teamdues.session_facts f
	    where f.session_id = any (p_session_ids)
	    and not exists (select from teamdues.payments p
	        where p.session_id = f.session_id offset 0)
	    offset 0) w
	where s.session_id = w.session_id and s.status <> w.status;
end
$$;
