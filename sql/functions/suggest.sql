-- Whose the paid sessions of Stripe's list are that match no order: what
-- `teamdues import sessions --suggest` writes for a person to confirm.

-- From when on a session may be for an order of a tournament; null: there is no
-- such tournament.
create or replace function teamdues.tournament_since(p_tournament_id bigint)
returns bigint
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select floor(extract(epoch from coalesce((
	    select min(o.created_at)
	    from orders o
	    where o.tournament_id = t.tournament_id), t.created_at)))::bigint
	from tournaments t
	where t.tournament_id = p_tournament_id
$$;

-- Whether a session was paid and belongs to nothing yet: what its own words tie
-- to an order, reconcile puts into the books, and what teamdues made for an
-- order that is not in these is attached by a person: its words bar it from any
-- other's.
create or replace function teamdues.is_homeless(p_item teamdues.fact_item)
returns boolean
language sql stable as $$
	select p_item.kind = 'session' and p_item.word = 'paid'
	and p_item.is_our_mode and p_item.amount_cents > 0
	and p_item.metadata_teamdues is null
	and not exists (select from teamdues.checkout_sessions s
	    where s.session_id = p_item.session_id)
	and coalesce((
	    select p.place = 'unmatched'
	    from teamdues.payments p
	    where p.session_id = p_item.session_id), not exists (
	        select from teamdues.foreign_rules r
	        where r.removed_at is null
	        and (r.field = 'payment_link' and r.value = p_item.payment_link
	        or r.field = 'metadata'
	        and r.value = any (p_item.metadata_keys))))
$$;

-- What tells another business's session, in words; null when nothing does.
create or replace function teamdues.foreign_mark(p_item teamdues.fact_item)
returns text
language sql stable as $$
	select case
	when p_item.payment_link is not null
	then 'it came by a Payment Link, which is none of ours'
	else (
	    select 'it carries ' || k
	    from unnest(p_item.metadata_keys) k
	    where k <> all (teamdues.our_keys())
	    order by k collate "C"
	    limit 1) end
$$;

create or replace function teamdues.surname(p_name text) returns text
language sql immutable as $$
	select lower(substring(p_name from '(\S+)\s*$'))
$$;

-- The orders of a tournament that sessions may be for.  rank: how well the
-- payer is known (1 customer, 2 address, 3 name, 4 surname); choices: how many
-- orders are known as well for the same session.  Each way is a join on what
-- has to be the same: a club of any size has as many orders as sessions here.
create or replace function teamdues.suggestion_candidates(
	p_items teamdues.fact_item[],
	p_tournament_id bigint)
returns table (session_id text, created bigint, order_id bigint, rank integer,
	choices bigint)
language sql stable as $$
	with i as materialized (
		select x.session_id, x.created, x.amount_cents, x.currency,
		    x.customer_id, lower(x.email) as email,
		    lower(x.payer_name) as name,
		    teamdues.surname(x.payer_name) as surname
		from unnest(p_items) x
		where teamdues.foreign_mark(x) is null
	), o as materialized (
		select x.order_id, y.parent_id,
		    coalesce(y.parent_id, -y.player_id) as family,
		    lower(r.email) as email, lower(r.name) as name,
		    teamdues.surname(r.name) as surname,
		    teamdues.surname(y.name) as player_surname,
		    teamdues.left_cents(x) as left_cents, x.currency,
		    extract(epoch from x.created_at) as created
		from teamdues.orders x
		join teamdues.players y on y.player_id = x.player_id
		left join teamdues.parents r on r.parent_id = y.parent_id
		where x.tournament_id = p_tournament_id
		and x.status = 'pending'
	), way as (
		select i.session_id, o.order_id, 1 as rank
		from i
		join teamdues.stripe_customers s
		    on s.customer_id = i.customer_id
		join o on o.parent_id = s.parent_id
		union all
		select i.session_id, o.order_id, 2
		from i join o on o.email = i.email
		union all
		select i.session_id, o.order_id, 3
		from i join o on o.name = i.name
		union all
		select i.session_id, o.order_id, 4
		from i join o on o.surname = i.surname
		union all
		select i.session_id, o.order_id, 4
		from i join o on o.player_surname = i.surname
	), best as (
		select w.session_id, w.order_id, min(w.rank) as rank
		from way w
		group by w.session_id, w.order_id
	)
	select c.session_id, c.created, c.order_id, c.rank, c.choices
	from (
	    select i.session_id, i.created, o.order_id, w.rank,
	        count(*) over same as choices,
	        min(o.family) over same = max(o.family) over same
	        as is_one_family
	    from best w
	    join i on i.session_id = w.session_id
	    join o on o.order_id = w.order_id
	    where o.left_cents = i.amount_cents and o.currency = i.currency
	    and o.created < i.created + 1
	    window same as (partition by i.session_id, w.rank)) c
	where c.rank <= 2 or c.is_one_family
$$;

-- Why a session is suggested for no order.  p_taken: the order that it would
-- have been for, had no other session it.
create or replace function teamdues.leftover_reason(
	p_item teamdues.fact_item,
	p_taken text,
	p_tournament_id bigint)
returns text
language sql stable as $$
	select coalesce(
	    'probably another business''s: ' || teamdues.foreign_mark(p_item),
	    'order ' || p_taken || ' is suggested for another session: paid '
	        'twice?', (
	    select format('%s has paid order %s already: probably twice',
	        y.name, o.order_id)
	    from (
	        select s.parent_id
	        from teamdues.stripe_customers s
	        where s.customer_id = p_item.customer_id
	        union
	        select r.parent_id
	        from teamdues.parents r
	        where lower(r.email) = lower(p_item.email)) f
	    join teamdues.players y on y.parent_id = f.parent_id
	    join teamdues.orders o on o.player_id = y.player_id
	    where o.tournament_id = p_tournament_id
	    and (o.status = 'processing' or teamdues.order_is_paid(o.status))
	    order by o.order_id
	    limit 1),
	    'no family that owes this amount is known by the payer''s address '
	    'or name')
$$;

-- p_items: the sessions, as items of teamdues.record.  A row for each that was
-- paid and belongs to nothing; order_id is null, and why says why, where none
-- is suggested.  No order is suggested twice: whoever is known best, and then
-- was first, has it.
create or replace function teamdues.suggest_sessions(
	p_items jsonb,
	p_tournament_id bigint)
returns table (order_id bigint, session_id text, sure text, why text,
	player_name text, team text, product_name text, amount_cents bigint,
	currency text, payer_name text, payer_email text)
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_items fact_item[] := array(
	    select i
	    from jsonb_populate_recordset(null::fact_item, p_items) i
	    where is_homeless(i));
	v_sessions text[] := '{}';
	v_orders bigint[] := '{}';
	v_whys text[] := '{}';
	v_sures text[] := '{}';
	v_taken jsonb := '{}';
	c record;
begin
	for c in
		select x.*
		from suggestion_candidates(v_items, p_tournament_id) x
		order by x.rank, x.created, x.session_id collate "C", x.order_id
	loop
		if c.session_id = any (v_sessions) then
			continue;
		elsif c.order_id = any (v_orders) then
			v_taken := jsonb_build_object(c.session_id, c.order_id)
			    || v_taken;
			continue;
		end if;
		v_sessions := v_sessions || c.session_id;
		v_orders := v_orders || c.order_id;
		v_sures := v_sures || case
		    when c.rank <= 2 and c.choices = 1 then 'sure'
		    when c.rank <= 3 then 'likely' else 'guess' end;
		v_whys := v_whys || (case c.rank
		    when 1 then 'the parent''s customer at Stripe'
		    when 2 then 'the parent''s address'
		    when 3 then 'the parent''s name'
		    else 'the family''s surname' end
		    || case when c.choices > 1
		    then format(' (one of %s orders)', c.choices) else '' end);
	end loop;
	return query
	select o.order_id, i.session_id, coalesce(v_sures[p.place], 'no'),
	    coalesce(v_whys[p.place], leftover_reason(i,
	        v_taken ->> i.session_id, p_tournament_id)),
	    y.name, y.team, d.name, i.amount_cents, i.currency, i.payer_name,
	    i.email
	from unnest(v_items) i
	cross join lateral (
	    select array_position(v_sessions, i.session_id) as place) p
	left join orders o on o.order_id = v_orders[p.place]
	left join players y on y.player_id = o.player_id
	left join products d on d.product_id = o.product_id
	order by o.order_id, i.created, i.session_id collate "C";
end
$$;
