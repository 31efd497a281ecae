-- What a person is shown before a payment is given to an order, and what asks
-- for a second look: somebody else's address, an order that needs no payment,
-- or a payment of which a part is gone.

-- Whether a payer is a player's family: the parent's own customer at Stripe, or
-- the parent's address.
create or replace function teamdues.is_of_family(
	p_customer_id text,
	p_email text,
	p_player_id bigint)
returns boolean
language plpgsql stable as $$
begin
	return exists (
	    select from teamdues.players y
	    join teamdues.parents r on r.parent_id = y.parent_id
	    where y.player_id = p_player_id
	    and (lower(r.email) = lower(p_email)
	        or exists (select from teamdues.stripe_customers c
	            where c.customer_id = p_customer_id
	            and c.parent_id = r.parent_id)));
end
$$;

-- Somebody in words: "Pat Payer <pat@example.com>".
create or replace function teamdues.person_text(p_name text, p_email text)
returns text
language sql immutable as $$
	select coalesce(nullif(concat_ws(' ', nullif(p_name, ''),
	    '<' || nullif(p_email, '') || '>'), ''), 'somebody unknown')
$$;

-- That a payer is not an order's family, in words; null when they are.
create or replace function teamdues.stranger_fault(
	p_customer_id text,
	p_email text,
	p_name text,
	p_order teamdues.orders)
returns text
language plpgsql stable as $$
begin
	return (
	    select format('the payer is %s, order %s is for %s of %s',
	        teamdues.person_text(p_name, p_email), p_order.order_id, y.name,
	        teamdues.person_text(r.name, r.email))
	    from teamdues.players y
	    left join teamdues.parents r on r.parent_id = y.parent_id
	    where y.player_id = p_order.player_id
	    and not teamdues.is_of_family(p_customer_id, p_email,
	        y.player_id));
end
$$;

-- That an order needs no payment any more, in words; null when it does.
create or replace function teamdues.settled_fault(p_order teamdues.orders)
returns text
language sql stable as $$
	select format('order %s is %s%s', p_order.order_id, p_order.status,
	    case when p_order.status <> 'waived' then ' by another payment' end)
	where not teamdues.order_is_unpaid(p_order.status)
$$;

-- That an order would count as paid whole though a part of the payment has
-- gone, in words; null when all that it is owed is here.  What teamdues minted
-- for the same child and tournament had no other order to pay: what went back
-- went back of this one.
create or replace function teamdues.short_fault(
	p_payment teamdues.payments,
	p_order teamdues.orders)
returns text
language sql stable as $$
	select format('%s of it is not here any more, and nobody is asked for '
	    'that', teamdues.amount_text(x.cents, p_order.currency))
	from (
	    select teamdues.left_cents(p_order)
	        - teamdues.held_cents(p_payment) as cents) x
	where x.cents > 0 and teamdues.order_is_unpaid(p_order.status)
	and (p_payment.metadata_teamdues is null or not exists (
	    select from teamdues.players y
	    left join teamdues.tournaments t
	        on t.tournament_id = p_order.tournament_id
	    where y.player_id = p_order.player_id
	    and y.name = p_payment.metadata_player
	    and t.name || ', ' || t.held_on
	        is not distinct from p_payment.metadata_tournament))
$$;

-- What makes somebody look twice before a payment is given to an order; null
-- when nothing does.  The session that we minted for it was reached by the
-- family's own link, whoever paid.
create or replace function teamdues.attach_doubt(
	p_payment teamdues.payments,
	p_order teamdues.orders)
returns text
language sql stable as $$
	select coalesce(teamdues.settled_fault(p_order),
	    case when not exists (select from teamdues.checkout_sessions s
	        where s.session_id = p_payment.session_id
	        and s.order_id = p_order.order_id and s.origin = 'minted')
	    then teamdues.stranger_fault(p_payment.customer_id,
	        p_payment.email, p_payment.payer_name, p_order) end,
	    teamdues.short_fault(p_payment, p_order))
$$;

-- The same of what Stripe shows of a session and an order's id.
create or replace function teamdues.session_doubt(
	p_order_id bigint,
	p_customer_id text,
	p_email text,
	p_name text)
returns text
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select stranger_fault(p_customer_id, p_email, p_name, o)
	from orders o
	where o.order_id = p_order_id
$$;

-- What a session of ours says that it was for: "Entry, Spring Cup, 2027-05-03
-- for Jo Roe"; null for any other.
create or replace function teamdues.paid_for(p_payment teamdues.payments)
returns text
language sql stable as $$
	select nullif(concat_ws(' for ', nullif(concat_ws(', ',
	    p_payment.metadata_product, p_payment.metadata_tournament), ''),
	    p_payment.metadata_player), '')
$$;

-- The payment under a key, and the order that it is to be given to; no row when
-- one of them is not known.
create or replace function teamdues.attach_facts(
	p_key text,
	p_order_id bigint)
returns table (payer_name text, payer_email text, amount_cents bigint,
	currency text, paid_at timestamptz, paid_for text, order_id bigint,
	order_status text, player_name text, team text, parent_name text,
	parent_email text, product_name text, left_cents bigint)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select p.payer_name, p.email, p.amount_cents, p.currency, p.paid_at,
	    paid_for(p), o.order_id, o.status, y.name, nullif(y.team, ''),
	    r.name, r.email, c.name, left_cents(o)
	from find_payment(p_key) p
	join orders o on o.order_id = p_order_id
	join players y on y.player_id = o.player_id
	join products c on c.product_id = o.product_id
	left join parents r on r.parent_id = y.parent_id
	where p.session_id is not null
$$;
