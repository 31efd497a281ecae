-- Whose money may be here: a payment that waits for a person may be what a
-- family is about to be asked for, and nobody is asked twice.

-- The payments that wait and may be an order's: those that name or match it,
-- all of the parent's own customers at Stripe, and those from the parent's
-- address that are, or hold, just this amount and are not older than the order;
-- or older, when teamdues itself minted them: their order was lost, and this
-- may be what was made for it.  So may those of an installation of which nobody
-- has said whose it is.
create or replace function teamdues.waiting_payments(
	p_order_id bigint,
	p_parent_id bigint,
	p_amount_cents bigint,
	p_currency text,
	p_since timestamptz)
returns setof teamdues.payments
language plpgsql stable rows 1 as $$
begin
	return query
	select p.*
	from teamdues.payments p
	where p.suggested_order_id = p_order_id
	and p.place in ('unmatched', 'review')
	union all
	select p.*
	from teamdues.payments p
	where p.matched_order_id = p_order_id and p.place = 'review'
	union all
	select p.*
	from teamdues.stripe_customers c
	join teamdues.payments p on p.customer_id = c.customer_id
	where c.parent_id = p_parent_id
	and p.place in ('unmatched', 'review')
	union all
	select p.*
	from teamdues.parents r
	join teamdues.payments p on lower(p.email) = lower(r.email)
	where r.parent_id = p_parent_id
	and p.place in ('unmatched', 'review')
	and p_amount_cents in (p.amount_cents, teamdues.held_cents(p))
	and (p_currency is null or p.currency = p_currency)
	-- Stripe's time is of whole seconds.
	and (p.stripe_created > p_since - interval '1 second'
	    or p.metadata_teamdues is not null)
	union all
	select p.*
	from teamdues.parents r
	join teamdues.payments p on lower(p.email) = lower(r.email)
	where r.parent_id = p_parent_id
	and p.place = 'foreign' and p.metadata_teamdues is not null
	and p.paid_at is not null
	and p.amount_cents = p_amount_cents
	and (p_currency is null or p.currency = p_currency)
	and teamdues.is_undecided(p.metadata_teamdues);
end
$$;

-- The same for an order and its parent.  A fee's order is made by the first
-- click, which may be later than the payment: p_cents is what is asked for
-- until then.
create or replace function teamdues.waiting_for(
	p_order teamdues.orders,
	p_parent_id bigint,
	p_cents bigint)
returns setof teamdues.payments
language sql stable rows 1 as $$
	select *
	from teamdues.waiting_payments(p_order.order_id, p_parent_id,
	    coalesce(teamdues.left_cents(p_order), p_cents), p_order.currency,
	    case when p_order.kind <> 'fee'
	    then p_order.created_at else '-infinity' end)
$$;

-- Why nobody is to be asked for this money now; null when they may be.
create or replace function teamdues.money_fault(
	p_order teamdues.orders,
	p_parent_id bigint,
	p_cents bigint)
returns text
language plpgsql stable as $$
begin
	return (
	    select case
	    when bool_or(w.place = 'review' and p_order.order_id
	        in (w.suggested_order_id, w.matched_order_id))
	    then 'a payment is under review'
	    when bool_and(w.place = 'foreign')
	    then 'a payment of another installation may be theirs: see '
	        'installation show'
	    when count(*) > 0
	    then 'a payment may have come: see unmatched' end
	    from teamdues.waiting_for(p_order, p_parent_id, p_cents) w);
end
$$;

-- The parents whose payment may wait: of nobody else money_fault() says
-- anything.  For who asks it of very many, and most of them owe just money.
create or replace function teamdues.parents_in_doubt()
returns setof bigint
language plpgsql stable rows 100 as $$
begin
	return query
	with waits as materialized (
	    select p.*
	    from teamdues.payments p
	    where p.place in ('unmatched', 'review')
	    union all
	    select p.*
	    from teamdues.payments p
	    where p.place = 'foreign' and p.metadata_teamdues is not null
	    and p.paid_at is not null
	    and teamdues.is_undecided(p.metadata_teamdues)
	)
	select y.parent_id
	from waits w
	cross join unnest(array[w.suggested_order_id, w.matched_order_id])
	    as x (order_id)
	join teamdues.orders o on o.order_id = x.order_id
	join teamdues.players y on y.player_id = o.player_id
	where y.parent_id is not null
	union
	select c.parent_id
	from waits w
	join teamdues.stripe_customers c on c.customer_id = w.customer_id
	union
	select r.parent_id
	from waits w
	join teamdues.parents r on lower(r.email) = lower(w.email);
end
$$;
