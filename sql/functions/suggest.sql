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

-- Whether a session was paid and belongs to nothing yet: what its own words tie to
-- an order, reconcile puts into the books.
create or replace function teamdues.is_homeless(p_item teamdues.fact_item)
returns boolean
language sql stable as $$
	select p_item.kind = 'session' and p_item.word = 'paid'
	and p_item.is_our_mode and p_item.amount_cents > 0
	and not exists (select from teamdues.checkout_sessions s
	    where s.session_id = p_item.session_id)
	and coalesce((
	    select p.place = 'unmatched'
	    from teamdues.payments p
	    where p.session_id = p_item.session_id),
	    p_item.metadata_teamdues is null and not exists (
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
	when p_item.metadata_teamdues is not null then null
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

-- The orders of a tournament that sessions may be for.  rank: how well the payer is
-- known (1 customer, 2 address, 3 name, 4 surname); choices: how many orders are
-- known as well for the same session.
create or replace function teamdues.suggestion_candidates(
	p_items teamdues.fact_item[],
	p_tournament_id bigint)
returns table (session_id text, created bigint, order_id bigint, rank integer,
	choices bigint)
language sql stable as $$
	select c.session_id, c.created, c.order_id, c.rank, c.choices
	from (
	    select x.*, count(*) over same as choices,
	        min(x.family) over same = max(x.family) over same
	        as is_one_family
	    from (
	        select i.session_id, i.created, o.order_id,
	            coalesce(y.parent_id, -y.player_id) as family,
	            case
	            when exists (select from teamdues.stripe_customers s
	                where s.customer_id = i.customer_id
	                and s.parent_id = y.parent_id) then 1
	            when lower(r.email) = lower(i.email) then 2
	            when lower(r.name) = lower(i.payer_name) then 3
	            when teamdues.surname(i.payer_name) in
	                (teamdues.surname(y.name), teamdues.surname(r.name))
	            then 4 end as rank
	        from unnest(p_items) i
	        join teamdues.orders o
	            on o.tournament_id = p_tournament_id
	            and o.status = 'pending'
	            and teamdues.left_cents(o) = i.amount_cents
	            and o.currency = i.currency
	            and o.created_at < to_timestamp(i.created + 1)
	        join teamdues.players y on y.player_id = o.player_id
	        left join teamdues.parents r on r.parent_id = y.parent_id
	        where teamdues.foreign_mark(i) is null) x
	    where x.rank is not null
	    window same as (partition by x.session_id, x.rank)) c
	where c.rank <= 2 or c.is_one_family
$$;

-- Why a session is suggested for no order.
create or replace function teamdues.leftover_reason(
	p_item teamdues.fact_item,
	p_candidate bigint,
	p_tournament_id bigint)
returns text
language sql stable as $$
	select coalesce(
	    'probably another business''s: ' || teamdues.foreign_mark(p_item),
	    'order ' || p_candidate || ' is suggested for another session: paid '
	        'twice?', (
	    select format('%s has paid order %s already: probably twice', y.name,
	        o.order_id)
	    from teamdues.orders o
	    join teamdues.players y on y.player_id = o.player_id
	    where o.tournament_id = p_tournament_id
	    and o.status not in ('pending', 'cancelled', 'waived')
	    and teamdues.is_of_family(p_item.customer_id, p_item.email,
	        y.player_id)
	    order by o.order_id
	    limit 1),
	    'no family that owes this amount is known by the payer''s address '
	    'or name')
$$;

-- p_items: the sessions, as items of teamdues.record.  A row for each that was paid
-- and belongs to nothing; order_id is null, and why says why, where none is
-- suggested.  No order is suggested twice: whoever is known best, and then was
-- first, has it.
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
	c record;
begin
	for c in
		select x.*
		from suggestion_candidates(v_items, p_tournament_id) x
		order by x.rank, x.created, x.session_id collate "C", x.order_id
	loop
		continue when c.session_id = any (v_sessions)
		    or c.order_id = any (v_orders);
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
	    coalesce(v_whys[p.place], leftover_reason(i, (
	        select min(x.order_id)
	        from suggestion_candidates(array[i], p_tournament_id) x),
	        p_tournament_id)),
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
