-- The page Today: one document, read by whoever is signed in.

-- A time as it stands in a list of the desk's: "3 May 19:02", with the year
-- where it is another one than this.
create or replace function teamdues.desk_time(p_at timestamptz, p_zone text)
returns text
language sql stable as $$
	select to_char(p_at at time zone p_zone,
	    case when extract(year from p_at at time zone p_zone)
	        = extract(year from now() at time zone p_zone)
	    then 'FMDD Mon HH24:MI' else 'FMDD Mon YYYY' end)
$$;

-- What is owed, was paid and was given back of the club's currency, by what it
-- is for and by the month in which it was paid.  An order that is not paid
-- whole, or was by what was recorded in another month than it came, counts in
-- the month of the last that came for it.  The groups are few, which the
-- planner cannot know.
create or replace function teamdues.desk_money(p_zone text, p_currency text)
returns jsonb
language plpgsql stable
set enable_sort = off
set jit = off as $$
begin
	return (
	    -- Where the last twelve months begin; 0 is all before.
	    with months as materialized (
	        select m.n, m.day at time zone p_zone as begins
	        from generate_series(
	            date_trunc('month', now() at time zone p_zone)
	                - interval '11 months',
	            now() at time zone p_zone, '1 month')
	            with ordinality m (day, n)
	    -- What was recorded before these counts before them anyway.
	    ), late as materialized (
	        select distinct r.order_id
	        from teamdues.recorded_payments r
	        where r.received_on is not null and r.taken_back_at is null
	        and r.recorded_at >= (
	            select m.begins
	            from months m
	            where m.n = 1)
	        and date_trunc('month', r.received_on) <> date_trunc('month',
	            r.recorded_at at time zone p_zone)
	    -- One pass over the orders, the only one: an array that is read
	    -- from a row would be unpacked for each.
	    ), cube as materialized (
	        select o.tournament_id, o.product_id,
	            width_bucket(case when o.paid_cents > 0 and (o.paid_at
	                    is null or o.order_id in (
	                        select l.order_id from late l))
	                then teamdues.last_came_at(o.order_id, p_zone)
	                else o.paid_at end, array(
	                select m.begins
	                from months m
	                order by m.n)) as month,
	            coalesce(sum(teamdues.left_cents(o)) filter (
	                where o.status = 'pending'), 0) as owed,
	            sum(o.paid_cents) as paid,
	            sum(teamdues.gone_cents(o)) as refunded
	        from teamdues.orders o
	        where o.currency = p_currency
	        group by 1, 2, 3
	    ), items as (
	        select coalesce(t.name, p.name) as label, t.held_on,
	            c.tournament_id, sum(c.owed) as owed, sum(c.paid) as paid,
	            sum(c.refunded) as refunded
	        from cube c
	        join teamdues.products p on p.product_id = c.product_id
	        left join teamdues.tournaments t
	            on t.tournament_id = c.tournament_id
	        group by c.tournament_id, t.name, t.held_on,
	            case when t.name is null then c.product_id end,
	            case when t.name is null then p.name end,
	            coalesce(t.name, p.name)
	    ), ranked as (
	        select i.*, row_number() over (order by i.owed > 0 desc,
	            i.held_on desc nulls first, i.label, i.tournament_id) as n
	        from items i
	    )
	    select jsonb_build_object(
	        'currency', p_currency,
	        'owed_cents', (select coalesce(sum(c.owed), 0) from cube c),
	        'paid_cents', (select coalesce(sum(c.paid), 0) from cube c),
	        'refunded_cents', (
	            select coalesce(sum(c.refunded), 0) from cube c),
	        'items', coalesce((
	            select jsonb_agg(jsonb_build_object('label', x.label,
	                'note', x.note, 'page', x.page, 'owed_cents', x.owed,
	                'paid_cents', x.paid, 'refunded_cents', x.refunded)
	                order by x.n)
	            from (
	                select least(r.n, 13) as n,
	                    case when r.n <= 12 then min(r.label)
	                    else format('%s others', count(*)) end as label,
	                    case when r.n <= 12 then to_char(min(r.held_on),
	                        'FMDD Mon YYYY') end as note,
	                    case when r.n <= 12 then min(r.tournament_id)
	                    end as page,
	                    sum(r.owed) as owed, sum(r.paid) as paid,
	                    sum(r.refunded) as refunded
	                from ranked r
	                group by least(r.n, 13), r.n <= 12) x), '[]'),
	        'months', (
	            select jsonb_agg(jsonb_build_object(
	                'label', coalesce(to_char(m.begins at time zone p_zone,
	                    'Mon YYYY'), 'Before'),
	                'paid_cents', coalesce(x.paid, 0),
	                'refunded_cents', coalesce(x.refunded, 0))
	                order by g.n)
	            from generate_series(0, 12) g (n)
	            left join months m on m.n = g.n
	            left join (
	                select c.month, sum(c.paid) as paid,
	                    sum(c.refunded) as refunded
	                from cube c
	                group by c.month) x on x.month = g.n
	            where g.n >= coalesce((
	                select min(c.month)
	                from cube c
	                where c.paid > 0), 12))));
end
$$;

-- When the last money came for an order, whichever way.
create or replace function teamdues.last_came_at(
	p_order_id bigint,
	p_zone text)
returns timestamptz
language plpgsql stable as $$
begin
	return greatest((
	    select max(coalesce(r.received_on::timestamp at time zone p_zone,
	        r.recorded_at))
	    from teamdues.recorded_payments r
	    where r.order_id = p_order_id and r.taken_back_at is null), (
	    select max(p.paid_at)
	    from teamdues.payments p
	    where p.matched_order_id = p_order_id and p.place = 'order'));
end
$$;

-- What came in the last seven days, the newest first; of Stripe's what the
-- list of payments has, and in no sum what that leaves out.
create or replace function teamdues.desk_week(p_zone text)
returns jsonb
language plpgsql stable as $$
begin
	return (
	with came as materialized (
	    select p.paid_at as at, p.amount_cents, p.currency,
	        case when p.place = 'order' then p.matched_order_id end
	            as order_id,
	        'card' as source, p.place, null::date as received_on,
	        coalesce(nullif(p.payer_name, ''), p.email) as payer,
	        case when p.place = 'settled'
	            then teamdues.left_out(p.session_id) end as left_out
	    from teamdues.payments p
	    where p.paid_at > now() - interval '7 days'
	    and p.place <> 'foreign' and p.is_our_mode and p.amount_cents > 0
	    union all
	    select d.at, r.amount_cents, o.currency, r.order_id, r.source,
	        'order', r.received_on, null, null
	    from teamdues.recorded_payments r
	    join teamdues.orders o on o.order_id = r.order_id
	    cross join lateral (
	        select coalesce(r.received_on::timestamp at time zone p_zone,
	            r.recorded_at) as at) d
	    where r.recorded_at > now() - interval '7 days'
	    and d.at > now() - interval '7 days' and r.taken_back_at is null
	)
	select jsonb_build_object(
	    'count', (select count(*) from came),
	    'rows', coalesce((
	        select jsonb_agg(jsonb_build_object(
	            'at', case when x.received_on is null
	                then teamdues.desk_time(x.at, p_zone)
	                else teamdues.desk_day(x.received_on, p_zone) end,
	            'who', coalesce(y.name, x.payer),
	            'item', coalesce(t.name, p.name, case
	                when x.left_out is not null then 'Not the club''s'
	                when x.place = 'settled' then 'No order'
	                else 'Not placed yet' end),
	            'left_out', x.left_out,
	            'how', x.source, 'amount_cents', x.amount_cents,
	            'currency', x.currency, 'order_id', x.order_id)
	            order by x.at desc, x.order_id)
	        from (select *
	            from came
	            order by at desc, order_id
	            limit 15) x
	        left join teamdues.orders o on o.order_id = x.order_id
	        left join teamdues.players y on y.player_id = o.player_id
	        left join teamdues.products p on p.product_id = o.product_id
	        left join teamdues.tournaments t
	            on t.tournament_id = o.tournament_id), '[]'),
	    'sums', coalesce((
	        select jsonb_agg(jsonb_build_object('amount_cents', s.cents,
	            'loose_cents', s.loose, 'currency', s.currency)
	            order by s.currency)
	        from (select sum(c.amount_cents) as cents, c.currency,
	                sum(c.amount_cents) filter (
	                    where c.place in ('unmatched', 'review')) as loose
	            from came c
	            where c.left_out is null
	            group by c.currency) s), '[]')));
end
$$;

create or replace function teamdues.desk_today(
	p_session bytea,
	p_zone text,
	p_currency text)
returns jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return jsonb_build_object(
	    'user', desk_user_json(v_user),
	    'needs', (
	        select coalesce(jsonb_agg(jsonb_build_object('kind', n.kind,
	            'since', desk_time(n.at, p_zone), 'count', n.count,
	            'amount_cents', n.amount_cents, 'currency', n.currency,
	            'who', n.who, 'detail', n.detail, 'order_id', n.order_id,
	            'key', n.key, 'request_id', case n.kind
	                when 'request failed' then n.key end,
	            'days_left', ceil(extract(epoch
	                from n.due_at - now()) / 86400)::bigint)
	            order by n.kind = 'more', n.at nulls first, n.key), '[]')
	        from desk_needs() n),
	    'money', desk_money(p_zone, p_currency),
	    'week', desk_week(p_zone));
end
$$;
