-- The book of money, as the desk lists it: a line for all that came and for all
-- that went again, so that a month can be laid beside the bank's.

-- What came through Stripe in a span of time, but not what is another
-- installation's or was paid in Stripe's other mode.
create or replace function teamdues.money_paid(
	p_from timestamptz,
	p_until timestamptz)
returns table (at timestamptz, id text, what text, how text, in_cents bigint,
	out_cents bigint, currency text, session_id text, order_id bigint,
	reference text)
language sql stable as $$
	select p.paid_at, p.session_id, 'Paid', 'Stripe', p.amount_cents,
	    null::bigint, p.currency, p.session_id, null::bigint,
	    p.payment_intent_id
	from teamdues.payments p
	where p.paid_at >= p_from and p.paid_at < p_until
	and p.place <> 'foreign' and p.is_our_mode and p.amount_cents > 0
$$;

-- What a treasurer recorded, and what was taken back of that: as lines of two
-- days, since the month of the first may be closed already.
create or replace function teamdues.money_recorded(
	p_from timestamptz,
	p_until timestamptz)
returns table (at timestamptz, id text, what text, how text, in_cents bigint,
	out_cents bigint, currency text, session_id text, order_id bigint,
	reference text)
language sql stable as $$
	select x.at, x.id, x.what, x.source, x.in_cents, x.out_cents,
	    o.currency, null, x.order_id, x.reference
	from (
	    select r.recorded_at as at, r.recorded_id::text as id,
	        'Paid' as what, r.source, r.amount_cents as in_cents,
	        null::bigint as out_cents, r.order_id, r.reference
	    from teamdues.recorded_payments r
	    where r.recorded_at >= p_from and r.recorded_at < p_until
	    union all
	    select r.taken_back_at, r.recorded_id || ' taken back',
	        'Record taken back', r.source, null, r.amount_cents,
	        r.order_id, r.reference
	    from teamdues.recorded_payments r
	    where r.taken_back_at >= p_from and r.taken_back_at < p_until) x
	join teamdues.orders o on o.order_id = x.order_id
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
	reference text)
language sql stable as $$
	select x.at, x.id, x.what, 'Stripe', null::bigint, x.amount_cents,
	    p.currency, p.session_id, null::bigint, p.payment_intent_id
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

-- All lines of a span.
create or replace function teamdues.money_lines(
	p_from timestamptz,
	p_until timestamptz,
	p_how text)
returns table (at timestamptz, id text, what text, how text, in_cents bigint,
	out_cents bigint, currency text, session_id text, order_id bigint,
	reference text)
language sql stable as $$
	select m.*
	from (
	    select * from teamdues.money_paid(p_from, p_until)
	    union all
	    select * from teamdues.money_recorded(p_from, p_until)
	    union all
	    select * from teamdues.money_gone(p_from, p_until)) m
	where p_how is null or m.how = p_how
$$;

create or replace function teamdues.desk_money_sums(
	p_from timestamptz,
	p_until timestamptz,
	p_how text)
returns jsonb
language plpgsql stable
set jit = off as $$
begin
	return (
	    select coalesce(jsonb_agg(to_jsonb(s) order by s.currency), '[]')
	    from (
	        select count(*) as count,
	            coalesce(sum(m.in_cents), 0) as in_cents,
	            coalesce(sum(m.out_cents), 0) as out_cents, m.currency
	        from teamdues.money_lines(p_from, p_until, p_how) m
	        group by m.currency) s);
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
	p_limit bigint)
returns table (at timestamptz, id text, what text, how text, in_cents bigint,
	out_cents bigint, currency text, session_id text, order_id bigint,
	reference text)
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
		from teamdues.money_lines(v_from, v_until, p_how);
		exit when v_count > p_limit or v_from = p_from;
		v_span := v_span * 4;
	end loop;
	return query
	select m.*
	from teamdues.money_lines(v_from, v_until, p_how) m
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
	        'at', teamdues.desk_time(m.at, p_zone),
	        'time', teamdues.local_text(m.at, p_zone),
	        'who', coalesce(y.name, x.payer, 'Somebody unknown'),
	        'item', coalesce(t.name, c.name, 'No order yet'),
	        'what', m.what, 'how', m.how,
	        'in_cents', m.in_cents, 'out_cents', m.out_cents,
	        'currency', m.currency, 'order_id', o.order_id,
	        'payer', x.payer, 'reference', m.reference)
	        order by m.at desc, m.id collate "C" desc), '[]')
	    from teamdues.desk_money_page(p_from, p_until, p_how, p_after,
	        p_limit) m
	    left join teamdues.payments p on p.session_id = m.session_id
	    cross join lateral (
	        select coalesce(nullif(p.payer_name, ''), p.email) as payer) x
	    left join teamdues.orders o on o.order_id = coalesce(m.order_id,
	        case when p.place = 'order' then p.matched_order_id end)
	    left join teamdues.players y on y.player_id = o.player_id
	    left join teamdues.products c on c.product_id = o.product_id
	    left join teamdues.tournaments t
	        on t.tournament_id = o.tournament_id);
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
begin
	return jsonb_build_object(
	    'user', desk_user_json(v_user),
	    'title', format('Payments, %s to %s',
	        to_char(v_from, 'FMDD Mon YYYY'),
	        to_char(v_until, 'FMDD Mon YYYY')),
	    'typed', jsonb_build_object('from', v_from, 'until', v_until),
	    'choices', jsonb_build_object('how', (
	        select jsonb_agg(jsonb_build_object('value', h,
	            'name', initcap(h)))
	        from unnest(array['Stripe', 'cash', 'cheque', 'transfer']) h)),
	    'rows', desk_money_rows(v_begin, v_end, p_how, p_after, p_zone,
	        p_limit),
	    'sums', desk_money_sums(v_begin, v_end, p_how));
end
$$;
