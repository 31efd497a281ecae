-- One family, as the desk shows it.

-- What a family, or a child, looked like: another text once that has changed.
create or replace function teamdues.family_version(p_parent_id bigint)
returns text
language sql stable as $$
	select md5(concat_ws('|', r.name, r.email, r.phone))
	from teamdues.parents r
	where r.parent_id = p_parent_id
$$;

create or replace function teamdues.child_version(p_player_id bigint)
returns text
language sql stable as $$
	select md5(concat_ws('|', y.name, y.team, y.monthly_fee_cents,
	    y.active, y.parent_id))
	from teamdues.players y
	where y.player_id = p_player_id
$$;

-- A child's form as it stands.
create or replace function teamdues.desk_child(p_player teamdues.players)
returns jsonb
language sql stable as $$
	select jsonb_build_object(
	    'parent_id', coalesce(p_player.parent_id, -p_player.player_id),
	    'player_id', p_player.player_id::text,
	    'player_name', p_player.name, 'team', p_player.team,
	    'monthly_fee_cents', nullif(p_player.monthly_fee_cents, 0),
	    'plays', case when p_player.active then 'yes' else '' end,
	    'version', teamdues.child_version(p_player.player_id))
$$;

-- What its page says of it besides: whether its fee was ever asked for, and the
-- tournaments to come that it may enter.
create or replace function teamdues.desk_child_ways(
	p_player_id bigint,
	p_zone text)
returns jsonb
language sql stable as $$
	select jsonb_build_object('players', teamdues.player_reference(
	        p_player_id),
	    'asked', (
	        select 'yes'
	        from teamdues.orders o
	        where o.player_id = p_player_id and o.kind = 'fee'
	        and o.status <> 'cancelled'
	        union all
	        select 'yes'
	        from teamdues.emails e
	        where coalesce(e.order_id, 0) = 0
	        and e.player_id = p_player_id
	        and e.kind = 'first_payment' and e.state <> 'dropped'
	        limit 1),
	    'tournaments', (
	        select jsonb_agg(jsonb_build_object(
	            'value', t.tournament_id::text, 'label', format('%s, %s',
	            t.name, to_char(t.held_on, 'FMDD Mon YYYY')))
	            order by t.held_on, t.tournament_id)
	        from (select *
	            from teamdues.tournaments t
	            where t.held_on >= teamdues.club_day(p_zone)
	            and not exists (
	                select from teamdues.orders o
	                where o.tournament_id = t.tournament_id
	                and o.player_id = p_player_id)
	            order by t.held_on, t.tournament_id
	            limit 20) t))
$$;

-- The orders of a family, what is open first, then the newest.  Of the first
-- dozen the page tells all that happened.
create or replace function teamdues.desk_family_orders(
	p_players bigint[],
	p_zone text)
returns jsonb
language sql stable as $$
	select coalesce(jsonb_agg(jsonb_build_object(
	    'order_id', o.order_id, 'player', y.name,
	    'item', coalesce(t.name, p.name), 'status', o.status,
	    'seen', teamdues.order_seen(o.order_id),
	    'ordered', teamdues.desk_time(o.created_at, p_zone),
	    'currency', o.currency, 'whole_cents', o.amount_cents,
	    'left_cents', case when o.status in ('pending', 'processing')
	        then teamdues.left_cents(o) else 0 end,
	    'is_unbilled', teamdues.is_unbilled(o),
	    'paid_cents', o.paid_cents,
	    'given_cents', teamdues.gone_cents(o)) || case when x.n <= 12
	    then jsonb_build_object(
	        'timeline', teamdues.desk_timeline(o.order_id, p_zone),
	        'stripe', case when o.status in ('pending', 'processing')
	            then teamdues.desk_at_stripe(o.order_id, p_zone) end,
	        'possible', teamdues.desk_possible(o))
	    else '{}' end
	    order by x.n), '[]')
	from (
	    select o.order_id, row_number() over (order by o.status in (
	        'pending', 'processing', 'disputed') desc,
	        o.order_id desc) as n
	    from teamdues.orders o
	    where o.player_id = any (p_players)) x
	join teamdues.orders o on o.order_id = x.order_id
	join teamdues.players y on y.player_id = o.player_id
	join teamdues.products p on p.product_id = o.product_id
	left join teamdues.tournaments t on t.tournament_id = o.tournament_id
$$;

-- What came and waits for a person, and may be this family's.
create or replace function teamdues.desk_family_waiting(
	p_parent_id bigint,
	p_players bigint[],
	p_zone text)
returns jsonb
language sql stable as $$
	select coalesce(jsonb_agg(jsonb_build_object(
	    'payment', w.session_id, 'amount_cents', w.amount_cents,
	    'currency', w.currency, 'payer', coalesce(nullif(w.payer_name, ''),
	        w.email, 'somebody unknown'),
	    'at', teamdues.desk_time(coalesce(w.paid_at, w.stripe_created),
	        p_zone)) order by w.stripe_created, w.session_id), '[]')
	from (
	    select p.*
	    from teamdues.orders o
	    cross join lateral teamdues.order_waiting(o.order_id) p
	    where o.player_id = any (p_players)
	    union
	    select p.*
	    from teamdues.family_waiting(p_parent_id, '-infinity') p) w
	where w.place <> 'waiting'
$$;

-- No row: there is no such family.
create or replace function teamdues.desk_family(
	p_session bytea,
	p_family_id bigint,
	p_zone text,
	p_currency text)
returns setof jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
	v_players bigint[] := array(
	    select y.player_id
	    from family_players(array[p_family_id]) y);
begin
	return query
	select jsonb_build_object('user', desk_user_json(v_user),
	    'parent_id', f.family_id,
	    'name', f.name, 'email', f.email, 'phone', f.phone,
	    'version', family_version(r.parent_id),
	    'since', desk_time(r.created_at, p_zone),
	    'currency', p_currency,
	    'owed_cents', s.owed_cents, 'paid_cents', s.paid_cents,
	    'given_cents', s.given_cents,
	    'waiting', desk_family_waiting(r.parent_id, v_players, p_zone),
	    'children', (
	        select coalesce(jsonb_agg(desk_child(y)
	            || desk_child_ways(y.player_id, p_zone)
	            order by lower(y.name)), '[]')
	        from players y
	        where y.player_id = any (v_players)),
	    'teams', team_choices(),
	    'orders', desk_family_orders(v_players, p_zone))
	from families f
	left join parents r on r.parent_id = f.family_id
	cross join lateral (
	    select coalesce(sum(left_cents(o)) filter (
	            where o.status = 'pending'), 0) as owed_cents,
	        coalesce(sum(o.paid_cents), 0) as paid_cents,
	        coalesce(sum(gone_cents(o)), 0) as given_cents
	    from orders o
	    where o.player_id = any (v_players)
	    and o.currency = p_currency) s
	where f.family_id = p_family_id;
end
$$;
