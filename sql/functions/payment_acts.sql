-- What people decide about payments (about an order: order_acts.sql; what they
-- close without one: dismiss.sql).
-- Each act says in words what it did or why not (result and detail), and writes
-- the audit log in the same transaction; without p_commit it only says.

-- The payment that a person means by an event's id or a session's, locked with
-- all that it may touch and the order p_order_id.
create or replace function teamdues.lock_payment(p_key text, p_order_id bigint)
returns teamdues.payments
language plpgsql as $$
declare
	v_payment teamdues.payments := teamdues.find_payment(p_key);
begin
	if v_payment.session_id is null then
		return null;
	end if;
	perform teamdues.lock_intents(array[v_payment.payment_intent_id]);
	perform teamdues.lock_sessions(array[v_payment.session_id]);
	perform teamdues.lock_orders(p_order_id || array(
	    select o
	    from teamdues.orders_of_sessions(array[v_payment.session_id]) o));
	return teamdues.find_payment(v_payment.session_id);
end
$$;

create or replace function teamdues.find_payment(p_key text)
returns teamdues.payments
language plpgsql stable as $$
declare
	v_payment teamdues.payments;
begin
	select p.* into v_payment
	from (
	    select p_key as session_id
	    union all
	    select coalesce(q.session_id, e.session_id)
	    from teamdues.event_readings e
	    left join teamdues.payments q
	        on q.payment_intent_id = e.payment_intent_id
	    where e.event_id = p_key and e.disposition <> 'refused') x
	join teamdues.payments p on p.session_id = x.session_id
	limit 1;
	return v_payment;
end
$$;

-- Why an order cannot leave `pending` yet: somebody may still pay for it.
create or replace function teamdues.open_fault(p_order_id bigint) returns text
language sql stable as $$
	select format('order %s has an open session', s.order_id)
	from teamdues.checkout_sessions s
	where s.order_id = p_order_id and s.status = 'open'
$$;

-- The session of the payment under a key; null when none stands there.
create or replace function teamdues.payment_key(p_key text) returns text
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select (find_payment(p_key)).session_id
$$;

-- What makes an order one that such a payment settles.
create or replace function teamdues.fitting_change(
	p_order teamdues.orders,
	p_cents bigint)
returns text
language sql immutable as $$
	select format(case when p_order.status = 'cancelled'
	        then 'reopen order %s and adjust it to %s'
	        else 'adjust order %s to %s' end, p_order.order_id,
	    teamdues.money_text(p_order.amount_cents
	        - teamdues.left_cents(p_order) + p_cents))
$$;

-- Whether a payment is just what is left to pay of an order: all of it or,
-- where nothing came for it, what was not given back.  Beside money that came,
-- own_payments() counts none that was more than is left.
create or replace function teamdues.payment_fits(
	p_payment teamdues.payments,
	p_order teamdues.orders)
returns boolean
language sql stable as $$
	select p_payment.amount_cents = teamdues.left_cents(p_order)
	or p_order.paid_cents = 0
	and teamdues.held_cents(p_payment) = teamdues.left_cents(p_order)
$$;

-- Why a payment cannot be given to an order whatever anybody says; null when it
-- can.  What could not pay a settled order alone must not come to stand in for
-- what did: it would be owed again, by a refund perhaps, which nobody may
-- refuse.
create or replace function teamdues.attach_bar(
	p_payment teamdues.payments,
	p_order teamdues.orders)
returns text
language plpgsql stable as $$
begin
	return case
	when p_order.order_id is null then 'no such order'
	when p_payment.place = 'order'
	then format('the payment counts for order %s already',
	    p_payment.matched_order_id)
	when exists (select from teamdues.attachments a
	    where a.session_id = p_payment.session_id
	    and a.taken_back_at is null)
	then format('the payment is attached to order %s: detach it first',
	    p_payment.matched_order_id)
	when not p_payment.is_our_mode
	then format('the payment was made in %s mode',
	    case when p_payment.livemode then 'live' else 'test' end)
	when p_payment.currency <> p_order.currency
	then format('paid in %s, order %s is in %s', p_payment.currency,
	    p_order.order_id, p_order.currency)
	when p_payment.paid_at is null or p_payment.payment_intent_id is null
	    or p_payment.amount_cents = 0
	then 'nothing was paid'
	when not teamdues.payment_fits(p_payment, p_order)
	    and teamdues.order_is_unpaid(p_order.status)
	then format('paid %s, order %s is %s %s: %s first, or refund it at '
	    'Stripe',
	    teamdues.money_text(p_payment.amount_cents),
	    p_order.order_id,
	    teamdues.money_text(teamdues.left_cents(p_order)),
	    p_order.currency,
	    teamdues.fitting_change(p_order, p_payment.amount_cents))
	when p_payment.amount_cents < p_order.amount_cents
	    - p_order.waived_cents - teamdues.recorded_cents(p_order.order_id)
	    and not teamdues.order_is_unpaid(p_order.status)
	then format('paid %s, order %s is %s and was for more: refund it at '
	    'Stripe, or dismiss it',
	    teamdues.money_text(p_payment.amount_cents),
	    p_order.order_id, p_order.status)
	when teamdues.money_gone(p_payment) is not null
	then 'the payment was ' || teamdues.money_gone(p_payment)
	end;
end
$$;

-- Why it is not given to the order unless somebody insists.
create or replace function teamdues.attach_fault(
	p_payment teamdues.payments,
	p_order teamdues.orders)
returns text
language sql stable as $$
	select coalesce(teamdues.attach_bar(p_payment, p_order),
	    teamdues.attach_doubt(p_payment, p_order)
	        || ' (`anyway` does it all the same)')
$$;

-- The order's open session must be ended first, or, by p_leaves_open, is left
-- to the work list (stray.sql).  By p_is_anyway it goes to the order though the
-- payer is a stranger, or the order needs none.  result: attached, already,
-- refused, unknown.
create or replace function teamdues.attach_payment(
	p_key text,
	p_order_id bigint,
	p_actor text,
	p_commit boolean,
	p_leaves_open boolean,
	p_is_anyway boolean,
	out result text,
	out detail text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_payment payments := lock_payment(p_key, p_order_id);
	v_order orders;
begin
	if v_payment.session_id is null then
		result := 'unknown';
		detail := format('no payment stands under %s', p_key);
		return;
	end if;
	select * into v_order from orders o where o.order_id = p_order_id;
	if v_payment.place = 'order' and v_payment.matched_order_id = p_order_id
	then
		result := 'already';
		detail := format('the payment counts for order %s', p_order_id);
		return;
	end if;
	detail := case when p_is_anyway then attach_bar(v_payment, v_order)
	    else attach_fault(v_payment, v_order) end;
	if detail is null and p_commit and not p_leaves_open then
		detail := open_fault(p_order_id);
	end if;
	if detail is not null then
		result := 'refused';
		return;
	end if;
	result := 'attached';
	detail := format('%s of %s to order %s', held_text(v_payment),
	    v_payment.payment_intent_id, p_order_id);
	if p_commit then
		insert into attachments (session_id, order_id, actor)
		values (v_payment.session_id, p_order_id, p_actor);
		insert into audit_log (actor, action, order_id, subject, detail)
		values (p_actor, 'attach', p_order_id, v_payment.session_id,
		    attach_payment.detail);
		perform refresh_payments(array[v_payment.session_id]);
	end if;
end
$$;

-- Takes an attachment back: the payment stands again as its own words say.
-- result: detached, refused, unknown.
create or replace function teamdues.detach_payment(
	p_key text,
	p_actor text,
	p_commit boolean,
	out result text,
	out detail text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_payment payments := lock_payment(p_key, null);
	v_attachment attachments;
begin
	select * into v_attachment
	from attachments a
	where a.session_id = v_payment.session_id and a.taken_back_at is null;
	result := case when v_payment.session_id is null then 'unknown'
	    when v_attachment.session_id is null then 'refused'
	    else 'detached' end;
	detail := case result
	when 'unknown' then format('no payment stands under %s', p_key)
	when 'refused' then 'the payment is attached to no order' || coalesce(
	    ', it counts for order ' || v_payment.matched_order_id
	    || ' by its own words', '')
	else format('%s of %s from order %s', held_text(v_payment),
	    v_payment.payment_intent_id, v_attachment.order_id) end;
	if result <> 'detached' then
		return;
	end if;
	update attachments a
	set taken_back_at = now()
	where a.attachment_id = v_attachment.attachment_id;
	insert into audit_log (actor, action, order_id, subject, detail)
	values (p_actor, 'detach', v_attachment.order_id, v_payment.session_id,
	    detach_payment.detail);
	perform refresh_payments(array[v_payment.session_id]);
	if not p_commit then
		raise sqlstate 'TD001';
	end if;
exception
when sqlstate 'TD001' then
	null;
when unique_violation then
	result := 'refused';
	detail := unpaid_fault(v_attachment.order_id);
end
$$;

-- Deletes the bodies of events that came before p_before; the ledger and the
-- facts stay.  Gives how many.
create or replace function teamdues.prune_payloads(
	p_before timestamptz,
	p_commit boolean)
returns bigint
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_count bigint;
begin
	select count(*) into v_count
	from stripe_events e
	where e.received_at < p_before and e.payload is not null;
	if p_commit then
		update stripe_events e
		set payload = null
		where e.received_at < p_before and e.payload is not null;
	end if;
	return v_count;
end
$$;
