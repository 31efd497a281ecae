-- What the facts about one thing amount to, by rank and never by arrival; and
-- what something came to.  views_standing.sql puts them together.

-- What Stripe's words on a session amount to while none of them is "paid".
create or replace function teamdues.session_word(p_session_id text)
returns text
language plpgsql stable as $$
begin
	return (
	    select f.fact
	    from teamdues.session_facts f
	    where f.session_id = p_session_id
	    order by array_position(
	        array['free', 'failed', 'unpaid', 'expired'], f.fact)
	    limit 1);
end
$$;

create or replace function teamdues.payment_state(p_payment teamdues.payments)
returns text
language sql stable as $$
	select case when p_payment.paid_at is not null then 'paid'
	    else teamdues.session_word(p_payment.session_id) end
$$;

-- One payment's disputes together: what those that were lost took of it, and
-- whether one is open.
create or replace function teamdues.dispute_sums(
	p_payment_intent_id text,
	out lost_cents bigint,
	out is_open boolean)
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
begin
	lost_cents := 0;
	is_open := false;
	-- Of most payments there is none.
	if not exists (select from dispute_facts f
	    where f.payment_intent_id = p_payment_intent_id) then
		return;
	end if;
	with dispute as (
	    select array_agg(f.fact) as facts,
	        max(f.amount_cents) as amount_cents
	    from dispute_facts f
	    where f.payment_intent_id = p_payment_intent_id
	    group by f.dispute_id
	), state as (
	    select d.amount_cents,
	        case
	        when 'won' = any (d.facts) then 'closed'
	        when 'lost' = any (d.facts) then
			case when 'funds_reinstated' = any (d.facts)
			then 'closed' else 'lost' end
	        when d.facts && array['warning_closed', 'prevented',
		    'charge_refunded'] then 'closed'
	        when d.facts && array['needs_response', 'under_review']
	        then 'open'
	        else 'closed' end as state
	    from dispute d
	)
	select coalesce(sum(s.amount_cents) filter (where s.state = 'lost'),
	        0)::bigint,
	    coalesce(bool_or(s.state = 'open'), false)
	into lost_cents, is_open
	from state s;
end
$$;

-- How much of a payment was given back: what the refunds known add up to, or
-- what the charge showed less the refunds that failed after all.
create or replace function teamdues.refunded_cents(p_payment_intent_id text)
returns bigint
language plpgsql stable as $$
begin
	-- Of most payments there is none.
	if not exists (select from teamdues.refund_facts f
	    where f.payment_intent_id = p_payment_intent_id)
	    and not exists (select from teamdues.charge_facts f
	    where f.payment_intent_id = p_payment_intent_id) then
		return 0;
	end if;
	return (
	    with refund as (
		select max(f.amount_cents) as amount_cents,
		    bool_or(f.status in ('failed', 'canceled')) as is_failed
		from teamdues.refund_facts f
		where f.payment_intent_id = p_payment_intent_id
		group by f.refund_id
	    ), total as (
		select coalesce(sum(r.amount_cents) filter
		    (where not r.is_failed), 0) as good,
		    coalesce(sum(r.amount_cents) filter
		    (where r.is_failed), 0) as failed
		from refund r
	    )
	    select greatest(t.good, coalesce((
	        select max(c.amount_refunded_cents)
	        from teamdues.charge_facts c
	        where c.payment_intent_id = p_payment_intent_id), 0) - t.failed,
	        0)::bigint
	    from total t);
end
$$;

-- Whether a payment still holds money, or how it came not to: 'refunded in
-- full', 'charged back', or null.  A dispute takes no more than its amount.
create or replace function teamdues.money_gone(p_payment teamdues.payments)
returns text
language plpgsql stable as $$
declare
	v_lost_cents bigint := (teamdues.dispute_sums(
	    p_payment.payment_intent_id)).lost_cents;
begin
	return case
	when v_lost_cents + teamdues.refunded_cents(
	    p_payment.payment_intent_id) < greatest(p_payment.amount_cents, 1)
	then null
	when v_lost_cents > 0 then 'charged back'
	else 'refunded in full' end;
end
$$;

-- How much of a payment is still here.
create or replace function teamdues.held_cents(p_payment teamdues.payments)
returns bigint
language plpgsql stable as $$
begin
	return greatest(p_payment.amount_cents
	    - teamdues.refunded_cents(p_payment.payment_intent_id)
	    - (teamdues.dispute_sums(p_payment.payment_intent_id)).lost_cents,
	    0);
end
$$;

-- What came for an order outside Stripe, and was not taken back.
create or replace function teamdues.recorded_cents(p_order_id bigint)
returns bigint
language plpgsql stable as $$
begin
	return (
	    select coalesce(sum(r.amount_cents), 0)
	    from teamdues.recorded_payments r
	    where r.order_id = p_order_id and r.taken_back_at is null);
end
$$;

-- What is left to pay of an order; null for none.
create or replace function teamdues.left_cents(p_order teamdues.orders)
returns bigint
language sql immutable as $$
	select case when p_order.order_id is not null
	    then greatest(p_order.amount_cents - p_order.waived_cents
	        - p_order.paid_cents, 0) end
$$;

-- What came for an order and is not here any more: given back, or taken by a
-- bank, which of an order that is charged back has all but what came outside
-- Stripe.
create or replace function teamdues.gone_cents(p_order teamdues.orders)
returns bigint
language sql stable as $$
	select case p_order.status when 'charged_back'
	    then p_order.paid_cents
	        - teamdues.recorded_cents(p_order.order_id)
	    else p_order.refunded_cents end
$$;

-- Which of the payments that match an order count for it: those that still hold
-- money first, in the order in which Stripe made their sessions, each as long
-- as the ones before it and what came outside Stripe leave so much to pay.  The
-- first that comes may be more: it is what the family was asked for.
create or replace function teamdues.own_payments(p_order_id bigint)
returns table (session_id text, payment_intent_id text, amount_cents bigint,
	paid_at timestamptz)
language plpgsql stable rows 1 as $$
#variable_conflict use_column
declare
	v_came_cents bigint := teamdues.recorded_cents(p_order_id);
	v_left_cents bigint;
begin
	select o.amount_cents - o.waived_cents - v_came_cents
	into v_left_cents
	from teamdues.orders o
	where o.order_id = p_order_id;
	for session_id, payment_intent_id, amount_cents, paid_at in
		select p.session_id, p.payment_intent_id, p.amount_cents,
		    p.paid_at
		from teamdues.payments p
		where p.matched_order_id = p_order_id and p.paid_at is not null
		order by teamdues.money_gone(p) is not null, p.stripe_created,
		    p.payment_intent_id collate "C"
	loop
		exit when v_left_cents <= 0;
		continue when own_payments.amount_cents > v_left_cents
		    and v_came_cents > 0;
		v_came_cents := v_came_cents + own_payments.amount_cents;
		v_left_cents := v_left_cents - own_payments.amount_cents;
		return next;
	end loop;
end
$$;

-- What something came to that brought a fact, by where its payment stands, or
-- without a payment by the order that its session or its words name.
create or replace function teamdues.fact_outcome(
	p_place text,
	p_order_id bigint)
returns text
language sql immutable as $$
	select case
	when p_place = 'order' then 'applied'
	when p_place in ('waiting', 'settled') then 'ignored'
	when p_place is not null then p_place
	when p_order_id is not null then 'applied'
	else 'ignored' end
$$;

-- And why.
create or replace function teamdues.fact_reason(
	p_place text,
	p_reason text,
	p_order_id bigint,
	p_session_id text)
returns text
language sql immutable as $$
	select case
	when p_place is not null then p_reason
	when p_order_id is not null then ''
	when p_session_id is not null then 'session not known'
	else 'payment not known' end
$$;
