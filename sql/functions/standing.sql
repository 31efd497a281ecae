-- What the facts about one thing amount to, by rank and never by arrival.

-- What Stripe's word on a session amounts to.
create or replace function teamdues.session_state(p_session_id text) returns text
language sql stable as $$
	select f.fact
	from teamdues.session_facts f
	where f.session_id = p_session_id
	order by array_position(
	    array['paid', 'free', 'failed', 'unpaid', 'expired'], f.fact)
	limit 1
$$;

-- How much of a payment was given back: what the refunds known add up to, or
-- what the charge showed less the refunds that failed after all.
create or replace function teamdues.refunded_cents(p_payment_intent_id text)
returns bigint
language sql stable as $$
	with refund as (
		select f.refund_id, max(f.amount_cents) as amount_cents,
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
	from total t
$$;

-- One payment's disputes together: lost (and the funds are gone), open, or null.
-- A view calls it as whoever reads the view, so it has the owner's rights.
create or replace function teamdues.dispute_state(p_payment_intent_id text)
returns text
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	with dispute as (
		select array_agg(f.fact) as facts
		from teamdues.dispute_facts f
		where f.payment_intent_id = p_payment_intent_id
		group by f.dispute_id
	), state as (
		select case
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
	select case when bool_or(s.state = 'lost') then 'lost'
	    when bool_or(s.state = 'open') then 'open' end
	from state s
$$;

-- Whether a payment still holds money, or how it came not to: 'refunded in
-- full', 'charged back', or null.
create or replace function teamdues.money_gone(p_payment teamdues.payments)
returns text
language sql stable as $$
	select case
	when teamdues.dispute_state(p_payment.payment_intent_id) = 'lost'
	then 'charged back'
	when teamdues.refunded_cents(p_payment.payment_intent_id)
	    >= greatest(p_payment.amount_cents, 1) then 'refunded in full'
	end
$$;

-- Which of the payments that match an order is its own: of those that still hold
-- money the one whose session Stripe made first, else the first of all.
create or replace function teamdues.own_payment(p_order_id bigint)
returns teamdues.payments
language sql stable as $$
	select p.*
	from teamdues.payment_places pp
	join teamdues.payments p using (session_id)
	where pp.matched_order_id = p_order_id
	and teamdues.session_state(p.session_id) = 'paid'
	and not exists (select from teamdues.recorded_payments r
	    where r.order_id = p_order_id)
	order by teamdues.money_gone(p) is not null, p.stripe_created,
	    p.payment_intent_id collate "C"
	limit 1
$$;

-- What an order's columns must say, from the facts and the acts of people.
create or replace function teamdues.order_standing(
	p_order teamdues.orders,
	out status text,
	out payment_source text,
	out payment_intent_id text,
	out paid_at timestamptz,
	out refunded_cents bigint)
language plpgsql stable as $$
declare
	v_own teamdues.payments := teamdues.own_payment(p_order.order_id);
	v_dispute text;
begin
	refunded_cents := 0;
	select r.source, r.recorded_at into payment_source, paid_at
	from teamdues.recorded_payments r
	where r.order_id = p_order.order_id;
	if found then
		status := 'paid';
		return;
	end if;

	if v_own.session_id is null then
		status := case
		when exists (select from teamdues.payment_places pp
		    where pp.matched_order_id = p_order.order_id
		    and teamdues.session_state(pp.session_id) = 'unpaid')
		then 'processing'
		when p_order.cancelled_at is not null then 'cancelled'
		else 'pending' end;
		return;
	end if;

	payment_source := 'stripe';
	payment_intent_id := v_own.payment_intent_id;
	select min(f.stripe_time) into paid_at
	from teamdues.session_facts f
	where f.session_id = v_own.session_id and f.fact = 'paid';
	refunded_cents := teamdues.refunded_cents(payment_intent_id);
	v_dispute := teamdues.dispute_state(payment_intent_id);
	status := case
	when v_dispute = 'lost' then 'charged_back'
	when v_dispute = 'open' then 'disputed'
	when refunded_cents >= v_own.amount_cents then 'refunded'
	when refunded_cents > 0 then 'partially_refunded'
	else 'paid' end;
end
$$;
