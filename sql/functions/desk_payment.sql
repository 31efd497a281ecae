-- One payment at the desk, and what may be done about it.

-- Those that a rule would close, the newest first.
create or replace function teamdues.desk_like(
	p_field text,
	p_value text,
	p_zone text)
returns jsonb
language sql stable as $$
	with x as materialized (
		select p.*
		from teamdues.payments p
		where p.place = 'unmatched'
		and (p_field = 'payment_link' and p.payment_link = p_value
		    or p_field = 'metadata'
		    and p_value = any (p.metadata_keys))
	)
	select jsonb_build_object(
	    'count', (select count(*) from x),
	    'sums', (
	        select jsonb_agg(jsonb_build_object('count', s.count,
	            'amount_cents', s.cents, 'currency', s.currency)
	            order by s.currency)
	        from (
	            select x.currency, count(*) as count,
	                sum(x.amount_cents) as cents
	            from x
	            group by x.currency) s),
	    'rows', (
	        select jsonb_agg(jsonb_build_object(
	            'payer', coalesce(nullif(y.payer_name, ''), y.email,
	                'somebody unknown'),
	            'at', teamdues.desk_time(y.stripe_created, p_zone),
	            'amount_cents', y.amount_cents, 'currency', y.currency)
	            order by y.stripe_created desc, y.session_id)
	        from (
	            select *
	            from x
	            order by x.stripe_created desc, x.session_id
	            limit 20) y))
$$;

-- What tells payments like this one from a family's: each with how many wait.
create or replace function teamdues.desk_likes(p_payment teamdues.payments)
returns jsonb
language sql stable as $$
	select coalesce(jsonb_agg(jsonb_build_object(
	    'payment', p_payment.session_id, 'not_ours', 'yes',
	    'like_field', x.field, 'like_key', x.key,
	    'reason', 'another business''s',
	    'count', (
	        select count(*)
	        from teamdues.payments p
	        where p.place = 'unmatched'
	        and (x.field = 'payment_link'
	            and p.payment_link = p_payment.payment_link
	            or x.field = 'metadata'
	            and x.key = any (p.metadata_keys)))) order by x.n), '[]')
	from (
	    select 0 as n, 'payment_link' as field, null::text as key
	    where p_payment.payment_link is not null
	    union all
	    select k.n, 'metadata', k.key
	    from unnest(p_payment.metadata_keys) with ordinality k (key, n)
	    where k.key <> all (teamdues.our_keys())) x
	where p_payment.place = 'unmatched'
	and p_payment.metadata_teamdues is null
$$;

-- What may be done about it as it is.
create or replace function teamdues.payment_possible(
	p_payment teamdues.payments)
returns jsonb
language sql stable as $$
	select coalesce(jsonb_agg(x.action order by x.rank), '[]')
	from (values
	    (1, 'attach', p_payment.place in ('unmatched', 'review')
	        and p_payment.paid_at is not null and p_payment.is_our_mode),
	    (2, 'refund', p_payment.place in ('unmatched', 'review')
	        and exists (
	            select from teamdues.refund_sources(null,
	                p_payment.session_id) s
	            where s.fault is null
	            and s.amount_cents > s.refunded_cents)),
	    (3, 'dismiss', p_payment.place in ('unmatched', 'review')),
	    (4, 'detach', exists (
	        select from teamdues.attachments a
	        where a.session_id = p_payment.session_id
	        and a.taken_back_at is null)),
	    (5, 'undismiss', exists (
	        select from teamdues.dismissals d
	        where d.subject = p_payment.session_id
	        and d.taken_back_at is null))) x (rank, action, is_possible)
	where x.is_possible
$$;

-- What is being done about a payment that waits, or was not done.
create or replace function teamdues.desk_payment_under_way(
	p_payment teamdues.payments,
	p_zone text)
returns jsonb
language sql stable as $$
	select teamdues.desk_requests_told(array(
	    select r.request_id
	    from teamdues.desk_requests r
	    where r.state in ('queued', 'working')
	    and r.args ->> 'payment' = p_payment.session_id
	    union all
	    select r.request_id
	    from teamdues.desk_requests r
	    where r.state = 'failed'
	    and r.args ->> 'payment' = p_payment.session_id), p_zone)
	where p_payment.place in ('unmatched', 'review')
$$;

-- The orders owed by the families that a text finds, those that the payment can
-- pay first; none where it finds so many that nobody in particular is meant.
create or replace function teamdues.desk_payment_search(
	p_payment teamdues.payments,
	p_text text)
returns jsonb
language plpgsql stable
set jit = off as $$
declare
	v_families bigint[] := coalesce(teamdues.desk_found(p_text), array(
	    select f.family_id
	    from teamdues.families f
	    limit 51));
begin
	return (
	    with owed as materialized (
	        select o.order_id, row_number() over (order by
	            teamdues.payment_fits(p_payment, o) desc, lower(y.name),
	            o.order_id) as n
	        from teamdues.family_players(v_families) f
	        join teamdues.players y on y.player_id = f.player_id
	        cross join lateral (
	            select *
	            from teamdues.orders o
	            where o.player_id = f.player_id
	            offset 0) o
	        where cardinality(v_families) <= 50
	        and o.status = 'pending' and o.currency = p_payment.currency
	    )
	    select jsonb_build_object('families', cardinality(v_families),
	        'count', (select count(*) from owed),
	        'rows', coalesce((
	            select jsonb_agg(teamdues.desk_candidate(p_payment,
	                w.order_id) || '{"anyway": "found"}' order by w.n)
	            from owed w
	            where w.n <= 8), '[]')));
end
$$;

-- What follows an act about a payment that is done: what is left of it, where
-- it waits still (amount_cents), else the oldest of the others that wait
-- (count).
create or replace function teamdues.desk_payment_next(
	p_request teamdues.desk_requests)
returns jsonb
language plpgsql stable as $$
declare
	v_payment teamdues.payments := teamdues.find_payment(
	    p_request.args ->> 'payment');
begin
	if v_payment.session_id is null or p_request.state <> 'done'
	    or p_request.action not in ('attach', 'refund', 'dismiss') then
		return null;
	end if;
	if v_payment.place in ('unmatched', 'review')
	    and teamdues.held_cents(v_payment) > 0 then
		return jsonb_build_object('payment', v_payment.session_id,
		    'amount_cents', teamdues.held_cents(v_payment),
		    'currency', v_payment.currency);
	end if;
	return (
	    select jsonb_build_object('payment', x.session_id,
	        'count', x.count)
	    from (
	        select p.session_id, count(*) over () as count
	        from teamdues.payments p
	        where p.place in ('unmatched', 'review')
	        and p.session_id <> v_payment.session_id
	        order by p.stripe_created, p.session_id
	        limit 1) x);
end
$$;

-- A payment by an event's id or a session's.  With p_text the orders that it
-- finds; with p_order_id what an act that gives it to that order is about; with
-- p_field the payments that a rule would close with it.  No row: there is no
-- such payment.
create or replace function teamdues.desk_payment_page(
	p_session bytea,
	p_key text,
	p_text text,
	p_order_id bigint,
	p_field text,
	p_like_key text,
	p_zone text)
returns setof jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
	v_payment payments := find_payment(p_key);
begin
	if v_payment.session_id is null then
		return;
	end if;
	return next desk_payment_json(v_payment, 8, p_zone)
	    || jsonb_build_object('user', desk_user_json(v_user),
	    'possible', payment_possible(v_payment),
	    'q', p_text,
	    'found', case when p_text <> ''
	        and v_payment.place in ('unmatched', 'review')
	        then desk_payment_search(v_payment, p_text) end,
	    'doubt', desk_candidate(v_payment, p_order_id) -> 'doubt',
	    'likes', desk_likes(v_payment),
	    'requests', desk_payment_under_way(v_payment, p_zone),
	    'like', case when p_field is not null then desk_like(p_field,
	        case p_field when 'payment_link' then v_payment.payment_link
	        else p_like_key end, p_zone) end,
	    'seen', coalesce(order_seen(p_order_id), payment_seen(v_payment)),
	    'order', (
	        select jsonb_build_object('order_id', o.order_id,
	            'player', y.name, 'item', coalesce(t.name, d.name),
	            'parent', r.name, 'email', r.email, 'status', o.status,
	            'left_cents', left_cents(o), 'currency', o.currency)
	        from orders o
	        join players y on y.player_id = o.player_id
	        left join parents r on r.parent_id = y.parent_id
	        join products d on d.product_id = o.product_id
	        left join tournaments t on t.tournament_id = o.tournament_id
	        where o.order_id = coalesce(p_order_id, case v_payment.place
	            when 'order' then v_payment.matched_order_id end)));
end
$$;
