-- Whose money may be here: a payment that waits for a person may be what a
-- family is about to be asked for, and nobody is asked twice.

-- The payments that wait and name or match an order.
create or replace function teamdues.order_waiting(p_order_id bigint)
returns setof teamdues.payments
language plpgsql stable rows 1 as $$
begin
	return query
	select p.*
	from teamdues.payments p
	where p.suggested_order_id = p_order_id
	and p.place in ('unmatched', 'review')
	union
	select p.*
	from teamdues.payments p
	where p.matched_order_id = p_order_id and p.place = 'review';
end
$$;

-- The payments that wait and may be a family's, whatever they were made for:
-- those that name or match an order of its, all of its own customers at Stripe,
-- and those from its address that came after p_since; or before, when teamdues
-- itself minted them: their order was lost, and this may be what was made for
-- it.  So may those of an installation of which nobody has said whose it is,
-- and a bank's money that is on its way and that no order expects.
create or replace function teamdues.family_waiting(
	p_parent_id bigint,
	p_since timestamptz)
returns setof teamdues.payments
language plpgsql stable rows 1 as $$
begin
	return query
	select p.*
	from teamdues.players y
	join teamdues.orders o on o.player_id = y.player_id
	cross join lateral teamdues.order_waiting(o.order_id) p
	where y.parent_id = p_parent_id
	union
	select p.*
	from teamdues.stripe_customers c
	join teamdues.payments p on p.customer_id = c.customer_id
	where c.parent_id = p_parent_id
	and p.place in ('unmatched', 'review')
	union
	select p.*
	from teamdues.parents r
	join teamdues.payments p on lower(p.email) = lower(r.email)
	where r.parent_id = p_parent_id
	and p.place in ('unmatched', 'review')
	-- Stripe's time is of whole seconds.
	and (p.stripe_created > p_since - interval '1 second'
	    or p.metadata_teamdues is not null)
	union
	select p.*
	from teamdues.parents r
	join teamdues.payments p on lower(p.email) = lower(r.email)
	where r.parent_id = p_parent_id
	and p.place = 'foreign' and p.metadata_teamdues is not null
	and p.paid_at is not null
	and teamdues.is_undecided(p.metadata_teamdues)
	union
	select p.*
	from teamdues.parents r
	join teamdues.payments p on lower(p.email) = lower(r.email)
	where r.parent_id = p_parent_id
	and p.place = 'waiting' and teamdues.payment_state(p) = 'unpaid'
	union
	select p.*
	from teamdues.stripe_customers c
	join teamdues.payments p on p.customer_id = c.customer_id
	where c.parent_id = p_parent_id
	and p.place = 'waiting' and teamdues.payment_state(p) = 'unpaid';
end
$$;

-- From when on what comes may be for an order.  A fee's is made by the first
-- click, which may be later than the payment.
create or replace function teamdues.awaited_since(p_order teamdues.orders)
returns timestamptz
language sql immutable as $$
	select case when p_order.kind <> 'fee'
	then p_order.created_at else '-infinity' end
$$;

-- Those of them that may be this order's: what its family is shown before it
-- pays.  Of its own customers that is all, of its address what is, or holds,
-- just this amount: else the payment of a stranger who gives that address would
-- stand in its way.
create or replace function teamdues.waiting_for(
	p_order teamdues.orders,
	p_parent_id bigint)
returns setof teamdues.payments
language sql stable rows 1 as $$
	select *
	from teamdues.order_waiting(p_order.order_id)
	union
	select w.*
	from teamdues.family_waiting(p_parent_id,
	    teamdues.awaited_since(p_order)) w
	where teamdues.left_cents(p_order)
	    in (w.amount_cents, teamdues.held_cents(w))
	and w.currency = p_order.currency
	or exists (select from teamdues.stripe_customers c
	    where c.customer_id = w.customer_id
	    and c.parent_id = p_parent_id)
$$;

-- Why a family is not to be asked for this money now; null when it may be.
-- Whatever of its money waits holds that back, more or less of it than this: it
-- may be for this and something else, or for a part of it.
create or replace function teamdues.money_fault(
	p_order teamdues.orders,
	p_parent_id bigint)
returns text
language plpgsql stable as $$
begin
	return (
	    select case
	    when bool_or(w.is_reviewed)
	    then 'a payment is under review'
	    when bool_or(w.cents is not null)
	    then format('%s that may be theirs is not placed yet: see '
	        'unmatched', string_agg(teamdues.amount_text(w.cents,
	            w.currency), ' and ' order by w.currency))
	    when bool_or(w.is_on_its_way)
	    then 'a bank payment that may be theirs is on its way'
	    when count(*) > 0
	    then 'a payment of another installation may be theirs: see '
	        'installation show' end
	    from (
	        select x.currency, bool_or(x.place = 'review'
	            and p_order.order_id in (x.suggested_order_id,
	                x.matched_order_id)) as is_reviewed,
	            bool_or(x.place = 'waiting') as is_on_its_way,
	            (sum(teamdues.held_cents(x))
	            filter (where x.place in ('unmatched', 'review')))::bigint
	            as cents
	        from teamdues.family_waiting(p_parent_id,
	            teamdues.awaited_since(p_order)) x
	        group by x.currency) w);
end
$$;

-- The parents whose payment may wait: of nobody else money_fault() says
-- anything.  For who asks it of very many, and most of them owe just money.
-- What waits is looked up by its keys: the club has many more parents.
create or replace function teamdues.parents_in_doubt()
returns setof bigint
language plpgsql stable rows 100 as $$
begin
	return query
	with waits as materialized (
	    select p.suggested_order_id, p.matched_order_id, p.customer_id,
	        p.email
	    from teamdues.payments p
	    where p.place in ('unmatched', 'review')
	    union all
	    select p.suggested_order_id, p.matched_order_id, p.customer_id,
	        p.email
	    from teamdues.payments p
	    where p.place = 'foreign' and p.metadata_teamdues is not null
	    and p.paid_at is not null
	    and teamdues.is_undecided(p.metadata_teamdues)
	    union all
	    select p.suggested_order_id, p.matched_order_id, p.customer_id,
	        p.email
	    from teamdues.payments p
	    where p.place = 'waiting'
	    and teamdues.payment_state(p) = 'unpaid'
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
	cross join lateral (
	    select x.parent_id
	    from teamdues.stripe_customers x
	    where x.customer_id = w.customer_id
	    offset 0) c
	union
	select r.parent_id
	from waits w
	cross join lateral (
	    select x.parent_id
	    from teamdues.parents x
	    where lower(x.email) = lower(w.email)
	    offset 0) r;
end
$$;
