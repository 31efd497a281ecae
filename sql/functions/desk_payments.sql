-- The book of money, as the desk lists it: a line for all that came and for all
-- that went again, so that a month can be laid beside the bank's.  left_out is
-- why a line is in no sum, else null.

-- Of a settled payment: what was dismissed stays where it is, but is no income
-- of the club's.
create or replace function teamdues.left_out(p_session_id text) returns text
language sql stable as $$
	select 'not the club''s'
	from teamdues.dismissals d
	where d.subject = p_session_id and d.taken_back_at is null
$$;

-- What came through Stripe in a span of time, but not what is another
-- installation's or was paid in Stripe's other mode.
create or replace function teamdues.money_paid(
	p_from timestamptz,
	p_until timestamptz)
returns table (at timestamptz, id text, what text, how text, in_cents bigint,
	out_cents bigint, currency text, session_id text, order_id bigint,
	reference text, left_out text)
language sql stable as $$
	select p.paid_at, p.session_id, 'Paid', 'card', p.amount_cents,
	    null::bigint, p.currency, p.session_id, null::bigint,
	    p.payment_intent_id, case when p.place = 'settled'
	    then teamdues.left_out(p.session_id) end
	from teamdues.payments p
	where p.paid_at >= p_from and p.paid_at < p_until
	and p.place <> 'foreign' and p.is_our_mode and p.amount_cents > 0
$$;

-- What a treasurer recorded, by the day on which it came; a mistake that was
-- taken back is still told.
create or replace function teamdues.money_recorded(
	p_from timestamptz,
	p_until timestamptz,
	p_zone text)
returns table (at timestamptz, id text, what text, how text, in_cents bigint,
	out_cents bigint, currency text, session_id text, order_id bigint,
	reference text, left_out text)
language sql stable as $$
	select x.at, r.recorded_id::text, 'Paid', r.source, r.amount_cents,
	    null::bigint, o.currency, null, r.order_id, r.reference,
	    case when r.taken_back_at is not null then 'taken back' end
	from (
	    select n.recorded_id, n.recorded_at as at
	    from teamdues.recorded_payments n
	    where n.recorded_at >= p_from and n.recorded_at < p_until
	    and n.received_on is null
	    union all
	    select d.recorded_id,
	        d.received_on::timestamp at time zone p_zone
	    from teamdues.recorded_payments d
	    where d.received_on >= (p_from at time zone p_zone)::date
	    and d.received_on <= (p_until at time zone p_zone)::date) x
	join teamdues.recorded_payments r on r.recorded_id = x.recorded_id
	join teamdues.orders o on o.order_id = r.order_id
	where x.at >= p_from and x.at < p_until
$$;

-- Refunds that did not fail.  Those of which only the charge has told are one
-- line for a payment, of the day when it told first.
create or replace function teamdues.moves_refunded(
	p_from timestamptz,
	p_until timestamptz)
returns table (at timestamptz, payment_intent_id text, id text,
	amount_cents bigint)
language sql stable as $$
	select x.at, x.payment_intent_id, x.refund_id, x.amount_cents
	from (
	    select f.payment_intent_id, f.refund_id,
	        max(f.amount_cents) as amount_cents,
	        coalesce(min(f.stripe_created), teamdues.first_heard(
	            f.payment_intent_id, f.refund_id, null)) as at
	    from teamdues.refund_facts f
	    where f.stripe_created >= p_from and f.stripe_created < p_until
	    or f.stripe_created is null
	    group by f.payment_intent_id, f.refund_id) x
	where x.at >= p_from and x.at < p_until
	and not exists (
	    select from teamdues.refund_facts f
	    where f.refund_id = x.refund_id
	    and f.status in ('failed', 'canceled'))
	union all
	select x.at, x.payment_intent_id, x.payment_intent_id || ' charge',
	    teamdues.refunded_cents(x.payment_intent_id) - g.cents
	from (
	    select e.payment_intent_id, teamdues.first_heard(
	        e.payment_intent_id, null, 'charge.refunded') as at
	    from teamdues.stripe_events e
	    where e.type = 'charge.refunded' and e.stripe_created >= p_from
	    and e.stripe_created < p_until
	    group by e.payment_intent_id) x
	cross join lateral (
	    select coalesce(sum(r.cents), 0) as cents
	    from (
	        select max(f.amount_cents) as cents
	        from teamdues.refund_facts f
	        where f.payment_intent_id = x.payment_intent_id
	        group by f.refund_id
	        having not bool_or(f.status in ('failed', 'canceled'))) r) g
	where x.at >= p_from
	and teamdues.refunded_cents(x.payment_intent_id) > g.cents
$$;

-- What went through Stripe again: given back by the club, or to a family's bank
-- by a dispute that was lost.
create or replace function teamdues.money_gone(
	p_from timestamptz,
	p_until timestamptz)
returns table (at timestamptz, id text, what text, how text, in_cents bigint,
	out_cents bigint, currency text, session_id text, order_id bigint,
	reference text, left_out text)
language sql stable as $$
	select x.at, x.id, x.what, 'card', null::bigint, x.amount_cents,
	    p.currency, p.session_id, null::bigint, p.payment_intent_id,
	    case when p.place = 'settled'
	    then teamdues.left_out(p.session_id) end
	from (
	    select r.at, r.payment_intent_id, r.id, 'Given back' as what,
	        r.amount_cents
	    from teamdues.moves_refunded(p_from, p_until) r
	    union all
	    select d.at, d.payment_intent_id, d.payment_intent_id || ' lost',
	        'Charged back',
	        (teamdues.dispute_sums(d.payment_intent_id)).lost_cents
	    from (
	        select f.payment_intent_id, coalesce(min(f.stripe_created),
	            teamdues.first_heard(f.payment_intent_id, null,
	                'charge.dispute.created')) as at
	        from teamdues.dispute_facts f
	        where f.fact = 'lost'
	        group by f.payment_intent_id) d
	    where d.at >= p_from and d.at < p_until) x
	join teamdues.payments p on p.payment_intent_id = x.payment_intent_id
	where x.amount_cents > 0 and p.place <> 'foreign' and p.is_our_mode
$$;

-- Whoever adds the columns of a file up gets its sums: what is in none has a
-- column of its own there.
create or replace function teamdues.money_in_a_file(
	p_in_cents numeric,
	p_out_cents numeric,
	p_left_out text)
returns jsonb
language sql immutable as $$
	select case when p_left_out is null
	    then jsonb_build_object('counted_in_cents', p_in_cents,
	        'counted_out_cents', p_out_cents)
	    else jsonb_build_object('left_out_cents',
	        coalesce(p_in_cents, 0) - coalesce(p_out_cents, 0)) end
$$;

-- All lines of a span.
create or replace function teamdues.money_lines(
	p_from timestamptz,
	p_until timestamptz,
	p_how text,
	p_zone text)
returns table (at timestamptz, id text, what text, how text, in_cents bigint,
	out_cents bigint, currency text, session_id text, order_id bigint,
	reference text, left_out text)
language sql stable as $$
	select m.*
	from (
	    select * from teamdues.money_paid(p_from, p_until)
	    union all
	    select * from teamdues.money_recorded(p_from, p_until, p_zone)
	    union all
	    select * from teamdues.money_gone(p_from, p_until)) m
	where p_how is null or m.how = p_how
$$;

-- The ways in which money comes.
create or replace function teamdues.money_ways() returns text[]
language sql immutable as $$
	select array['card', 'cash', 'cheque', 'transfer']
$$;

-- What came in a span and is not placed yet: of all that waits, which is less
-- than what came in a long one.
create or replace function teamdues.loose_cents(
	p_from timestamptz,
	p_until timestamptz,
	p_currency text)
returns numeric
language plpgsql stable as $$
begin
	return (
	    select sum(p.amount_cents)
	    from (
	        select x.amount_cents, x.paid_at, x.currency
	        from teamdues.payments x
	        where x.place in ('unmatched', 'review') and x.is_our_mode
	        offset 0) p
	    where p.paid_at >= p_from and p.paid_at < p_until
	    and p.currency = p_currency);
end
$$;

-- For each currency: by each way of paying, also by those in which nothing
-- came, unless one is asked for; in all, with what of it is not placed yet; and
-- below that what is in no sum, by why.  The plan is made for the span; the
-- groups are few, which the planner cannot know.
create or replace function teamdues.desk_money_sums(
	p_from timestamptz,
	p_until timestamptz,
	p_how text,
	p_zone text)
returns jsonb
language plpgsql stable
set plan_cache_mode = force_custom_plan
set enable_sort = off
set jit = off as $$
begin
	return (
	with ways as materialized (
	    select m.currency, m.left_out, m.how, count(*) as count,
	        coalesce(sum(m.in_cents), 0) as in_cents,
	        coalesce(sum(m.out_cents), 0) as out_cents
	    from teamdues.money_lines(p_from, p_until, p_how, p_zone) m
	    group by m.currency, m.left_out, m.how
	), sums as (
	    select c.currency, 1 as rank, h.how, null as left_out,
	        coalesce(w.count, 0) as count,
	        coalesce(w.in_cents, 0) as in_cents,
	        coalesce(w.out_cents, 0) as out_cents
	    from (
	        select distinct w.currency
	        from ways w
	        where w.left_out is null) c
	    cross join unnest(teamdues.money_ways()) h (how)
	    left join ways w on w.currency = c.currency and w.how = h.how
	        and w.left_out is null
	    where p_how is null
	    union all
	    select w.currency, case when w.left_out is null then 2 else 3 end,
	        null, w.left_out, sum(w.count), sum(w.in_cents),
	        sum(w.out_cents)
	    from ways w
	    group by w.currency, w.left_out
	)
	select coalesce(jsonb_agg(to_jsonb(s)
	    || teamdues.money_in_a_file(s.in_cents, s.out_cents, s.left_out)
	    || jsonb_build_object('move', 'Sum', 'label', upper(left(w.word, 1))
	        || substr(w.word, 2), 'loose_cents', case
	        when s.rank = 2 and coalesce(p_how, 'card') = 'card'
	        then teamdues.loose_cents(p_from, p_until, s.currency) end)
	    order by s.currency, s.rank, w.word), '[]')
	from sums s
	cross join lateral (select coalesce(s.how, s.left_out) as word) w);
end
$$;

-- A page of the lines, the newest first; p_after, a key, is a line's time and
-- id.  It looks back from its first line for a few days, and further only while
-- they hold too few.
create or replace function teamdues.desk_money_page(
	p_from timestamptz,
	p_until timestamptz,
	p_how text,
	p_after text,
	p_zone text,
	p_limit bigint)
returns table (at timestamptz, id text, what text, how text, in_cents bigint,
	out_cents bigint, currency text, session_id text, order_id bigint,
	reference text, left_out text)
language plpgsql stable rows 50
set jit = off as $$
declare
	v_at timestamptz := to_timestamp(left(p_after, 20),
	    'YYYYMMDDHH24MISSUS')::timestamp at time zone 'UTC';
	v_id text := substr(p_after, 22);
	v_until timestamptz := least(p_until, now() + interval '1 day',
	    v_at + interval '1 microsecond');
	v_span interval := interval '2 days';
	v_from timestamptz;
	v_count bigint;
begin
	loop
		v_from := greatest(p_from, v_until - v_span);
		select count(*) into v_count
		from teamdues.money_lines(v_from, v_until, p_how, p_zone);
		exit when v_count > p_limit or v_from = p_from;
		v_span := v_span * 4;
	end loop;
	return query
	select m.*
	from teamdues.money_lines(v_from, v_until, p_how, p_zone) m
	where p_after is null
	or (m.at, m.id collate "C") < (v_at, v_id collate "C")
	order by m.at desc, m.id collate "C" desc
	limit p_limit;
end
$$;

-- The same with what the page says of each.
create or replace function teamdues.desk_money_rows(
	p_from timestamptz,
	p_until timestamptz,
	p_how text,
	p_after text,
	p_zone text,
	p_limit bigint)
returns jsonb
language plpgsql stable
set jit = off as $$
begin
	return (
	    select coalesce(jsonb_agg(jsonb_build_object(
	        'key', to_char(m.at at time zone 'UTC',
	            'YYYYMMDDHH24MISSUS.') || m.id,
	        'at', case when m.how = 'card'
	            then teamdues.desk_time(m.at, p_zone)
	            else teamdues.desk_day(d.day, p_zone) end,
	        'time', case when m.how = 'card'
	            then teamdues.local_text(m.at, p_zone)
	            else d.day::text end,
	        'who', coalesce(y.name, x.payer, 'Somebody unknown'),
	        'item', coalesce(t.name, c.name, case
	            when p.place = 'settled' then 'No order'
	            else 'Not placed yet' end),
	        'move', m.what, 'how', m.how,
	        'what', concat_ws(', ', m.what, m.left_out),
	        'in_cents', m.in_cents, 'out_cents', m.out_cents,
	        'left_out', m.left_out, 'currency', m.currency,
	        'order_id', o.order_id, 'payer', x.payer,
	        'reference', m.reference)
	        || teamdues.money_in_a_file(m.in_cents, m.out_cents, m.left_out)
	        order by m.at desc, m.id collate "C" desc), '[]')
	    from teamdues.desk_money_page(p_from, p_until, p_how, p_after,
	        p_zone, p_limit) m
	    left join teamdues.payments p on p.session_id = m.session_id
	    cross join lateral (
	        select (m.at at time zone p_zone)::date as day) d
	    left join teamdues.orders o on o.order_id = coalesce(m.order_id,
	        case when p.place = 'order' then p.matched_order_id end)
	    left join teamdues.players y on y.player_id = o.player_id
	    left join teamdues.products c on c.product_id = o.product_id
	    left join teamdues.tournaments t
	        on t.tournament_id = o.tournament_id
	    left join teamdues.parents r on r.parent_id = y.parent_id
	    cross join lateral (
	        select coalesce(nullif(p.payer_name, ''), p.email, r.name)
	            as payer) x);
end
$$;

-- The days from p_from to p_until, both whole, in the club's zone; without the
-- first, from the first of this month.
create or replace function teamdues.desk_payments(
	p_session bytea,
	p_from date,
	p_until date,
	p_how text,
	p_after text,
	p_zone text,
	p_limit bigint)
returns jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
	v_today date := now() at time zone p_zone;
	v_from date := coalesce(p_from,
	    date_trunc('month', least(p_until, v_today)));
	v_until date := coalesce(p_until, v_today);
	v_begin timestamptz := v_from::timestamp at time zone p_zone;
	v_end timestamptz := (v_until + 1)::timestamp at time zone p_zone;
	v_sums jsonb := desk_money_sums(v_begin, v_end, p_how, p_zone);
begin
	return jsonb_build_object(
	    'user', desk_user_json(v_user),
	    'title', format('Payments, %s to %s',
	        to_char(v_from, E'FMDD\u00a0Mon\u00a0YYYY'),
	        to_char(v_until, E'FMDD\u00a0Mon\u00a0YYYY')),
	    'typed', jsonb_build_object('from', v_from, 'until', v_until),
	    'choices', jsonb_build_object('how', (
	        select jsonb_agg(jsonb_build_object('value', h,
	            'name', initcap(h)))
	        from unnest(money_ways()) h)),
	    'rows', desk_money_rows(v_begin, v_end, p_how, p_after, p_zone,
	        p_limit),
	    'sums', v_sums, 'count', (
	        select coalesce(sum((s ->> 'count')::bigint), 0)
	        from jsonb_array_elements(v_sums) s
	        where (s ->> 'rank')::integer > 1));
end
$$;
