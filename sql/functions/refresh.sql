-- From the facts to what follows from them.  Callers hold the locks: the
-- session's anchor row, and the order's.

-- One payment: where it stands by itself, then its order with all the others.
create function teamdues.refresh_payment(p_session_id text) returns void
language plpgsql as $$
declare
	v_payment teamdues.payments;
	v_match record;
	v_state text := teamdues.session_state(p_session_id);
	v_previous bigint;
begin
	select * into v_payment
	from teamdues.payments p
	where p.session_id = p_session_id;
	if v_payment.session_id is null then
		return;
	end if;
	v_match := teamdues.match_payment(v_payment);
	select pp.matched_order_id into v_previous
	from teamdues.payment_places pp
	where pp.session_id = p_session_id;

	-- Nobody need be woken for money that has not come.
	if v_match.place in ('unmatched', 'review')
	    and v_state in ('unpaid', 'failed') then
		v_match.place := 'waiting';
		v_match.reason := 'not paid yet; ' || v_match.reason;
	end if;
	insert into teamdues.payment_places as pp (session_id, place, reason,
	    order_id, matched_order_id, suggested_order_id)
	values (p_session_id, v_match.place, v_match.reason, v_match.order_id,
	    v_match.order_id, v_match.suggested_order_id)
	on conflict (session_id) do update
	set place = excluded.place,
	    reason = excluded.reason,
	    order_id = excluded.order_id,
	    matched_order_id = excluded.matched_order_id,
	    suggested_order_id = excluded.suggested_order_id;
	if v_previous is distinct from v_match.order_id then
		perform teamdues.refresh_order(v_previous);
	end if;
	perform teamdues.refresh_order(v_match.order_id);
end
$$;

-- One order: which of its payments is its own, and what its status is.
create function teamdues.refresh_order(p_order_id bigint) returns void
language plpgsql as $$
declare
	v_own record;
	v_under_way boolean;
begin
	if p_order_id is null then
		return;
	end if;
	select p.session_id, p.payment_intent_id,
	    (select min(f.stripe_time) from teamdues.session_facts f
	    where f.session_id = p.session_id and f.fact = 'paid') as paid_at
	into v_own
	from teamdues.payment_places pp
	join teamdues.payments p using (session_id)
	where pp.matched_order_id = p_order_id
	and teamdues.session_state(p.session_id) = 'paid'
	order by p.stripe_created, p.payment_intent_id collate "C"
	limit 1;

	select exists (select from teamdues.payment_places pp
	    where pp.matched_order_id = p_order_id
	    and teamdues.session_state(pp.session_id) = 'unpaid')
	into v_under_way;

	-- The own payment is taken from the others before it is given to one, so
	-- that it never stands in two places.
	update teamdues.payment_places pp
	set place = 'review',
	    order_id = null,
	    suggested_order_id = p_order_id,
	    reason = format('order %s is already paid by another payment',
	        p_order_id)
	where pp.matched_order_id = p_order_id
	and pp.session_id <> v_own.session_id
	and pp.place = 'order'
	and teamdues.session_state(pp.session_id) = 'paid';
	update teamdues.payment_places pp
	set place = 'order',
	    order_id = p_order_id,
	    suggested_order_id = null,
	    reason = ''
	where pp.session_id = v_own.session_id
	and pp.place <> 'order';

	update teamdues.orders o
	set payment_intent_id = v_own.payment_intent_id,
	    payment_source = case when v_own.session_id is not null
	        then 'stripe' end,
	    paid_at = v_own.paid_at,
	    status = case
	        when v_own.session_id is not null then 'paid'
	        when v_under_way then 'processing'
	        when o.cancelled_at is not null then 'cancelled'
	        else 'pending' end
	where o.order_id = p_order_id;
end
$$;

-- The status of a session of ours follows its facts; without any it stays.
create function teamdues.refresh_session(p_session_id text) returns void
language sql as $$
	update teamdues.checkout_sessions s
	set status = case teamdues.session_state(p_session_id)
	    when 'expired' then 'expired' else 'complete' end
	where s.session_id = p_session_id
	and teamdues.session_state(p_session_id) is not null
$$;
