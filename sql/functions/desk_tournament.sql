-- A tournament's page: who is in it, and who has paid.

-- A status, for people.
create or replace function teamdues.status_text(p_status text) returns text
language sql immutable as $$
	select case p_status when 'pending' then 'Owes'
	    when 'processing' then 'On its way'
	    when 'paid' then 'Paid'
	    when 'partially_refunded' then 'Paid, some given back'
	    when 'refunded' then 'Given back'
	    when 'disputed' then 'Disputed'
	    when 'charged_back' then 'Taken back by the bank'
	    when 'waived' then 'Waived'
	    else 'Cancelled' end
$$;

-- Those of its orders that have a status; without one all but the cancelled.
create or replace function teamdues.desk_entered(
	p_tournament_id bigint,
	p_status text)
returns setof teamdues.orders
language sql stable as $$
	select *
	from teamdues.orders o
	where o.tournament_id = p_tournament_id
	and (o.status = p_status
	    or p_status is null and o.status <> 'cancelled')
$$;

-- How many of its orders stand how, and with how much money, by status and
-- currency: all that a page counts is added up from this.
create or replace function teamdues.desk_standing_sums(p_tournament_id bigint)
returns table (status text, currency text, orders bigint, owed_cents bigint,
	paid_cents bigint, refunded_cents bigint)
language plpgsql stable rows 10 as $$
begin
	return query
	select o.status, o.currency, count(*),
	    coalesce(sum(teamdues.left_cents(o)) filter (
	        where o.status = 'pending'), 0)::bigint,
	    sum(o.paid_cents)::bigint,
	    sum(teamdues.gone_cents(o))::bigint
	from teamdues.orders o
	where o.tournament_id = p_tournament_id
	group by o.status, o.currency;
end
$$;

-- A page of the roster's orders, by name, those of one name by order.  Of few
-- all are sorted; many are met soon on the way along the names of all players.
create or replace function teamdues.desk_entrant_orders(
	p_tournament_id bigint,
	p_status text,
	p_is_few boolean,
	p_after bigint,
	p_limit bigint)
returns setof teamdues.orders
language plpgsql stable rows 50 as $$
declare
	v_name text := coalesce((
	    select lower(y.name)
	    from teamdues.orders o
	    join teamdues.players y on y.player_id = o.player_id
	    where o.order_id = p_after), '');
	v_player_id bigint := coalesce((
	    select o.player_id
	    from teamdues.orders o
	    where o.order_id = p_after), 0);
begin
	if p_is_few then
		return query
		select o.*
		from teamdues.desk_entered(p_tournament_id, p_status) o
		join teamdues.players y on y.player_id = o.player_id
		where (lower(y.name), y.player_id, o.order_id)
		    > (v_name, v_player_id, coalesce(p_after, 0))
		order by lower(y.name), y.player_id, o.order_id
		limit p_limit;
		return;
	end if;
	return query
	select o.*
	from teamdues.players y
	cross join lateral (
	    select *
	    from teamdues.orders o
	    where o.player_id = y.player_id
	    and o.tournament_id = p_tournament_id
	    and (o.status = p_status
	        or p_status is null and o.status <> 'cancelled')
	    offset 0) o
	where (lower(y.name), y.player_id) >= (v_name, v_player_id)
	and (lower(y.name), y.player_id, o.order_id)
	    > (v_name, v_player_id, coalesce(p_after, 0))
	order by lower(y.name), y.player_id, o.order_id
	limit p_limit;
end
$$;

-- The same with what the page says of each.
create or replace function teamdues.desk_entrant_rows(
	p_tournament_id bigint,
	p_status text,
	p_is_few boolean,
	p_after bigint,
	p_limit bigint,
	p_zone text)
returns jsonb
language plpgsql stable as $$
begin
	return coalesce((
	    select jsonb_agg(jsonb_build_object('key', o.order_id,
	        'order_id', o.order_id, 'player', y.name, 'team', y.team,
	        'standing', teamdues.status_text(o.status),
	        'is_owed', o.status = 'pending',
	        'owed_cents', case o.status when 'pending'
	            then teamdues.left_cents(o) else 0 end,
	        'paid_cents', o.paid_cents,
	        'refunded_cents', nullif(teamdues.gone_cents(o), 0),
	        'currency', o.currency, 'email', r.email, 'phone', r.phone,
	        'parent', r.name,
	        'asked', m.asked, 'mailed', 'mailed ' || m.asked)
	        order by lower(y.name), y.player_id, o.order_id)
	    from teamdues.desk_entrant_orders(p_tournament_id, p_status,
	        p_is_few, p_after, p_limit) o
	    join teamdues.players y on y.player_id = o.player_id
	    left join teamdues.parents r on r.parent_id = y.parent_id
	    cross join lateral (
	        select teamdues.desk_time(max(e.sent_at), p_zone) as asked
	        from teamdues.emails e
	        where coalesce(e.order_id, 0) = o.order_id
	        and e.state = 'sent'
	        and e.kind in ('tournament', 'reminder')) m), '[]');
end
$$;

create or replace function teamdues.desk_tournament(
	p_session bytea,
	p_tournament_id bigint,
	p_status text,
	p_after bigint,
	p_limit bigint,
	p_zone text)
returns setof jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return query
	with standing as materialized (
	    select s.*, status_text(s.status) as name,
	        s.status = p_status
	        or p_status is null and s.status <> 'cancelled' as is_listed
	    from desk_standing_sums(p_tournament_id) s
	), total as (
	    select coalesce(sum(s.orders) filter (
	            where s.status = 'pending'), 0) as owing,
	        coalesce(sum(s.orders) filter (where s.is_listed), 0) as listed
	    from standing s
	)
	select jsonb_build_object('user', desk_user_json(v_user),
	    'title', t.name, 'tournament_id', p_tournament_id,
	    'held_on', to_char(t.held_on, 'FMDD Mon YYYY'),
	    'is_over', t.held_on < club_day(p_zone),
	    'owing', x.owing, 'owing_sums', (
	        select jsonb_agg(jsonb_build_object(
	            'owed_cents', s.owed_cents, 'currency', s.currency)
	            order by s.currency)
	        from standing s
	        where s.status = 'pending'),
	    'choices', jsonb_build_object('status', (
	        select coalesce(jsonb_agg(jsonb_build_object('value', s.status,
	            'name', format('%s (%s)', s.name, s.orders))
	            order by s.name), '[]')
	        from (
	            select s.status, s.name, sum(s.orders) as orders
	            from standing s
	            group by s.status, s.name) s)),
	    'rows', desk_entrant_rows(p_tournament_id, p_status,
	        x.listed <= 500, p_after, p_limit, p_zone),
	    'sums', (
	        select coalesce(jsonb_agg(to_jsonb(s)), '[]')
	        from (
	            select sum(s.orders) as count,
	                sum(s.owed_cents) as owed_cents,
	                sum(s.paid_cents) as paid_cents,
	                nullif(sum(s.refunded_cents), 0) as refunded_cents,
	                s.currency
	            from standing s
	            where s.is_listed
	            group by s.currency) s))
	from tournaments t
	cross join total x
	where t.tournament_id = p_tournament_id;
end
$$;

-- The list for the gate: who is in it, and whether they may play.
create or replace function teamdues.desk_gate(
	p_session bytea,
	p_tournament_id bigint,
	p_limit bigint)
returns setof jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return query
	select jsonb_build_object('user', desk_user_json(v_user),
	    'title', t.name, 'tournament_id', t.tournament_id,
	    'held_on', to_char(t.held_on, 'FMDD Mon YYYY'),
	    'count', (
	        select count(*)
	        from desk_entered(p_tournament_id, null)),
	    'rows', coalesce((
	        select jsonb_agg(jsonb_build_object('player', x.name,
	            'team', x.team, 'is_good', order_is_good(x.status),
	            'standing', case x.status
	                when 'waived' then 'Nothing to pay'
	                when 'processing' then 'On its way'
	                else case when order_is_good(x.status)
	                then 'Paid' else 'Not paid' end end)
	            order by lower(x.name), x.order_id)
	        from (
	            select y.name, y.team, o.status, o.order_id
	            from desk_entered(p_tournament_id, null) o
	            join players y on y.player_id = o.player_id
	            order by lower(y.name), o.order_id
	            limit p_limit) x), '[]'))
	from tournaments t
	where t.tournament_id = p_tournament_id;
end
$$;
