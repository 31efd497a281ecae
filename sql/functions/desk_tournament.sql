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

-- How many stand how, as the choices of the list's filter.
create or replace function teamdues.desk_standings(p_tournament_id bigint)
returns jsonb
language plpgsql stable as $$
begin
	return coalesce((
	    select jsonb_agg(jsonb_build_object('value', x.status,
	        'name', format('%s (%s)', x.name, x.count)) order by x.name)
	    from (
	        select o.status, teamdues.status_text(o.status) as name,
	            count(*) as count
	        from teamdues.orders o
	        where o.tournament_id = p_tournament_id
	        group by o.status) x), '[]');
end
$$;

-- A page of the roster, by name, those of one name by order.
create or replace function teamdues.desk_entrants(
	p_tournament_id bigint,
	p_status text,
	p_after bigint,
	p_limit bigint,
	p_zone text)
returns jsonb
language plpgsql stable as $$
declare
	v_after bigint := coalesce(p_after, 0);
	v_name text := coalesce((
	    select lower(y.name)
	    from teamdues.orders o
	    join teamdues.players y on y.player_id = o.player_id
	    where o.order_id = v_after), '');
begin
	return coalesce((
	    select jsonb_agg(jsonb_build_object('key', x.order_id,
	        'order_id', x.order_id, 'player', x.name, 'team', x.team,
	        'standing', teamdues.status_text(x.status),
	        'is_owed', x.status = 'pending',
	        'owed_cents', x.owed_cents, 'paid_cents', x.paid_cents,
	        'refunded_cents', nullif(x.refunded_cents, 0),
	        'currency', x.currency, 'email', r.email, 'phone', r.phone,
	        'parent', r.name, 'asked', (
	            select teamdues.desk_time(max(e.sent_at), p_zone)
	            from teamdues.emails e
	            where coalesce(e.order_id, 0) = x.order_id
	            and e.state = 'sent'
	            and e.kind in ('tournament', 'reminder')))
	        order by lower(x.name), x.order_id)
	    from (
	        select o.order_id, y.name, y.team, y.parent_id, o.status,
	            case o.status when 'pending' then teamdues.left_cents(o)
	            else 0 end as owed_cents, o.paid_cents,
	            o.refunded_cents, o.currency
	        from teamdues.desk_entered(p_tournament_id, p_status) o
	        join teamdues.players y on y.player_id = o.player_id
	        where (lower(y.name), o.order_id) > (v_name, v_after)
	        order by lower(y.name), o.order_id
	        limit p_limit) x
	    left join teamdues.parents r on r.parent_id = x.parent_id), '[]');
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
	select jsonb_build_object('user', desk_user_json(v_user),
	    'title', t.name, 'tournament_id', p_tournament_id,
	    'held_on', to_char(t.held_on, 'FMDD Mon YYYY'),
	    'is_over', t.held_on < club_day(p_zone),
	    'owing', (
	        select count(*)
	        from orders o
	        where o.tournament_id = p_tournament_id
	        and o.status = 'pending'),
	    'choices', jsonb_build_object('status',
	        desk_standings(p_tournament_id)),
	    'rows', desk_entrants(p_tournament_id, p_status, p_after, p_limit,
	        p_zone),
	    'sums', (
	        select coalesce(jsonb_agg(to_jsonb(s)), '[]')
	        from (
	            select count(*), sum(case o.status when 'pending'
	                then left_cents(o) else 0 end) as owed_cents,
	                sum(o.paid_cents) as paid_cents,
	                nullif(sum(o.refunded_cents), 0) as refunded_cents,
	                o.currency
	            from desk_entered(p_tournament_id, p_status) o
	            group by o.currency) s))
	from tournaments t
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
