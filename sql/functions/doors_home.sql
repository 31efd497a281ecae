-- The home page.

-- What the club sells, the newest of each kind: no order, no person.
create or replace function teamdues.shop_window()
returns table (kind text, name text, amount_cents bigint, currency text)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select p.kind, p.name, p.amount_cents, p.currency
	from unnest(array['tryout', 'jersey', 'tournament'])
	    with ordinality as k (kind, n)
	cross join newest_product(k.kind) p
	where p.product_id is not null
	order by k.n
$$;
