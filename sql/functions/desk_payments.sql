-- The book of money, as the desk lists it: a line for all that came and for all
-- that went again, so that a month can be laid beside the bank's.

-- What came through Stripe in a span of time, but not what is another
-- installation's or was paid in Stripe's other mode.
create or replace function teamdues.moves_paid(
	p_from timestamptz,
	p_until timestamptz)
returns table (at timestamptz, id text, what text, how text, in_cents bigint,
	out_cents bigint, session_id text, order_id bigint, reference text)
language sql stable as $$
	select p.paid_at, p.session_id, 'Paid', 'Stripe', p.amount_cents,
	    null::bigint, p.session_id, null::bigint, p.payment_intent_id
	from teamdues.payments p
	where p.paid_at >= p_from and p.paid_at < p_until
	and p.place <> 'foreign' and p.is_our_mode and p.amount_cents > 0
$$;

-- What a treasurer recorded, and what was taken back of that: as lines of two
-- days, since the month of the first may be closed already.
create or replace function teamdues.moves_recorded(
	p_from timestamptz,
	p_until timestamptz)
returns table (at timestamptz, id text, what text, how text, in_cents bigint,
	out_cents bigint, session_id text, order_id bigint, reference text)
language sql stable as $$
	select r.recorded_at, r.recorded_id::text, 'Paid', r.source,
	    r.amount_cents, null::bigint, null, r.order_id, r.reference
	from teamdues.recorded_payments r
	where r.recorded_at >= p_from and r.recorded_at < p_until
	union all
	select r.taken_back_at, r.recorded_id || ' taken back',
	    'Record taken back', r.source, null, r.amount_cents, null,
	    r.order_id, r.reference
	from teamdues.recorded_payments r
	where r.taken_back_at >= p_from and r.taken_back_at < p_until
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
create or replace function teamdues.moves_gone(
	p_from timestamptz,
	p_until timestamptz)
returns table (at timestamptz, id text, what text, how text, in_cents bigint,
	out_cents bigint, session_id text, order_id bigint, reference text)
language sql stable as $$
	select x.at, x.id, x.what, 'Stripe', null::bigint, x.amount_cents,
	    p.session_id, null::bigint, p.payment_intent_id
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

-- All lines of a span, with keys in the order of time.
create or replace function teamdues.money_moves(
	p_from timestamptz,
	p_until timestamptz,
	p_how text)
returns table (key text, at timestamptz, what text, how text, in_cents bigint,
	out_cents bigint, order_id bigint, currency text, payer text,
	reference text)
language plpgsql stable
set jit = off as $$
begin
	return query
	select to_char(m.at at time zone 'UTC', 'YYYYMMDDHH24MISSUS.')
	    || m.id, m.at, m.what, m.how, m.in_cents, m.out_cents,
	    coalesce(m.order_id,
	        case when p.place = 'order' then p.matched_order_id end),
	    coalesce(p.currency, o.currency),
	    coalesce(nullif(p.payer_name, ''), p.email), m.reference
	from (
	    select * from teamdues.moves_paid(p_from, p_until)
	    union all
	    select * from teamdues.moves_recorded(p_from, p_until)
	    union all
	    select * from teamdues.moves_gone(p_from, p_until)) m
	left join teamdues.payments p on p.session_id = m.session_id
	left join teamdues.orders o on o.order_id = m.order_id
	where p_how is null or m.how = p_how;
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
begin
	return (
	    with move as materialized (
	        select *
	        from money_moves(v_from::timestamp at time zone p_zone,
	            (v_until + 1)::timestamp at time zone p_zone, p_how)
	    ), page as (
	        select *
	        from move m
	        where p_after is null or m.key collate "C" < p_after
	        order by m.key collate "C" desc
	        limit p_limit
	    )
	    select jsonb_build_object(
	        'user', desk_user_json(v_user),
	        'title', format('Payments, %s to %s',
	            to_char(v_from, 'FMDD Mon YYYY'),
	            to_char(v_until, 'FMDD Mon YYYY')),
	        'typed', jsonb_build_object('from', v_from,
	            'until', v_until),
	        'choices', jsonb_build_object('how', (
	            select jsonb_agg(jsonb_build_object('value', h,
	                'name', initcap(h)))
	            from unnest(array['Stripe', 'cash', 'cheque',
	                'transfer']) h)),
	        'rows', (
	            select coalesce(jsonb_agg(jsonb_build_object('key', m.key,
	                'at', desk_time(m.at, p_zone),
	                'time', local_text(m.at, p_zone),
	                'who', coalesce(y.name, m.payer, 'Somebody unknown'),
	                'item', coalesce(t.name, c.name, 'No order yet'),
	                'what', m.what, 'how', m.how,
	                'in_cents', m.in_cents, 'out_cents', m.out_cents,
	                'currency', m.currency, 'order_id', m.order_id,
	                'payer', m.payer, 'reference', m.reference)
	                order by m.key collate "C" desc), '[]')
	            from page m
	            left join orders o on o.order_id = m.order_id
	            left join players y on y.player_id = o.player_id
	            left join products c on c.product_id = o.product_id
	            left join tournaments t
	                on t.tournament_id = o.tournament_id),
	        'sums', (
	            select coalesce(jsonb_agg(to_jsonb(s)
	                order by s.currency), '[]')
	            from (
	                select count(*) as count,
	                    coalesce(sum(m.in_cents), 0) as in_cents,
	                    coalesce(sum(m.out_cents), 0) as out_cents,
	                    m.currency
	                from move m
	                group by m.currency) s)));
end
$$;
