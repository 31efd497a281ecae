-- What the club sells, as anybody may see it.

-- What is sold of a kind; nulls: nothing.
create or replace function teamdues.offer(p_kind text)
returns table (product_id bigint, product_name text, amount_cents bigint,
	currency text)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select p.product_id, p.name, p.amount_cents, p.currency
	from newest_product(p_kind) p
$$;

-- What the club sells, no order and no person: the newest of each kind, and
-- every tournament that is still to come (a day late counts: zones differ).
create or replace function teamdues.shop_window()
returns table (kind text, name text, amount_cents bigint, currency text,
	held_on date)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select p.kind, p.name, p.amount_cents, p.currency, null::date
	from unnest(product_kinds()) k (kind)
	cross join newest_product(k.kind) p
	where p.product_id is not null and k.kind not in ('fee', 'tournament')
	union all
	select p.kind, t.name, p.amount_cents, p.currency, t.held_on
	from (select * from tournaments t
	    where t.held_on >= current_date - 1
	    order by t.held_on, t.tournament_id
	    limit 20) t
	join products p on p.product_id = t.product_id
	    and p.withdrawn_at is null
$$;
