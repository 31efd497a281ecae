-- Who enters a tournament at the desk, and one that is added with its team.

-- Whom a name, or a number, may mean: who is called so, else everybody who has
-- a name that begins so.
create or replace function teamdues.players_like_name(p_name text)
returns setof teamdues.players
language plpgsql stable as $$
begin
	return query
	select y.*
	from teamdues.players y
	where y.active and lower(y.name) = lower(p_name)
	or y.player_id = teamdues.reference_id(p_name);
	if not found then
		return query
		select y.*
		from teamdues.players y
		where y.active
		and strpos(' ' || y.found_by, ' ' || lower(p_name)) > 0;
	end if;
end
$$;

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
	            'one who is meant (%s)', y.found, w.name,
	            array_to_string(y.who[1:6], ', ')) end, '; ')
	        filter (where y.found <> 1)
	from (select distinct trim(n) as name
	    from regexp_split_to_table(p_names, ',') n
	    where trim(n) <> '') w
	cross join lateral (
	    select count(*) as found, min(y.player_id) as player_id,
	        array_agg(concat_ws(' ', y.player_id, y.name, y.team)
	            order by y.player_id) as who
	    from teamdues.players_like_name(w.name) y) y
$$;

-- What players_named() takes for one player: the name, where it means nobody
-- else.
create or replace function teamdues.player_reference(p_player_id bigint)
returns text
language sql stable as $$
	select case when strpos(y.name, ',') > 0 or not y.active
	    or teamdues.reference_id(y.name) is not null or exists (
	        select from teamdues.players z
	        where lower(z.name) = lower(y.name)
	        and z.player_id <> y.player_id and z.active)
	    then p_player_id::text else y.name end
	from teamdues.players y
	where y.player_id = p_player_id
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

-- Enters them, and keeps with the request which orders that made: they are what
-- it takes back.
create or replace function teamdues.enter_players(
	p_request_id bigint,
	p_tournament_id bigint,
	p_team text,
	p_names text,
	p_actor text)
returns void
language sql as $$
	update teamdues.desk_requests r
	set args = r.args || jsonb_build_object('entered', r.request_id,
	    'tournament_id', p_tournament_id, 'orders', (
	        select jsonb_agg(e.order_id)
	        from teamdues.tournament_roster(p_tournament_id,
	            case when p_names = '' then p_team end, (
	            select n.player_ids
	            from teamdues.players_named(p_names) n), p_actor, true) e
	        where e.action = 'create'))
	where r.request_id = p_request_id
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
	v_who text[];
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
	select count(*) filter (where e.what = 'New'), count(*),
	    array_agg(e.who order by e.who) filter (where e.what = 'New')
	into v_new, v_all, v_who
	from teamdues.tournament_entrants(v_id, v_team, v_names) e;
	select concat_ws('; ', concat_ws(': ', format(case v_new
	        when 1 then '%s is entered in %s, and owes %s'
	        else '%s players are entered in %s, and each owes %s' end,
	        case v_new when 1 then v_who[1] else v_new::text end, t.name,
	        teamdues.amount_text(p.amount_cents, p.currency)),
	    array_to_string(case when v_new between 2 and 6 then v_who end,
	        ', ')), case
	    when v_all > v_new then v_all - v_new || ' in it before' end)
	into words
	from teamdues.tournaments t
	join teamdues.products p on p.product_id = t.product_id
	where t.tournament_id = v_id;
	if v_new = 0 or words is null then
		words := case when words is null
		    then 'there is no such tournament'
		    when v_all = 0 then 'nobody who is active is in that team'
		    when v_all = 1 then 'that player is in it already'
		    else 'all of them are in it already' end;
		return;
	end if;
	state := 'done';
	if p_commit then
		perform teamdues.enter_players(p_request.request_id, v_id,
		    v_team, v_names, p_actor);
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
	v_who text;
begin
	select count(*) filter (where c.result = 'done'), count(*),
	    min(teamdues.order_about(x.id::bigint)) filter (
	        where c.result = 'done')
	into v_left, v_all, v_who
	from teamdues.desk_requests r
	cross join lateral jsonb_array_elements_text(r.args -> 'orders') x (id)
	cross join lateral teamdues.leave_order(x.id::bigint, p_actor,
	    p_commit) c (result)
	where r.request_id = (p_request.args ->> 'entered')::bigint
	and r.action in ('tournament_enter', 'tournament_add');
	state := case when v_left > 0 then 'done' else 'refused' end;
	words := case when v_left = 0
	    then 'each of them has paid, or was changed since'
	    else concat_ws('; ', case v_left when 1
	        then v_who || ': off the list again, and nothing is owed'
	        else v_left || ' players are off the list again, and owe '
	        'nothing for it' end, case
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

-- What entering costs by a form: a product without a number is to be made.
create or replace function teamdues.entry_of(p_args jsonb)
returns teamdues.products
language plpgsql stable as $$
declare
	v_product teamdues.products;
begin
	select * into v_product
	from teamdues.products p
	where p.product_id = (p_args ->> 'product_id')::bigint;
	if p_args ? 'fee_cents' then
		v_product := null;
		v_product.kind := 'tournament';
		v_product.name := left(p_args ->> 'name', 194) || ' entry';
		v_product.amount_cents := (p_args ->> 'fee_cents')::bigint;
		v_product.currency := p_args ->> 'currency';
	end if;
	return v_product;
end
$$;

create or replace function teamdues.entry_made(
	p_product teamdues.products,
	p_actor text)
returns bigint
language sql as $$
	select coalesce(p_product.product_id, teamdues.product_add(
	    'tournament', p_product.name, p_product.amount_cents,
	    p_product.currency, '{}', p_actor))
$$;

-- Adds a tournament: at a fee that was typed, which makes its product, or at
-- one that is on offer already.  A team may enter at once.
create or replace function teamdues.desk_tournament_add(
	p_request teamdues.desk_requests,
	p_actor text,
	p_least_cents bigint,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_args jsonb := p_request.args;
	v_name text := v_args ->> 'name';
	v_day date := (v_args ->> 'date')::date;
	v_team text := coalesce(v_args ->> 'team', '');
	v_product teamdues.products := teamdues.entry_of(v_args);
	v_players bigint;
	v_id bigint;
begin
	select nullif(count(*), 0) into v_players
	from teamdues.tournament_entrants(null, v_team, '')
	where v_team <> '';
	state := 'refused';
	words := coalesce(teamdues.tournament_fault(null, v_name, v_day,
	    v_product), teamdues.least_refusal(v_product.amount_cents,
	    p_least_cents, v_product.currency), case
	    when v_team <> '' and v_players is null
	    then 'nobody who is active is in that team' end);
	if words is not null then
		return;
	end if;
	state := 'done';
	words := concat_ws('; ', format('%s on %s is added: %s a player',
	    v_name, to_char(v_day, 'FMDD Mon YYYY'), teamdues.amount_text(
	    v_product.amount_cents, v_product.currency)),
	    v_players || ' players of ' || v_team || ' enter');
	if not p_commit then
		return;
	end if;
	v_id := teamdues.tournament_add(v_name, v_day,
	    teamdues.entry_made(v_product, p_actor), p_actor);
	perform teamdues.keep_made(p_request.request_id, v_id, v_name);
	if v_players > 0 then
		perform teamdues.enter_players(p_request.request_id, v_id,
		    v_team, '', p_actor);
	end if;
end
$$;
