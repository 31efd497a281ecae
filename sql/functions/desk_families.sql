-- The families of the club, as the desk lists and finds them.  A family is its
-- parent's id; a child of whom no parent is known is its own, below zero.

-- What a text may be, beside a part of a name: an amount in cents ("150",
-- "$1,500.00"), the digits of a telephone number, a number of an order's or of
-- a card's end, an id of Stripe's.  Null for what it is not.
create or replace function teamdues.desk_read_text(
	p_text text,
	out cents bigint,
	out digits text,
	out number bigint,
	out card text,
	out stripe_id text)
language plpgsql immutable as $$
begin
	if p_text ~ '^[^[:alnum:],.+-]? ?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,6})'
	    '(\.[0-9]{1,2})?$' and length(p_text) <= 12 then
		cents := 100 * translate(p_text, translate(p_text,
		    '0123456789.', ''), '')::numeric;
	end if;
	if p_text ~ '^[0-9 ()+./-]+$' then
		digits := translate(p_text, ' ()+./-', '');
		digits := case when length(digits) > 2 then digits end;
	end if;
	number := substring(p_text, '^#?([0-9]{1,18})$');
	card := substring(p_text, '^[^[:alnum:]]*([0-9]{4})$');
	stripe_id := substring(p_text, '^[a-z]{2,5}_[A-Za-z0-9_]{1,250}$');
end
$$;

-- The payment that an id of Stripe's is of: the payment's, its session's, its
-- charge's, a refund's, a dispute's or an event's.
create or replace function teamdues.payment_of_id(p_id text)
returns setof teamdues.payments
language plpgsql stable as $$
begin
	return query
	select p.*
	from teamdues.payments p
	where p.session_id = p_id
	union all
	select p.*
	from (select p_id as payment_intent_id
	    union
	    select c.payment_intent_id
	    from teamdues.charges c
	    where c.charge_id = p_id
	    union
	    select f.payment_intent_id
	    from teamdues.refund_facts f
	    where f.refund_id = p_id
	    union
	    select f.payment_intent_id
	    from teamdues.dispute_facts f
	    where f.dispute_id = p_id
	    union
	    select coalesce(e.payment_intent_id, q.payment_intent_id)
	    from teamdues.stripe_events e
	    left join teamdues.payments q on q.session_id = e.session_id
	    where e.event_id = p_id) x
	join teamdues.payments p
	    on p.payment_intent_id = x.payment_intent_id;
end
$$;

-- The orders that a text names: by a number, a card's end or an id of Stripe's.
create or replace function teamdues.desk_named_orders(p_text text)
returns setof bigint
language plpgsql stable rows 10 as $$
declare
	t record := teamdues.desk_read_text(p_text);
begin
	return query
	select t.number
	union
	select p.matched_order_id
	from teamdues.charges c
	join teamdues.payments p on p.payment_intent_id = c.payment_intent_id
	where c.card_last4 = t.card
	union
	select p.matched_order_id
	from teamdues.payment_of_id(t.stripe_id) p
	union
	select s.order_id
	from teamdues.checkout_sessions s
	where s.session_id = t.stripe_id;
end
$$;

-- The families that a text finds: by a part of a child's or the parent's name,
-- of the e-mail address or of the telephone number, whatever the case; by their
-- customer at Stripe; and those of orders of that amount and of those that it
-- names.  Without any of these, the families that have all of its words.  Null:
-- all.  What takes least comes first: few go on to what follows, and none
-- looks among the children where all parents are found.
create or replace function teamdues.desk_found(p_text text) returns bigint[]
language plpgsql stable
set jit = off as $$
declare
	v_text text := lower(p_text);
	t record := teamdues.desk_read_text(p_text);
	v_players bigint[] := array(
	    select o.player_id
	    from teamdues.desk_named_orders(p_text) x (order_id)
	    join teamdues.orders o on o.order_id = x.order_id);
	v_found bigint[];
begin
	if t.cents is not null then
		v_players := v_players || array(
		    select distinct o.player_id
		    from teamdues.orders o
		    where o.amount_cents = t.cents);
	end if;
	v_found := array(
	    with player as not materialized (
	        select y.player_id, y.parent_id
	        from teamdues.players y
	        where position(v_text in y.found_by) > 0
	        or y.player_id in (select unnest(v_players))
	    )
	    select r.parent_id
	    from teamdues.parents r
	    where position(v_text in r.found_by) > 0
	    or position(t.digits in r.found_by) > 0
	    or r.parent_id in (
	        select y.parent_id
	        from player y
	        where y.parent_id is not null
	        union all
	        select c.parent_id
	        from teamdues.stripe_customers c
	        where c.customer_id = t.stripe_id)
	    union all
	    select -y.player_id
	    from player y
	    where y.parent_id is null);
	if v_found = '{}' then
		v_found := teamdues.have_all_words(p_text);
	end if;
	return case when cardinality(v_found) < (
	    select count(*)
	    from teamdues.families) then v_found end;
end
$$;

-- Payments that a text finds and that are no family's yet: whoever says "I
-- paid" may have paid one of them.
create or replace function teamdues.desk_found_payments(
	p_text text,
	p_zone text)
returns jsonb
language plpgsql stable as $$
declare
	v_text text := lower(p_text);
	t record := teamdues.desk_read_text(p_text);
begin
	return (
	    select coalesce(jsonb_agg(jsonb_build_object(
	        'payment', x.session_id,
	        'payer', teamdues.person_text(x.payer_name, x.email),
	        'amount_cents', x.amount_cents, 'currency', x.currency,
	        'at', teamdues.desk_time(x.paid_at, p_zone))
	        order by x.paid_at desc), '[]')
	    from (
	        select p.*
	        from teamdues.payments p
	        left join teamdues.charges c
	            on c.payment_intent_id = p.payment_intent_id
	        where p.place in ('unmatched', 'review')
	        and (p.amount_cents = t.cents or c.card_last4 = t.card
	        or position(v_text in lower(p.payer_name)) > 0
	        or position(v_text in lower(p.email)) > 0
	        or p.session_id in (
	            select i.session_id
	            from teamdues.payment_of_id(t.stripe_id) i))
	        order by p.paid_at desc
	        limit 5) x);
end
$$;

-- A page of the list, by name, those of one name by id; p_found null: of all.
-- Of few these are sorted; many are met soon on the way along the names.
create or replace function teamdues.desk_family_page(
	p_found bigint[],
	p_after bigint,
	p_limit bigint)
returns bigint[]
language plpgsql stable
set jit = off as $$
declare
	v_after bigint := coalesce(p_after, 0);
	v_name text := coalesce((
	    select lower(r.name)
	    from teamdues.parents r
	    where r.parent_id = p_after), (
	    select lower(y.name)
	    from teamdues.players y
	    where y.player_id = -p_after), '');
begin
	if cardinality(p_found) <= 500 then
		return array(
		    select x.family_id
		    from (
		        select r.parent_id as family_id, r.name
		        from teamdues.parents r
		        where r.parent_id = any (p_found)
		        union all
		        select f, y.name
		        from unnest(p_found) f
		        join teamdues.players y on y.player_id = -f) x
		    where (lower(x.name), x.family_id) > (v_name, v_after)
		    order by lower(x.name), x.family_id
		    limit p_limit);
	end if;
	return array(
	    select f.family_id
	    from teamdues.families f
	    where (p_found is null or f.family_id in (select unnest(p_found)))
	    and (lower(f.name), f.family_id) > (v_name, v_after)
	    order by lower(f.name), f.family_id
	    limit p_limit);
end
$$;

-- The players of few families.
create or replace function teamdues.family_players(p_families bigint[])
returns table (family_id bigint, player_id bigint)
language plpgsql stable
set jit = off as $$
begin
	return query
	select y.parent_id, y.player_id
	from teamdues.players y
	where y.parent_id = any (p_families)
	union all
	select f, -f
	from unnest(p_families) f
	where f < 0;
end
$$;

-- How many families were found (null: all), and what they owe and have paid:
-- of few by their orders' keys, of many by reading all.
create or replace function teamdues.desk_family_sums(
	p_found bigint[],
	p_currency text)
returns jsonb
language plpgsql stable
set jit = off as $$
declare
	v_count bigint := coalesce(cardinality(p_found), (
	    select count(*)
	    from teamdues.families));
	v_sum record;
begin
	if cardinality(p_found) <= 500 then
		select sum(o.left_cents) filter (
		    where o.status = 'pending') as owed,
		    sum(o.paid_cents) as paid
		into v_sum
		from teamdues.family_players(p_found) y
		cross join lateral (
		    select o.status, o.paid_cents,
		        teamdues.left_cents(o) as left_cents
		    from teamdues.orders o
		    where o.player_id = y.player_id
		    and o.currency = p_currency
		    offset 0) o;
	else
		select sum(teamdues.left_cents(o)) filter (
		    where o.status = 'pending') as owed,
		    sum(o.paid_cents) as paid
		into v_sum
		from teamdues.orders o
		where o.currency = p_currency
		and (p_found is null or o.player_id in (
		    select y.player_id
		    from teamdues.players y
		    where coalesce(y.parent_id, -y.player_id) in (
		        select unnest(p_found))));
	end if;
	return jsonb_build_array(jsonb_build_object('count', v_count,
	    'owed_cents', coalesce(v_sum.owed, 0),
	    'paid_cents', coalesce(v_sum.paid, 0),
	    'currency', p_currency));
end
$$;

-- The families of a page, in its order, with what was found of each.
create or replace function teamdues.desk_family_rows(
	p_families bigint[],
	p_text text,
	p_currency text)
returns jsonb
language plpgsql stable
set jit = off as $$
declare
	v_cents bigint := (teamdues.desk_read_text(p_text)).cents;
	v_named bigint[] := array(
	    select * from teamdues.desk_named_orders(p_text));
begin
	return (
	    with player as materialized (
	        select x.family_id, y.*
	        from unnest(p_families) x (family_id)
	        cross join lateral (
	            select *
	            from teamdues.players y
	            where y.parent_id = x.family_id
	            or y.player_id = -x.family_id
	            offset 0) y
	    ), child as (
	        select y.family_id, string_agg(concat_ws(' ', y.name,
	            '(' || nullif(y.team, '') || ')'), ', '
	            order by lower(y.name)) filter (
	            where y.parent_id is not null) as names
	        from player y
	        group by y.family_id
	    ), account as (
	        select y.family_id,
	            sum(o.left_cents) filter (
	                where o.status = 'pending') as owed_cents,
	            sum(o.paid_cents) as paid_cents,
	            string_agg('order ' || o.order_id, ', '
	                order by o.order_id) filter (
	                where o.amount_cents = v_cents
	                or o.order_id = any (v_named))
	            as orders
	        from player y
	        cross join lateral (
	            select o.*, teamdues.left_cents(o) as left_cents
	            from teamdues.orders o
	            where o.player_id = y.player_id
	            and o.currency = p_currency
	            offset 0) o
	        group by y.family_id
	    )
	    select coalesce(jsonb_agg(jsonb_build_object('key', x.family_id,
	        'name', coalesce(r.name, y.name), 'email', r.email,
	        'phone', r.phone, 'children', c.names,
	        'details', concat_ws('; found: ', c.names, a.orders),
	        'owed_cents', coalesce(a.owed_cents, 0),
	        'paid_cents', coalesce(a.paid_cents, 0),
	        'currency', p_currency)
	        order by x.n), '[]')
	    from unnest(p_families) with ordinality x (family_id, n)
	    left join lateral (
	        select *
	        from teamdues.parents r
	        where r.parent_id = x.family_id
	        offset 0) r on true
	    left join player y on y.player_id = -x.family_id
	    left join child c on c.family_id = x.family_id
	    left join account a on a.family_id = x.family_id);
end
$$;

create or replace function teamdues.desk_families(
	p_session bytea,
	p_text text,
	p_is_owing boolean,
	p_zone text,
	p_currency text,
	p_after bigint,
	p_limit bigint)
returns jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
	v_found bigint[] := case when p_text <> '' then desk_found(p_text) end;
	v_near jsonb := case when v_found = '{}' then desk_near(p_text) end;
begin
	if p_is_owing then
		v_found := desk_owing(v_found, p_currency);
	end if;
	return jsonb_build_object(
	    'user', desk_user_json(v_user),
	    'near', v_near, 'payments', case when p_text <> ''
	        then desk_found_payments(p_text, p_zone) end,
	    'rows', desk_family_rows(
	        desk_family_page(v_found, p_after, p_limit), p_text,
	        p_currency),
	    'sums', desk_family_sums(v_found, p_currency));
end
$$;
