-- Tournaments at the desk: the list, one that is added or changed, and who
-- enters.

-- The players that names or numbers with commas between mean; fault: why it is
-- not certain whom one of them means.
create or replace function teamdues.players_named(
	p_names text,
	out player_ids bigint[],
	out fault text)
language sql stable as $$
	select array_agg(y.player_id order by y.player_id)
	        filter (where y.found = 1),
	    string_agg(case y.found
	        when 0 then format('nobody who is active is called %s', w.name)
	        else format('%s players are called %s: give the number of the '
	            'one who is meant (%s)', y.found, w.name, y.ids) end, '; ')
	        filter (where y.found <> 1)
	from (select distinct trim(n) as name
	    from regexp_split_to_table(p_names, ',') n
	    where trim(n) <> '') w
	cross join lateral (
	    select count(*) as found, min(y.player_id) as player_id,
	        string_agg(y.player_id::text, ', ' order by y.player_id) as ids
	    from teamdues.players y
	    where y.active and lower(y.name) = lower(w.name)
	    or y.player_id = teamdues.reference_id(w.name)) y
$$;

-- What entering a team, or players by name, would do: who is new, who is in
-- already.
create or replace function teamdues.tournament_entrants(
	p_tournament_id bigint,
	p_team text,
	p_names text)
returns table (player_id bigint, who text, team text, what text)
language sql stable as $$
	select e.player_id, e.player_name, y.team,
	    case e.action when 'create' then 'New'
	    when 'cancelled' then 'Was cancelled: stays out'
	    else 'Is in already' end
	from (select case when p_names = '' then p_team end as team, (
	        select n.player_ids
	        from teamdues.players_named(p_names) n) as player_ids) w
	cross join lateral teamdues.tournament_roster(p_tournament_id, w.team,
	    w.player_ids, '', false) e
	left join teamdues.players y on y.player_id = e.player_id
$$;

-- What a page showed, in three parts with dots between: the tournament, whom it
-- was asked to enter, and who would enter by that.
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
	from teamdues.tournaments t
	where t.tournament_id = p_tournament_id
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
	return jsonb_build_object('user', desk_user_json(v_user),
	    'products', desk_entries(),
	    'choices', jsonb_build_object('when', jsonb_build_array(
	        jsonb_build_object('value', 'coming', 'name', 'To come'),
	        jsonb_build_object('value', 'past', 'name', 'Over'))),
	    'sums', (
	        select jsonb_build_array(jsonb_build_object(
	            'count', cardinality(v_found), 'currency', p_currency,
	            'owed_cents', coalesce(sum(left_cents(o)) filter (
	                where o.status = 'pending'), 0),
	            'paid_cents', coalesce(sum(o.paid_cents), 0)))
	        from orders o
	        where o.tournament_id = any (v_found)
	        and o.currency = p_currency),
	    'rows', coalesce((
	        select jsonb_agg(jsonb_build_object('key', t.tournament_id,
	            'address', 'tournament_id=' || t.tournament_id,
	            'name', t.name, 'day', to_char(t.held_on, 'FMDD Mon YYYY'),
	            'held_on', t.held_on, 'product', format('%s, %s %s', p.name,
	                money_text(p.amount_cents), p.currency),
	            'entered', o.entered, 'inside', o.entered || ' entered',
	            'owed_cents', o.owed,
	            'paid_cents', o.paid, 'currency', p_currency)
	            order by t.held_on desc, t.tournament_id desc)
	        from (select *
	            from tournaments t
	            where t.tournament_id = any (v_found)
	            and (p_after is null
	                or (t.held_on, t.tournament_id) < (v_day, p_after))
	            order by t.held_on desc, t.tournament_id desc
	            limit p_limit) t
	        join products p on p.product_id = t.product_id
	        cross join lateral (
	            select count(*) filter (where o.status <> 'cancelled')
	                as entered,
	                coalesce(sum(left_cents(o)) filter (
	                    where o.status = 'pending'
	                    and o.currency = p_currency), 0) as owed,
	                coalesce(sum(o.paid_cents) filter (
	                    where o.currency = p_currency), 0) as paid
	            from orders o
	            where o.tournament_id = t.tournament_id) o), '[]'));
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
	if p_tournament_id is null then
		return next jsonb_build_object('user', v_user,
		    'products', desk_entries());
		return;
	end if;
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
	from tournaments t
	join products p on p.product_id = t.product_id
	where t.tournament_id = p_tournament_id;
end
$$;

-- Adds one, or changes its name, day and product.  What is ordered already
-- stays as it is.
create or replace function teamdues.desk_tournament_change(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_args jsonb := p_request.args;
	v_id bigint := (v_args ->> 'tournament_id')::bigint;
	v_name text := v_args ->> 'name';
	v_day date := (v_args ->> 'date')::date;
	v_product teamdues.products;
	v_old teamdues.tournaments;
begin
	select * into v_product
	from teamdues.products p
	where p.product_id = (v_args ->> 'product_id')::bigint;
	select * into v_old
	from teamdues.tournaments t
	where t.tournament_id = v_id;
	state := 'refused';
	words := case
	    when v_product.kind is distinct from 'tournament'
	        or v_product.withdrawn_at is not null
	        and v_product.product_id is distinct from v_old.product_id
	    then 'no product of kind tournament with that number is sold'
	    when p_request.action = 'tournament_change' and v_old is null
	    then 'there is no such tournament'
	    when (v_old.name, v_old.held_on, v_old.product_id)
	        = (v_name, v_day, v_product.product_id)
	    then 'nothing of it would change'
	    when exists (select from teamdues.tournaments t
	        where lower(t.name) = lower(v_name) and t.held_on = v_day
	        and t.tournament_id is distinct from v_id)
	    then 'there is one of that name on that day already' end;
	if words is not null then
		return;
	end if;
	state := 'done';
	words := concat_ws('; ', format('%s on %s, %s: %s %s', v_name,
	    to_char(v_day, 'FMDD Mon YYYY'), v_product.name,
	    teamdues.money_text(v_product.amount_cents), v_product.currency),
	    (select format('%s players are in, and owe what they owe', count(*))
	    from teamdues.orders o
	    where o.tournament_id = v_id and o.status = 'pending'
	    and v_product.product_id <> v_old.product_id
	    having count(*) > 0),
	    case when v_day <> v_old.held_on
	    then 'links that were mailed end when they would have' end);
	if not p_commit then
		return;
	elsif v_id is null then
		perform teamdues.keep_made(p_request.request_id,
		    teamdues.tournament_add(v_name, v_day,
		        v_product.product_id, p_actor), v_name);
		return;
	end if;
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

create or replace function teamdues.desk_tournament_enter(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_args jsonb := p_request.args;
	v_id bigint := (v_args ->> 'tournament_id')::bigint;
	v_team text := coalesce(v_args ->> 'team', '');
	v_names text := coalesce(v_args ->> 'players', '');
	v_new bigint;
	v_all bigint;
begin
	state := 'refused';
	words := case
	    when v_team || v_names = '' then 'choose a team, or name players'
	    when v_team <> '' and v_names <> ''
	    then 'choose a team or name players, not both'
	    else (select n.fault from teamdues.players_named(v_names) n) end;
	if words is not null then
		return;
	end if;
	select count(*) filter (where e.what = 'New'), count(*)
	into v_new, v_all
	from teamdues.tournament_entrants(v_id, v_team, v_names) e;
	select format('%s new, each owes %s %s%s', v_new,
	    teamdues.money_text(p.amount_cents), p.currency,
	    case when v_all > v_new
	        then format('; %s were in before', v_all - v_new) end)
	into words
	from teamdues.tournaments t
	join teamdues.products p on p.product_id = t.product_id
	where t.tournament_id = v_id;
	if v_new = 0 or words is null then
		words := case when words is null
		    then 'there is no such tournament'
		    when v_all = 0 then 'nobody who is active is in that team'
		    else 'all of them were in before' end;
		return;
	end if;
	state := 'done';
	if p_commit then
		update teamdues.desk_requests r
		set args = r.args || jsonb_build_object(
		    'entered', r.request_id, 'orders', (
		        select jsonb_agg(e.order_id)
		        from teamdues.tournament_roster(v_id, case
		            when v_names = '' then v_team end, (
		            select n.player_ids
		            from teamdues.players_named(v_names) n), p_actor,
		            true) e
		        where e.action = 'create'))
		where r.request_id = p_request.request_id;
	end if;
end
$$;

-- Takes back whom a request has entered, but for whom something came of it: a
-- payment, a change, or a payment page that is open.
create or replace function teamdues.desk_tournament_leave(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_left bigint;
	v_all bigint;
begin
	select count(*) filter (where c.result = 'done'), count(*)
	into v_left, v_all
	from teamdues.desk_requests r
	cross join lateral jsonb_array_elements_text(r.args -> 'orders') x (id)
	cross join lateral teamdues.leave_order(x.id::bigint, p_actor,
	    p_commit) c (result)
	where r.request_id = (p_request.args ->> 'entered')::bigint
	and r.action = 'tournament_enter';
	state := case when v_left > 0 then 'done' else 'refused' end;
	words := case when v_left = 0
	    then 'each of them has paid, or was changed since'
	    else concat_ws('; ', v_left || ' are out again', case
	        when v_all > v_left then format('%s not, as something came of '
	            'it since', v_all - v_left) end) end;
end
$$;

-- Cancels an order that nobody has touched since it was made.
create or replace function teamdues.leave_order(
	p_order_id bigint,
	p_actor text,
	p_commit boolean)
returns text
language plpgsql as $$
begin
	return (
	    select c.result
	    from teamdues.orders o
	    cross join lateral teamdues.change_order(o.order_id,
	        '{"action": "cancel", "reason": "entered by mistake"}',
	        p_actor, p_commit) c
	    where o.order_id = p_order_id
	    and not exists (select from teamdues.audit_log a
	        where a.order_id = p_order_id)
	    and teamdues.open_fault(p_order_id) is null);
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
