-- The jersey's form and its order.

-- What the form shows to a player's family: the newest jersey, and what was
-- ordered and is not paid yet; bought: how many are paid for.  No row: no such
-- player; product_id is null while no jersey is sold.
create or replace function teamdues.jersey_form(p_player_id bigint)
returns table (player_name text, product_id bigint, product_name text,
	amount_cents bigint, currency text, sizes text, size text, number text,
	name_on_jersey text, bought bigint)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select y.name, p.product_id, p.name, coalesce(left_cents(o),
	    p.amount_cents), p.currency, array_to_string(p.sizes, ','),
	    d.size, d.number, d.name_on_jersey,
	    (select count(*)
	    from orders b
	    where b.player_id = y.player_id and b.product_id = p.product_id
	    and order_is_good(b.status))
	from players y
	cross join newest_product('jersey') p
	left join orders o on o.player_id = y.player_id
	    and o.product_id = p.product_id and o.status = 'pending'
	    and o.quantity = 1
	left join jersey_details d on d.order_id = o.order_id
	where y.player_id = p_player_id
$$;

-- Whether another player of the team has paid for a jersey of this number.
create or replace function teamdues.is_number_taken(
	p_player_id bigint,
	p_number text)
returns boolean
language sql stable as $$
	select exists (
		select
		from teamdues.players me
		join teamdues.players y on y.team = me.team
		    and y.player_id <> me.player_id
		join teamdues.orders o on o.player_id = y.player_id
		    and o.kind = 'jersey'
		join teamdues.jersey_details d on d.order_id = o.order_id
		where me.player_id = p_player_id and me.team <> ''
		and d.number = p_number
		and teamdues.order_is_good(o.status))
$$;

-- result as place_order's, and: bad_size, taken; several (an order of more than
-- one is unpaid: these details are for one).
create or replace function teamdues.place_jersey(
	p_player_id bigint,
	p_size text,
	p_number text,
	p_name_on_jersey text,
	out result text,
	out order_id bigint,
	out session_id text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_product products := newest_product('jersey');
begin
	result := case when v_product.product_id is null then 'no_product'
	    when p_size <> all (v_product.sizes)
	    and (p_size <> '' or v_product.sizes <> '{}') then 'bad_size'
	    when is_number_taken(p_player_id, p_number) then 'taken' end;
	if result is not null then
		return;
	end if;
	perform from players y
	where y.player_id = p_player_id
	for no key update;
	if exists (select from orders o
	    where o.player_id = p_player_id
	    and o.product_id = v_product.product_id
	    and o.status = 'pending' and o.quantity > 1) then
		result := 'several';
		return;
	end if;
	select p.result, p.order_id, p.session_id
	into result, order_id, session_id
	from place_order(p_player_id, v_product.product_id, 1, 'UTC') p;
	if result = 'placed' then
		insert into jersey_details as d (order_id, size, number,
		    name_on_jersey)
		select o.order_id, p_size, p_number, p_name_on_jersey
		from orders o
		where o.order_id = place_jersey.order_id
		and o.status = 'pending'
		on conflict on constraint jersey_details_pkey do update
		set size = excluded.size,
		    number = excluded.number,
		    name_on_jersey = excluded.name_on_jersey,
		    changed_at = now();
	end if;
end
$$;
