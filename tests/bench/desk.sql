-- What a club of club.sql has besides, once its treasurer has worked at the desk
-- for years: a family of very many orders, a mailing to everybody, and a log.
-- Part of the benchmark `desk`.

set session_replication_role = replica;
set search_path = teamdues;

insert into orders (player_id, product_id, kind, amount_cents, currency, status,
    payment_source, paid_at, paid_cents)
select (select max(y.player_id) from players y), p.product_id, p.kind, 2500,
    'usd', 'paid', 'cash', now() - n * interval '1 day', 2500
from generate_series(1, 200) n
cross join (
    select *
    from products x
    where x.kind = 'jersey'
    order by x.product_id
    limit 1) p;

with made as (
    insert into email_batches (kind, actor, mails)
    select 'tournament', 'Ruth Ames (desk)', count(*)
    from orders o
    where o.tournament_id = 2
    returning batch_id
)
insert into emails (batch_id, kind, player_id, order_id, recipient, facts, day,
    state, attempts, created_at, sent_at)
select m.batch_id, 'tournament', o.player_id, o.order_id, r.email,
    jsonb_build_object('amount_cents', o.amount_cents, 'currency', o.currency),
    current_date - 3, 'sent', 1, now() - interval '3 days',
    now() - interval '3 days'
from made m
cross join orders o
join players y on y.player_id = o.player_id
join parents r on r.parent_id = y.parent_id
where o.tournament_id = 2;

insert into audit_log (at, actor, action, order_id, detail)
select now() - n * interval '10 minutes',
    case when n % 3 = 0 then 'Ruth' else 'Sam (desk)' end,
    case when n % 5 = 0 then 'adjust' else 'record payment' end,
    1000001 + n % 20000, 'as agreed'
from generate_series(1, 20000) n;

analyze;
