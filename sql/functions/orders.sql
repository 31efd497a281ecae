-- An order that a family or a script asks for: what its player owes for a
-- product already, or a new one.

create or replace function teamdues.newest_product(p_kind text)
returns teamdues.products
language sql stable as $$
	select p
	from teamdues.products p
	where p.kind = p_kind and p.withdrawn_at is null
	order by p.created_at desc, p.product_id desc
	limit 1
$$;

-- The coming tournament that an order of this product enters the player in:
-- the only one where the player has and had no order.  result is null when
-- there is one.
create or replace function teamdues.tournament_to_enter(
	p_player_id bigint,
	p_product_id bigint,
	p_zone text,
	out result text,
	out tournament_id bigint)
language sql stable as $$
	select case count(*) when 0 then 'no_tournament'
	    when 1 then null else 'many_tournaments' end,
	    min(t.tournament_id)
	from teamdues.tournaments t
	where t.product_id = p_product_id
	and t.held_on >= (now() at time zone p_zone)::date
	and not exists (select from teamdues.orders o
	    where o.player_id = p_player_id
	    and o.tournament_id = t.tournament_id)
$$;

-- result:
--   placed      order_id is pending, of that quantity; its amount is the
--               catalogue's, or what the treasurer adjusted it to
--   open        session_id must be ended before the quantity may change
--   processing  a bank's money for order_id is on its way
--   adjusted    order_id's amount is the treasurer's, for its own quantity
--   withdrawn   it is not sold any more; what waits to be paid of it stays
--   no_player, no_product, fee, one_only, too_much, no_tournament,
--   many_tournaments
-- Of a tournament's orders the one of the nearest that is still to come.
-- Whoever places an order locks its player first: two at once place one.
create or replace function teamdues.place_order(
	p_player_id bigint,
	p_product_id bigint,
	p_quantity integer,
	p_zone text,
	out result text,
	out order_id bigint,
	out session_id text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_product products;
	v_quantity integer;
begin
	perform from players y
	where y.player_id = p_player_id
	for no key update;
	if not found then
		result := 'no_player';
		return;
	end if;
	select * into v_product
	from products p
	where p.product_id = p_product_id;
	result := case when v_product.product_id is null then 'no_product'
	    when v_product.kind = 'fee' then 'fee'
	    when v_product.kind <> 'jersey' and p_quantity > 1
	    then 'one_only'
	    when v_product.amount_cents * p_quantity > 99999999
	    then 'too_much' end;
	if result is not null then
		return;
	end if;
	select o.order_id, o.quantity into order_id, v_quantity
	from orders o
	left join tournaments t on t.tournament_id = o.tournament_id
	where o.player_id = p_player_id and o.product_id = p_product_id
	and case when t.tournament_id is null
	    then o.status in ('pending', 'processing')
	    else o.status = 'pending' and t.held_on >= club_day(p_zone) end
	order by t.held_on, o.order_id
	limit 1;
	if v_product.withdrawn_at is not null
	    and v_quantity is distinct from p_quantity then
		result := 'withdrawn';
	elsif v_quantity is not null then
		select c.result, c.session_id into result, session_id
		from change_quantity(order_id, p_quantity,
		    v_product.amount_cents) c;
	else
		select c.result, c.order_id into result, order_id
		from new_order(p_player_id, v_product, p_quantity, p_zone) c;
	end if;
end
$$;

create or replace function teamdues.change_quantity(
	p_order_id bigint,
	p_quantity integer,
	p_price_cents bigint,
	out result text,
	out session_id text)
language plpgsql as $$
declare
	v_order teamdues.orders := teamdues.lock_order(p_order_id);
begin
	result := 'placed';
	if v_order.status <> 'pending' then
		-- Paid this moment, maybe: the click that follows tells.
		result := case v_order.status when 'processing'
		    then 'processing' else 'placed' end;
		return;
	elsif v_order.quantity = p_quantity then
		return;
	elsif teamdues.adjusted_cents(v_order) is not null then
		result := 'adjusted';
		return;
	end if;
	select s.session_id into session_id
	from teamdues.checkout_sessions s
	where s.order_id = p_order_id and s.status = 'open';
	if found then
		result := 'open';
		return;
	end if;
	update teamdues.orders o
	set quantity = p_quantity, amount_cents = p_quantity * p_price_cents
	where o.order_id = p_order_id;
	perform teamdues.refresh_order(p_order_id);
end
$$;

create or replace function teamdues.new_order(
	p_player_id bigint,
	p_product teamdues.products,
	p_quantity integer,
	p_zone text,
	out result text,
	out order_id bigint)
language plpgsql as $$
declare
	v_tournament_id bigint;
begin
	if p_product.kind = 'tournament' then
		select t.result, t.tournament_id into result, v_tournament_id
		from teamdues.tournament_to_enter(p_player_id,
		    p_product.product_id, p_zone) t;
		if result is not null then
			return;
		end if;
	end if;
	insert into teamdues.orders (player_id, product_id, kind,
	    tournament_id, quantity, amount_cents, currency)
	values (p_player_id, p_product.product_id, p_product.kind,
	    v_tournament_id, p_quantity, p_quantity * p_product.amount_cents,
	    p_product.currency)
	returning orders.order_id into order_id;
	result := 'placed';
end
$$;
