-- Random books for test_suggestions.c, and whom their payments seem to belong to,
-- asked plainly of every order for every payment.

select setseed(0.25);

insert into teamdues.parents (name, email)
select 'P', case when n % 7 > 0 then 'Parent' || n || '@x.example' end
from generate_series(1, 30) n;

insert into teamdues.players (parent_id, name)
select case when r.parent_id % 11 > 0 then r.parent_id end, 'Y' || n
from teamdues.parents r cross join generate_series(1, 2) n;

insert into teamdues.stripe_customers (customer_id, parent_id, livemode,
    attempt)
select 'cus_' || r.parent_id || 'x' || n, r.parent_id, false, n
from teamdues.parents r cross join generate_series(1, 2) n;

insert into teamdues.products (kind, name, amount_cents, currency)
values ('tournament', 'T', 100, 'usd');

insert into teamdues.tournaments (name, held_on, product_id)
select 'T' || n, current_date, max(p.product_id)
from teamdues.products p cross join generate_series(1, 5) n
group by n;

insert into teamdues.orders (player_id, product_id, kind, tournament_id,
    amount_cents, currency, status, cancelled_at, created_at,
    payment_source, paid_at)
select y.player_id, t.product_id, 'tournament', t.tournament_id,
    100 * x.amount, case when x.is_euro then 'eur' else 'usd' end,
    x.status, case when x.status = 'cancelled' then now() end,
    '2026-01-01'::timestamptz + x.hours * interval '1 hour',
    case when x.status = 'paid' then 'cash' end,
    case when x.status = 'paid' then '2026-01-01'::timestamptz
        + case when x.is_euro then interval '90 days'
        else x.hours * interval '1 hour' end end
from teamdues.players y
cross join teamdues.tournaments t
cross join lateral (select y.player_id as of, 1 + floor(random() * 2) as amount,
    random() < 0.1 as is_euro, floor(random() * 5) as hours,
    (array['pending', 'pending', 'cancelled', 'paid', 'processing'])
    [1 + floor(random() * 5)] as status) x
where random() < 0.7;

insert into teamdues.payments (session_id, payment_intent_id, livemode,
    is_our_mode, amount_cents, currency, stripe_created, paid_at,
    customer_id, email, place, matched_order_id, suggested_order_id)
select 'cs_random' || n, 'pi_random' || n, false, true, 100 * x.amount,
    case when x.at < 0.1 then 'eur' else 'usd' end,
    '2026-01-01'::timestamptz + x.hours * interval '30 minutes', now(),
    case when x.by < 0.5 then (
        select c.customer_id from teamdues.stripe_customers c
        order by md5(c.customer_id || n) limit 1)
    when x.by < 0.6 then 'cus_unknown' end,
    case when x.by > 0.3 and x.by < 0.9 then (
        select case when n % 2 = 0 then upper(r.email) else r.email end
        from teamdues.parents r order by md5(r.parent_id || 'x' || n)
        limit 1)
    else 'nobody@x.example' end,
    case when n % 2 = 0 then 'review' else 'unmatched' end,
    case when n % 10 = 0 then x.order_id end,
    case when n % 10 = 5 then x.order_id end
from generate_series(1, 400) n
cross join lateral (select n as of_n, 1 + floor(random() * 2) as amount,
    random() as at, random() as by, floor(random() * 12) as hours, (
        select o.order_id from teamdues.orders o
        order by md5(o.order_id || 'y' || n) limit 1) as order_id) x;

create temp view plain as
select p.session_id, s.order_id, s.player_name, s.parent_email, s.way
from teamdues.payments p
left join lateral (
    select o.order_id, o.player_name, o.parent_email,
        case when o.order_id = coalesce(p.matched_order_id,
            p.suggested_order_id) then 'named'
        else case when c.customer_id is not null then 'customer'
        else 'address' end || case when o.status in ('pending', 'cancelled')
            then '' else ' again' end end as way
    from teamdues.order_overview o
    left join teamdues.players y on y.player_id = o.player_id
    left join teamdues.stripe_customers c
        on c.parent_id = y.parent_id and c.customer_id = p.customer_id
    where o.order_id = coalesce(p.matched_order_id,
        p.suggested_order_id)
    or (o.status in ('pending', 'cancelled', 'processing')
        or o.paid_at < '2026-01-30')
    and o.amount_cents = p.amount_cents and o.currency = p.currency
    and (c.customer_id is not null
        or lower(o.parent_email) = lower(p.email))
    order by o.order_id = coalesce(p.matched_order_id,
            p.suggested_order_id) desc nulls last,
        o.status in ('pending', 'cancelled') desc,
        c.customer_id is not null desc,
        abs(extract(epoch from o.created_at - p.stripe_created)),
        o.order_id
    limit 1) s on true
where p.session_id like 'cs_random%';

create temp view ours as
select u.session_id, u.suggested_order_id as order_id, u.player_name,
    u.parent_email
from teamdues.unmatched_overview u
where u.session_id like 'cs_random%';
