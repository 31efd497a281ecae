-- Tournaments at the desk: the list, and one that is changed.  Who enters:
-- desk_entering.sql.

-- What a page showed, in three parts with dots between: the tournament (null:
-- one that is to be added), whom it was asked to enter, and who would enter by
-- that.
create or replace function teamdues.tournament_seen(
	p_tournament_id bigint,
	p_team text,
	p_names text)
returns text
language sql stable as $$
	select concat_ws('.', left(md5(concat_ws('|', t.name, t.held_on,
	    t.product_id)), 16), left(md5(p_team || '|' || p_names), 16), (
	    select left(md5(string_agg(e.player_id || e.what, '|'
	        order by e.player_id)), 16)
	    from teamdues.tournament_entrants(t.tournament_id, p_team, p_names)
	        e))
	from (select) one
	left join teamdues.tournaments t on t.tournament_id = p_tournament_id
$$;

-- What players enter at: the products that are sold.
create or replace function teamdues.desk_entries()
returns jsonb
language sql stable as $$
	select coalesce(jsonb_agg(jsonb_build_object(
	    'value', p.product_id::text,
	    'label', format('%s, %s %s', p.name,
	        teamdues.money_text(p.amount_cents), p.currency))
	    order by p.product_id desc), '[]')
	from teamdues.products p
	where p.kind = 'tournament' and p.withdrawn_at is null
$$;

-- A page of the list, the last day first; p_when: '', coming or past.
create or replace function teamdues.desk_tournaments(
	p_session bytea,
	p_when text,
	p_zone text,
	p_currency text,
	p_after bigint,
	p_limit bigint)
returns jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp
set jit = off as $$
declare
	v_user desk_users := desk_reader(p_session);
	v_found bigint[] := array(
	    select t.tournament_id
	    from tournaments t
	    where p_when = '' or (p_when = 'coming')
	        = (t.held_on >= club_day(p_zone)));
	v_day date := (
	    select t.held_on
	    from tournaments t
	    where t.tournament_id = p_after);
begin
	return (
	    -- One pass over the orders of all of them.
	    with account as materialized (
	        select o.tournament_id,
	            count(*) filter (where o.status <> 'cancelled') as entered,
	            sum(left_cents(o)) filter (where o.status = 'pending'
	                and o.currency = p_currency) as owed,
	            sum(o.paid_cents) filter (
	                where o.currency = p_currency) as paid
	        from orders o
	        where o.tournament_id = any (v_found)
	        group by o.tournament_id
	    )
	    select jsonb_build_object('user', desk_user_json(v_user),
	        'products', desk_entries(), 'teams', team_choices(),
	        'choices', jsonb_build_object('when', jsonb_build_array(
	            jsonb_build_object('value', 'coming', 'name', 'To come'),
	            jsonb_build_object('value', 'past', 'name', 'Over'))),
	        'sums', (
	            select jsonb_build_array(jsonb_build_object(
	                'count', cardinality(v_found), 'currency', p_currency,
	                'owed_cents', coalesce(sum(a.owed), 0),
	                'paid_cents', coalesce(sum(a.paid), 0)))
	            from account a),
	        'rows', coalesce((
	            select jsonb_agg(jsonb_build_object('key', t.tournament_id,
	                'address', 'tournament_id=' || t.tournament_id,
	                'name', t.name,
	                'day', to_char(t.held_on, 'FMDD Mon YYYY'),
	                'held_on', t.held_on,
	                'product', format('%s, %s %s', p.name,
	                    money_text(p.amount_cents), p.currency),
	                'entered', coalesce(a.entered, 0),
	                'inside', coalesce(a.entered, 0) || ' entered',
	                'owed_cents', coalesce(a.owed, 0),
	                'paid_cents', coalesce(a.paid, 0),
	                'currency', p_currency)
	                order by t.held_on desc, t.tournament_id desc)
	            from (select *
	                from tournaments t
	                where t.tournament_id = any (v_found)
	                and (p_after is null
	                    or (t.held_on, t.tournament_id) < (v_day, p_after))
	                order by t.held_on desc, t.tournament_id desc
	                limit p_limit) t
	            join products p on p.product_id = t.product_id
	            left join account a
	                on a.tournament_id = t.tournament_id), '[]')));
end
$$;

-- What the acts are about: a tournament, or without p_tournament_id one that is
-- to be added; and who would enter.
create or replace function teamdues.desk_tournament_subject(
	p_session bytea,
	p_tournament_id bigint,
	p_team text,
	p_names text)
returns setof jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user jsonb := desk_user_json(desk_reader(p_session));
begin
	return query
	select jsonb_build_object('user', v_user, 'products', desk_entries(),
	    'tournament_id', t.tournament_id, 'name', t.name,
	    'date', t.held_on::text,
	    'day', to_char(t.held_on, 'FMDD Mon YYYY'),
	    'product_id', t.product_id::text,
	    'product', format('%s, %s %s', p.name, money_text(p.amount_cents),
	        p.currency),
	    'seen', tournament_seen(t.tournament_id, p_team, p_names),
	    'entrants', case when p_team || p_names <> '' then (
	        select jsonb_agg(to_jsonb(e) order by e.what desc, e.who)
	        from tournament_entrants(t.tournament_id, p_team, p_names)
	            e) end,
	    'teams', team_choices())
	from (select) one
	left join tournaments t on t.tournament_id = p_tournament_id
	left join products p on p.product_id = t.product_id
	where p_tournament_id is null or t.tournament_id is not null;
end
$$;

-- Why a tournament cannot be so; null when it can.
create or replace function teamdues.tournament_fault(
	p_tournament_id bigint,
	p_name text,
	p_day date,
	p_product teamdues.products)
returns text
language sql stable as $$
	select case
	when p_product.kind is distinct from 'tournament'
	    or p_product.withdrawn_at is not null and not exists (
	        select from teamdues.tournaments t
	        where t.tournament_id = p_tournament_id
	        and t.product_id = p_product.product_id)
	then 'no fee of a tournament with that number is on offer'
	when exists (select from teamdues.tournaments t
	    where lower(t.name) = lower(p_name) and t.held_on = p_day
	    and t.tournament_id is distinct from p_tournament_id)
	then 'there is one of that name on that day already' end
$$;

-- Changes its name, day and product.  What is ordered already stays as it is.
create or replace function teamdues.desk_tournament_change(
	p_request teamdues.desk_requests,
	p_actor text,
	p_least_cents bigint,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_args jsonb := p_request.args;
	v_id bigint := (v_args ->> 'tournament_id')::bigint;
	v_name text := v_args ->> 'name';
	v_day date := (v_args ->> 'date')::date;
	v_product teamdues.products := teamdues.entry_of(v_args);
	v_old teamdues.tournaments;
begin
	select * into v_old
	from teamdues.tournaments t
	where t.tournament_id = v_id;
	state := 'refused';
	words := case
	    when v_old is null then 'there is no such tournament'
	    when (v_old.name, v_old.held_on, v_old.product_id)
	        = (v_name, v_day, v_product.product_id)
	    then 'nothing of it would change'
	    else coalesce(teamdues.tournament_fault(v_id, v_name, v_day,
	        v_product), teamdues.least_refusal(v_product.amount_cents,
	        p_least_cents, v_product.currency)) end;
	if words is not null then
		return;
	end if;
	state := 'done';
	words := concat_ws('; ', format('%s on %s, %s: %s', v_name,
	    to_char(v_day, 'FMDD Mon YYYY'), v_product.name,
	    teamdues.amount_text(v_product.amount_cents, v_product.currency)),
	    (select format('%s players are in, and owe what they owe', count(*))
	    from teamdues.orders o
	    where o.tournament_id = v_id and o.status = 'pending'
	    and v_product.product_id is distinct from v_old.product_id
	    having count(*) > 0),
	    case when v_day <> v_old.held_on
	    then 'links that were mailed end when they would have' end);
	if not p_commit then
		return;
	end if;
	v_product.product_id := teamdues.entry_made(v_product, p_actor);
	update teamdues.tournaments t
	set name = v_name, held_on = v_day, product_id = v_product.product_id
	where t.tournament_id = v_id;
	insert into teamdues.audit_log (actor, action, subject, detail)
	values (p_actor, 'tournament change', 'tournament ' || v_id,
	    format('%s on %s, product %s; was %s on %s, product %s', v_name,
	        v_day, v_product.product_id, v_old.name, v_old.held_on,
	        v_old.product_id));
end
$$;

-- Why a page is too old to act on; null when it is not.  Who would enter is
-- compared when the page showed it for the same team, or the same names.
create or replace function teamdues.tournament_stale(
	p_args jsonb,
	p_seen text)
returns text
language plpgsql as $$
declare
	v_id bigint := (p_args ->> 'tournament_id')::bigint;
	v_now text;
begin
	perform from teamdues.tournaments t
	where t.tournament_id = v_id
	for no key update;
	v_now := teamdues.tournament_seen(v_id,
	    coalesce(p_args ->> 'team', ''),
	    coalesce(p_args ->> 'players', ''));
	return case when v_now <> p_seen and (split_part(v_now, '.', 1)
	        <> split_part(p_seen, '.', 1)
	    or split_part(v_now, '.', 2) = split_part(p_seen, '.', 2))
	    then 'the tournament, or who would enter, changed meanwhile; look '
	        'again' end;
end
$$;
