-- Those of the families that owe, null: of all; the unpaid orders are few.
create or replace function teamdues.desk_owing(
	p_found bigint[],
	p_currency text)
returns bigint[]
language plpgsql stable
set jit = off as $$
begin
	return array(
	    select distinct coalesce(y.parent_id, -y.player_id)
	    from teamdues.listed_orders l
	    cross join lateral (
	        select *
	        from teamdues.orders x
	        where x.order_id = l.order_id
	        offset 0) o
	    join teamdues.players y on y.player_id = l.player_id
	    where l.status = 'pending'
	    and o.currency = p_currency and teamdues.left_cents(o) > 0
	    and (p_found is null or coalesce(y.parent_id, -y.player_id)
	        in (select unnest(p_found))));
end
$$;
