-- What the operator's command does to the club's own rows.

-- How a club stands, for the list of a machine's clubs: what is wrong, as watch
-- found when it last looked; what is owed and when the last payment came.
create or replace function teamdues.club_standing(
	p_currency text,
	out health text,
	out owed_cents bigint,
	out last_payment_at timestamptz)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select coalesce((
	        select 'wrong: ' || string_agg(a.cause, ', ' order by a.cause)
	        from alarms a
	        where a.over_at is null), (
	        select case when r.began_at < now() - interval '2 hours'
	            then 'not watched since '
	                || to_char(r.began_at at time zone 'UTC',
	                    'YYYY-MM-DD HH24:MI "UTC"')
	            else 'well' end
	        from runs r
	        where r.name = 'watch'), 'not watched'),
	    (select coalesce(sum(left_cents(o)), 0)::bigint
	    from orders o
	    where o.status = 'pending' and o.currency = p_currency),
	    greatest((
	    select max(p.paid_at)
	    from payments p
	    where p.place <> 'foreign'), (
	    select max(r.recorded_at)
	    from recorded_payments r
	    where r.taken_back_at is null))
$$;

-- What a product can be, in the order in which the home page has them;
-- lib/store/product_kind.c names them to the programs.
create or replace function teamdues.product_kinds()
returns text[]
language plpgsql immutable as $$
begin
	return array['fee', 'tryout', 'jersey', 'tournament'];
end
$$;

create or replace function teamdues.product_add(
	p_kind text,
	p_name text,
	p_amount_cents bigint,
	p_currency text,
	p_sizes text[],
	p_actor text)
returns bigint
language sql security definer
set search_path = teamdues, pg_temp as $$
	with made as (
		insert into products (kind, name, amount_cents, currency, sizes)
		values (p_kind, p_name, p_amount_cents, p_currency, p_sizes)
		returning product_id
	), told as (
		insert into audit_log (actor, action, subject, detail)
		select p_actor, 'product add', 'product ' || m.product_id,
		    format('%s, %s, %s %s', p_name, p_kind,
		        money_text(p_amount_cents), p_currency)
		from made m
	)
	select m.product_id from made m
$$;

-- What a page sells beside a product, of which it sells the newest; null where
-- that is not to be told.
create or replace function teamdues.sold_instead(p_product teamdues.products)
returns text
language sql stable as $$
	select format('the page sells product %s (%s) then', p.product_id,
	    p.name)
	from teamdues.products p
	where p.kind = p_product.kind and p.kind <> 'tournament'
	and p.product_id <> p_product.product_id and p.withdrawn_at is null
	and p_product.product_id
	    = (teamdues.newest_product(p_product.kind)).product_id
	order by p.created_at desc, p.product_id desc
	limit 1
$$;

-- Takes a product out of what is sold, or puts it back.  What was ordered of it
-- stays, paid or not.  result: done, already, refused, unknown.
create or replace function teamdues.product_withdraw(
	p_product_id bigint,
	p_is_withdrawn boolean,
	p_actor text,
	p_commit boolean,
	out result text,
	out detail text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_product products;
begin
	select * into v_product
	from products p
	where p.product_id = p_product_id
	for no key update;
	result := case when v_product.product_id is null then 'unknown'
	    when v_product.kind = 'fee' then 'refused'
	    when (v_product.withdrawn_at is not null) = p_is_withdrawn
	    then 'already' else 'done' end;
	detail := case result
	when 'unknown' then format('no product %s', p_product_id)
	when 'refused' then 'a fee is asked for as long as a player has one'
	when 'already' then format('product %s is %s', p_product_id,
	    case when p_is_withdrawn then 'withdrawn' else 'sold' end)
	else concat_ws('; ', format('product %s (%s, %s %s)', p_product_id,
	    v_product.name, money_text(v_product.amount_cents),
	    v_product.currency),
	    (select format('%s orders of it wait to be paid and stay', count(*))
	    from orders o
	    where o.product_id = p_product_id and o.status = 'pending'
	    having count(*) > 0 and p_is_withdrawn),
	    case when p_is_withdrawn then sold_instead(v_product) end) end;
	if result <> 'done' or not p_commit then
		return;
	end if;
	update products p
	set withdrawn_at = case when p_is_withdrawn then now() end
	where p.product_id = p_product_id;
	insert into audit_log (actor, action, subject, detail)
	values (p_actor, case when p_is_withdrawn then 'withdraw product'
	    else 'return product' end, 'product ' || p_product_id,
	    product_withdraw.detail);
end
$$;

-- No row when the product is unknown, withdrawn or of another kind.
create or replace function teamdues.tournament_add(
	p_name text,
	p_held_on date,
	p_product_id bigint,
	p_actor text)
returns bigint
language sql security definer
set search_path = teamdues, pg_temp as $$
	with made as (
		insert into tournaments (name, held_on, product_id)
		select p_name, p_held_on, p.product_id
		from products p
		where p.product_id = p_product_id and p.kind = 'tournament'
		and p.withdrawn_at is null
		returning tournament_id
	), told as (
		insert into audit_log (actor, action, subject, detail)
		select p_actor, 'tournament add',
		    'tournament ' || m.tournament_id,
		    format('%s on %s, product %s', p_name, p_held_on,
		        p_product_id)
		from made m
	)
	select m.tournament_id from made m
$$;

-- Enters players, by team (however its name is spelled) or by id, into a
-- tournament: each gets a pending order once; who has or had one gets none.
-- action: create, exists, cancelled or unknown (an id that is nobody's).
-- Without p_commit nothing is written.
create or replace function teamdues.tournament_roster(
	p_tournament_id bigint,
	p_team text,
	p_player_ids bigint[],
	p_actor text,
	p_commit boolean)
returns table (player_id bigint, player_name text, order_id bigint,
	action text)
language plpgsql security definer
set search_path = teamdues, pg_temp
set plan_cache_mode = auto as $$
begin
	return query
	with wanted as (
		select y.player_id
		from players y
		where name_key(y.team) = name_key(p_team) and y.active
		union
		select unnest(p_player_ids)
	), had as (
		select distinct on (o.player_id) o.player_id, o.order_id,
		    o.cancelled_at
		from orders o
		where o.tournament_id = p_tournament_id
		order by o.player_id, o.cancelled_at nulls first
	), made as (
		insert into orders (player_id, product_id, kind, tournament_id,
		    amount_cents, currency)
		select y.player_id, p.product_id, p.kind, t.tournament_id,
		    p.amount_cents, p.currency
		from wanted w
		join players y on y.player_id = w.player_id
		cross join tournaments t
		join products p on p.product_id = t.product_id
		where p_commit and t.tournament_id = p_tournament_id
		and not exists (
		    select from had h where h.player_id = w.player_id)
		order by y.player_id
		on conflict do nothing
		returning orders.player_id, orders.order_id
	), told as (
		insert into audit_log (actor, action, subject, detail)
		select p_actor, 'tournament roster',
		    'tournament ' || p_tournament_id,
		    concat(coalesce('team ' || p_team,
		            string_agg(y.name, ', ' order by m.order_id)),
		        case count(*) when 1 then format(': order %s',
		            min(m.order_id))
		        else format(': %s orders, %s to %s', count(*),
		            min(m.order_id), max(m.order_id)) end)
		from made m
		join players y on y.player_id = m.player_id
		having count(*) > 0
	)
	select w.player_id, coalesce(y.name, ''),
	    coalesce(m.order_id, h.order_id),
	    case when y.player_id is null then 'unknown'
	    when h.player_id is null then 'create'
	    when h.cancelled_at is not null then 'cancelled'
	    else 'exists' end
	from wanted w
	left join players y on y.player_id = w.player_id
	left join had h on h.player_id = w.player_id
	left join made m on m.player_id = w.player_id
	order by w.player_id;
end
$$;
