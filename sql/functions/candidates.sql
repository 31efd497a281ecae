-- Whom a payment that waits may belong to.

-- The orders that a payment may be for, the likeliest first: the one that it
-- names; an unpaid one of the same amount whose parent is the customer, or has
-- the payer's e-mail address; one that was paid within a month of it, so that
-- it was probably paid twice; then, by guess, an unpaid one of a parent with
-- the payer's name, and one of which the same family owes another amount.  Of
-- those as likely the one that its words tell of first (a family may have
-- several children), and the nearest in time.  Each way to an order is a branch
-- of its own, so that each goes by an index.  None of a rank above p_rank_max
-- is given.
create or replace function teamdues.payment_candidates(
	p_payment teamdues.payments,
	p_rank_max integer,
	p_count integer)
returns table (order_id bigint, player_name text, parent_email text,
	rank integer)
language plpgsql stable security definer rows 1
set search_path = teamdues, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
	return query
	with way as materialized (
	    select 1 as rank, coalesce(p_payment.matched_order_id,
	        p_payment.suggested_order_id) as order_id
	    union all
	    select case when not may_be_for(p_payment, o) then 7
	        when order_is_unpaid(o.status) then 2 else 4 end,
	        o.order_id
	    from stripe_customers c
	    join players y on y.parent_id = c.parent_id
	    join orders o on o.player_id = y.player_id
	    where c.customer_id = p_payment.customer_id
	    and (may_be_for(p_payment, o)
	        or order_is_unpaid(o.status))
	    union all
	    select case when not may_be_for(p_payment, o) then 7
	        when order_is_unpaid(o.status) then 3 else 5 end,
	        o.order_id
	    from parents r
	    join players y on y.parent_id = r.parent_id
	    join orders o on o.player_id = y.player_id
	    where lower(r.email) = lower(p_payment.email)
	    and (may_be_for(p_payment, o)
	        or order_is_unpaid(o.status))
	    union all
	    select 6, o.order_id
	    from parents r
	    join players y on y.parent_id = r.parent_id
	    join orders o on o.player_id = y.player_id
	    where p_rank_max >= 6
	    and lower(r.name) = lower(p_payment.payer_name)
	    and order_is_unpaid(o.status)
	    and may_be_for(p_payment, o)
	)
	select o.order_id, y.name, r.email, x.rank
	from (
	    select w.order_id, min(w.rank) as rank
	    from way w
	    where w.rank <= p_rank_max
	    group by w.order_id) x
	join orders o on o.order_id = x.order_id
	join players y on y.player_id = o.player_id
	left join parents r on r.parent_id = y.parent_id
	left join tournaments t on t.tournament_id = o.tournament_id
	order by x.rank,
	    lower(y.name) = lower(p_payment.metadata_player) desc nulls last,
	    t.name || ', ' || t.held_on = p_payment.metadata_tournament
	        desc nulls last,
	    abs(extract(epoch from o.created_at - p_payment.stripe_created)),
	    o.order_id
	limit p_count;
end
$$;

-- Why it may be, in words.
create or replace function teamdues.candidate_why(p_rank integer) returns text
language sql immutable as $$
	select case p_rank
	when 1 then 'the payment names it'
	when 2 then 'the parent''s customer at Stripe paid its amount'
	when 3 then 'the parent''s address paid its amount'
	when 4 then 'the parent''s customer at Stripe paid its amount again'
	when 5 then 'the parent''s address paid its amount again'
	when 6 then 'somebody with the parent''s name paid its amount'
	when 7 then 'the same family owes it, which is another amount' end
$$;
