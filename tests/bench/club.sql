-- A club of known size, for psql, as superuser, in a migrated and empty database.
--   players    how many play; five families of six have one, the sixth two
--   fees       how many of them have an order for the fee; every tenth is unpaid
--   orders     tournament orders, ids from 1000001: each player's, then the next
--              tournament; each with the session that was minted for it
--   paid       how many of those, from the first on, are paid
--   ignored    events that bring nothing, beside each payment's own
--   unmatched  payments of a web shop on the same Stripe account
--   template   the text of an event (event.json)
-- load-club.sh gives them.
-- What is sold stays in bench.sale, to begin anew from (adapter/reset.sql).

set client_min_messages = warning;
set statement_timeout = 0;
set search_path = teamdues, bench;

insert into parents (parent_id, name, email, phone)
overriding system value
select n, 'Parent ' || n, 'parent' || n || '@families.example', '555-0100'
from generate_series(1, (:players * 5 + 5) / 6) n;

insert into players (player_id, parent_id, name, team, monthly_fee_cents)
overriding system value
select n, (n * 5 + 5) / 6, 'Kid ' || n, 'U' || 8 + n % 12, 15000
from generate_series(1, :players) n;

insert into products (product_id, kind, name, amount_cents, currency)
overriding system value
values (7, 'tournament', 'Cup entry', 1999, 'usd');

insert into tournaments (tournament_id, name, held_on, product_id)
overriding system value
select n, 'Cup ' || n, current_date + 30, 7
from generate_series(1, (:orders + :players - 1) / :players) n;

insert into stripe_customers (customer_id, parent_id, livemode, attempt)
select 'cus_bench' || r.parent_id, r.parent_id, false, 0
from parents r;

-- The first order was made 200 days ago, the last an hour ago.
create schema bench;
create table bench.sale as
select s.order_id, s.player_id, p.product_id, p.kind, s.tournament_id,
    s.amount_cents, s.is_paid,
    'cs_test_a1' || s.order_id || 'bQf3KzN8WmXc5VtR2yLpJdHs7GaUe9ZoTiMvC4B'
    as session_id,
    'pi_3' || s.order_id || 'B7WZ01zgkWSjxsAJ' as payment_intent_id,
    date_trunc('second', now() - interval '1 hour'
        - (1 - s.age) * interval '200 days') as at
from (select n as order_id, n as player_id, 'fee' as kind,
    null::bigint as tournament_id, 15000 as amount_cents,
    n % 10 <> 0 as is_paid, n::float8 / :fees as age
    from generate_series(1, :fees) n
    union all
    select 1000001 + n, 1 + n % :players, 'tournament', 1 + n / :players,
    1999, n < :paid, (n + 1)::float8 / :orders
    from generate_series(0, :orders - 1) n) s
join products p on p.kind = s.kind
order by s.order_id;
analyze bench.sale;

\ir sales.sql
\ir events.sql
\ir shop.sql
\ir mails.sql

-- The next ids that are given.
select setval(pg_get_serial_sequence('teamdues.' || x.name, x.key), x.last)
from (select 'parents' as name, 'parent_id' as key, max(parent_id) as last
    from parents
    union all select 'players', 'player_id', max(player_id) from players
    union all select 'products', 'product_id', max(product_id) from products
    union all select 'tournaments', 'tournament_id', max(tournament_id)
    from tournaments
    union all select 'orders', 'order_id', max(order_id) from orders) x
where x.last is not null \g /dev/null
vacuum analyze;
checkpoint;
