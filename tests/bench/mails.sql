-- What was mailed: every player with a fee was asked for it in six months, and
-- every payment has its receipt.  Part of club.sql.

insert into emails (kind, player_id, recipient, facts, day, state, attempts,
    created_at, sent_at)
select 'first_payment', y.player_id, r.email, jsonb_build_object(
    'amount_cents', 15000, 'currency', 'usd', 'quoted', m.day::text,
    'prorate', false, 'adjusted', false), m.day, 'sent', 1, m.day, m.day
from players y
join parents r using (parent_id)
cross join (select current_date - n * 30 as day
    from generate_series(1, 6) n) m
where y.player_id <= :fees;

insert into emails (kind, player_id, order_id, recipient, facts, day, state,
    attempts, created_at, sent_at)
select 'receipt', s.player_id, s.order_id, r.email, jsonb_build_object(
    'amount_cents', s.amount_cents, 'currency', 'usd'), s.at::date, 'sent', 1,
    s.at, s.at
from sale s
join players y using (player_id)
join parents r using (parent_id)
where s.is_paid
order by s.order_id;
