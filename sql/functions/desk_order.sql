-- One order, as the desk shows it and acts on it.

-- The acts that an order allows as it is, as the desk names them.
create or replace function teamdues.desk_possible(p_order teamdues.orders)
returns jsonb
language sql stable as $$
	select coalesce(jsonb_agg(x.action order by x.rank), '[]')
	from (values
	    (1, 'record_payment', p_order.status = 'pending'),
	    (2, 'remind', p_order.status = 'pending'
	        and p_order.kind in ('tournament', 'fee')),
	    (3, 'adjust', p_order.status = 'pending'),
	    (4, 'waive', p_order.status = 'pending'),
	    (5, 'cancel', p_order.status = 'pending'
	        and p_order.paid_cents = 0),
	    (6, 'refund', exists (
	        select from teamdues.refund_sources(p_order.order_id, null) s
	        where s.fault is null and s.amount_cents > s.refunded_cents)),
	    (7, 'unrecord_payment', exists (
	        select from teamdues.recorded_to_take_back(p_order.order_id,
	            null))),
	    (8, 'reopen', teamdues.change_fault(p_order,
	        '{"action": "reopen"}') is null),
	    (9, 'ask_stripe', true))
	    x (rank, action, is_possible)
	where x.is_possible
$$;

-- What of a payment is on its way back: neither there yet nor given up.  The
-- order counts it as given back already.
create or replace function teamdues.on_its_way_cents(p_payment_intent_id text)
returns bigint
language sql stable as $$
	select sum(r.cents)
	from (
	    select max(f.amount_cents) as cents
	    from teamdues.refund_facts f
	    where f.payment_intent_id = p_payment_intent_id
	    group by f.refund_id
	    having not bool_or(f.status in ('succeeded', 'failed',
	        'canceled'))) r
$$;

-- What an order is, of whom, and what of it is owed.
create or replace function teamdues.desk_order_head(
	p_user teamdues.desk_users,
	p_order_id bigint,
	p_zone text)
returns setof jsonb
language sql stable as $$
	select jsonb_build_object(
	    'user', teamdues.desk_user_json(p_user),
	    'seen', teamdues.order_seen(o.order_id),
	    'order_id', o.order_id,
	    'player', y.name,
	    'parent_id', r.parent_id,
	    'parent', r.name,
	    'email', r.email,
	    'phone', nullif(r.phone, ''),
	    'item', coalesce(t.name, p.name),
	    'day', to_char(t.held_on, 'FMDD Mon YYYY'),
	    'kind', o.kind,
	    'quantity', o.quantity,
	    'status', o.status,
	    'is_unbilled', teamdues.is_unbilled(o),
	    'ordered', teamdues.desk_time(o.created_at, p_zone),
	    'received_on', (now() at time zone p_zone)::date,
	    'currency', o.currency,
	    'whole_cents', o.amount_cents,
	    'left_cents', case when o.status in ('pending', 'processing')
	        then teamdues.left_cents(o) else 0 end,
	    'paid_cents', o.paid_cents,
	    'given_cents', o.refunded_cents - coalesce(w.cents, 0),
	    'way_cents', w.cents,
	    'waived_cents', o.waived_cents)
	from teamdues.orders o
	join teamdues.players y on y.player_id = o.player_id
	left join teamdues.parents r on r.parent_id = y.parent_id
	join teamdues.products p on p.product_id = o.product_id
	left join teamdues.tournaments t on t.tournament_id = o.tournament_id
	cross join lateral (
	    select sum(teamdues.on_its_way_cents(m.payment_intent_id)) as cents
	    from teamdues.payments m
	    where m.matched_order_id = o.order_id and m.place = 'order') w
	where o.order_id = p_order_id
$$;

-- No row: there is no such order.
create or replace function teamdues.desk_order_subject(
	p_session bytea,
	p_order_id bigint,
	p_zone text)
returns setof jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return query
	select h from desk_order_head(v_user, p_order_id, p_zone) h;
end
$$;

-- What is said of an event without the numbers that Stripe gives things: the
-- payments on the page have theirs.
create or replace function teamdues.without_numbers(p_detail text) returns text
language sql immutable as $$
	select ltrim(regexp_replace(p_detail,
	    '(^|, | of )(cs|pi|py|re|pyr|dp|du|issfr)_[A-Za-z0-9_]+', '', 'g'),
	    ', ')
$$;

-- What happened to an order: the newest hundred, the oldest of them first.
create or replace function teamdues.desk_timeline(
	p_order_id bigint,
	p_zone text)
returns jsonb
language plpgsql stable as $$
begin
	return (
	    select coalesce(jsonb_agg(jsonb_build_object(
	        'at', teamdues.desk_time(x.at, p_zone), 'what', x.what,
	        'amount_cents', x.amount_cents,
	        'detail', teamdues.without_numbers(x.detail))
	        order by x.place desc), '[]')
	    from (
	        select e.*, row_number() over (
	            order by date_trunc('second', e.at) desc nulls first,
	            e.rank desc, e.at desc, e.what = 'payment page made',
	            e.what desc, e.detail desc) as place
	        from teamdues.order_events(p_order_id) e
	        order by place
	        limit 100) x);
end
$$;

-- What came for an order, or may have, by whichever way.
create or replace function teamdues.desk_payments(
	p_order teamdues.orders,
	p_zone text)
returns jsonb
language sql stable as $$
	select coalesce(jsonb_agg(jsonb_build_object(
	    'at', case when x.received_on is null
	        then teamdues.desk_time(x.at, p_zone)
	        else teamdues.desk_day(x.received_on, p_zone) end,
	    'how', x.how, 'who', x.who, 'amount_cents', x.amount_cents,
	    'given_cents', nullif(x.given_cents - coalesce(x.way_cents, 0), 0),
	    'way_cents', x.way_cents, 'currency', p_order.currency,
	    'note', x.note, 'id', x.id, 'reference', x.reference,
	    'order_id', p_order.order_id,
	    'seen', teamdues.order_seen(p_order.order_id))
	    order by coalesce(x.received_on::timestamp at time zone p_zone,
	        x.at)), '[]')
	from (
	    select p.paid_at as at, 'stripe' as how,
	        teamdues.person_text(p.payer_name, p.email) as who,
	        p.amount_cents,
	        teamdues.refunded_cents(p.payment_intent_id) as given_cents,
	        teamdues.on_its_way_cents(p.payment_intent_id) as way_cents,
	        coalesce(teamdues.refund_fault(p), case when p.place <> 'order'
	            then concat_ws(': ', p.place, nullif(p.reason, '')) end)
	            as note, null::date as received_on,
	        concat_ws(', ', 'card ending in ' || c.card_last4,
	            p.payment_intent_id) as id, null as reference
	    from teamdues.payments_of_order(p_order.order_id) p
	    left join teamdues.charges c
	        on c.payment_intent_id = p.payment_intent_id
	    where p.paid_at is not null
	    union all
	    select r.recorded_at, r.source, r.actor, r.amount_cents, null, null,
	        null, r.received_on, 'reference ' || teamdues.told_reference(
	            r.source, r.reference), r.reference
	    from teamdues.recorded_payments r
	    where r.order_id = p_order.order_id and r.taken_back_at is null) x
$$;

-- What Stripe said last of an order's pages, and when it was asked last.
create or replace function teamdues.desk_at_stripe(
	p_order_id bigint,
	p_zone text)
returns jsonb
language sql stable as $$
	select jsonb_build_object('page', (
	    select jsonb_build_object('status', s.status,
	        'made', teamdues.desk_time(s.stripe_created, p_zone),
	        'ends', teamdues.desk_time(s.expires_at, p_zone),
	        'amount_cents', s.amount_cents, 'currency', s.currency)
	    from teamdues.checkout_sessions s
	    where s.order_id = p_order_id
	    order by s.stripe_created desc, s.session_id desc
	    limit 1),
	    'asked', (
	    select jsonb_build_object(
	        'at', teamdues.desk_time(r.ended_at, p_zone), 'words', r.words)
	    from teamdues.desk_requests r
	    where r.order_id = p_order_id and r.action = 'ask_stripe'
	    and r.ended_at is not null
	    order by r.request_id desc
	    limit 1))
$$;

-- Requests, as the page of what they are about tells of them.
create or replace function teamdues.desk_requests_told(
	p_request_ids bigint[],
	p_zone text)
returns jsonb
language sql stable as $$
	select coalesce(jsonb_agg(jsonb_build_object(
	    'request_id', r.request_id, 'action', r.action, 'state', r.state,
	    'words', r.words, 'who', u.name,
	    'at', teamdues.desk_time(r.asked_at, p_zone))
	    order by r.request_id), '[]')
	from teamdues.desk_requests r
	join teamdues.desk_users u on u.user_id = r.user_id
	where r.request_id = any (p_request_ids)
$$;

-- What is being done for an order, or was not done of late.
create or replace function teamdues.desk_under_way(
	p_order_id bigint,
	p_zone text)
returns jsonb
language sql stable as $$
	select teamdues.desk_requests_told(array(
	    select r.request_id
	    from teamdues.desk_requests r
	    where r.order_id = p_order_id
	    and (r.state in ('queued', 'working') or (r.state = 'failed'
	        and r.ended_at > now() - interval '7 days'))), p_zone)
$$;

-- What an order's pay link is made of, as lib/desk/order_link.c has it; null
-- when there is nothing to pay.
create or replace function teamdues.desk_link(
	p_order teamdues.orders,
	p_zone text)
returns jsonb
language sql stable as $$
	select case
	when p_order.status <> 'pending' then null
	when p_order.kind = 'fee' then (
	    select jsonb_build_object('player_id', f.player_id,
	        'word', f.word, 'monthly_fee_cents', f.monthly_fee_cents,
	        'adjusted_cents', f.adjusted_cents, 'day', f.day,
	        'month_ends', f.month_ends, 'prorate', coalesce((
	            select (e.facts ->> 'prorate')::boolean
	            from teamdues.emails e
	            where e.player_id = f.player_id
	            and e.kind = 'first_payment'
	            and coalesce(e.order_id, 0) = 0
	            order by e.day desc, e.copy desc
	            limit 1), true))
	    from teamdues.first_payment_players(p_order.player_id, p_zone,
	        true) f)
	when p_order.kind = 'jersey' then (
	    select jsonb_build_object('id', p_order.player_id,
	        'word', coalesce(l.word, ''), 'expires', l.expires)
	    from teamdues.player_link(p_order.player_id) l)
	else (
	    select jsonb_build_object('id', p_order.order_id,
	        'word', coalesce(l.word, ''), 'expires', l.expires)
	    from teamdues.order_link(p_order.order_id, p_zone, null) l) end
$$;

-- Whoever only looks gets no pay link: it could be clicked.
create or replace function teamdues.desk_order(
	p_session bytea,
	p_order_id bigint,
	p_zone text)
returns setof jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
	v_order orders;
begin
	select * into v_order from orders o where o.order_id = p_order_id;
	return query
	select h || jsonb_build_object('possible', desk_possible(v_order),
	    'timeline', desk_timeline(p_order_id, p_zone),
	    'payments', desk_payments(v_order, p_zone),
	    'stripe', desk_at_stripe(p_order_id, p_zone),
	    'requests', desk_under_way(p_order_id, p_zone),
	    'link', case when v_user.role = 'treasurer'
	        then desk_link(v_order, p_zone) end)
	from desk_order_head(v_user, p_order_id, p_zone) h;
end
$$;
