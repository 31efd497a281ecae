-- What people decide.  Each act says in words what it did or why not (result and
-- detail), and writes the audit log in the same transaction; without p_commit
-- it only says.

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

-- Why a payment cannot be given to an order; null when it can.
create or replace function teamdues.attach_fault(
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
	when not p_payment.is_our_mode
	then format('the payment was made in %s mode',
	    case when p_payment.livemode then 'live' else 'test' end)
	when p_payment.currency <> p_order.currency
	then format('paid in %s, order %s is in %s', p_payment.currency,
	    p_order.order_id, p_order.currency)
	when p_payment.amount_cents <> p_order.amount_cents
	then format('paid %s, order %s is %s %s',
	    to_char(p_payment.amount_cents / 100.0, 'FM999990.00'),
	    p_order.order_id,
	    to_char(p_order.amount_cents / 100.0, 'FM999990.00'),
	    p_order.currency)
	when p_payment.paid_at is null or p_payment.payment_intent_id is null
	then 'nothing was paid'
	when teamdues.money_gone(p_payment) is not null
	then 'the payment was ' || teamdues.money_gone(p_payment)
	when p_order.status not in ('pending', 'cancelled')
	then format('order %s is %s by another payment', p_order.order_id,
	    p_order.status)
	end;
end
$$;

-- The order's open session must be ended first, or, by p_leaves_open, is left to
-- the work list (stray.sql).  result: attached, already, refused, unknown.
create or replace function teamdues.attach_payment(
	p_key text,
	p_order_id bigint,
	p_actor text,
	p_commit boolean,
	p_leaves_open boolean,
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
	detail := attach_fault(v_payment, v_order);
	if detail is null and p_commit and not p_leaves_open then
		detail := open_fault(p_order_id);
	end if;
	if detail is not null then
		result := 'refused';
		return;
	end if;
	result := 'attached';
	detail := format('%s %s of %s to order %s',
	    to_char(v_payment.amount_cents / 100.0, 'FM999990.00'),
	    v_payment.currency, v_payment.payment_intent_id, p_order_id);
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

-- Closes a payment, or an event that could not be taken, with a reason.  With
-- p_field (payment_link, metadata) a rule is made that does the same for all
-- that are like it.  result: dismissed, already, refused, unknown.
create or replace function teamdues.dismiss(
	p_key text,
	p_reason text,
	p_is_not_ours boolean,
	p_field text,
	p_metadata_key text,
	p_actor text,
	p_commit boolean,
	out result text,
	out detail text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_payment payments;
	v_subject text;
	v_value text;
begin
	if p_field is not null then
		perform lock_books();
	end if;
	v_payment := lock_payment(p_key, null);
	v_subject := v_payment.session_id;
	v_value := case p_field when 'payment_link'
	    then v_payment.payment_link else p_metadata_key end;
	if v_subject is null then
		select e.event_id into v_subject
		from event_readings e
		where e.event_id = p_key and e.disposition = 'refused';
	end if;
	if v_subject is null then
		result := 'unknown';
		detail := format('nothing stands under %s', p_key);
		return;
	elsif exists (select from dismissals d where d.subject = v_subject) then
		result := 'already';
		detail := 'it was dismissed before';
		return;
	end if;
	detail := dismiss_fault(v_payment, p_field, v_value);
	if detail is not null then
		result := 'refused';
		return;
	end if;
	result := 'dismissed';
	detail := p_reason;
	if not p_commit then
		return;
	end if;
	insert into dismissals (subject, reason, is_not_ours, actor)
	values (v_subject, p_reason, p_is_not_ours, p_actor);
	insert into audit_log (actor, action, subject, detail)
	values (p_actor, 'dismiss', v_subject, p_reason);
	perform refresh_payments(array[v_payment.session_id]);
	if p_field is not null then
		perform add_rule(p_field, v_value, p_actor);
	end if;
end
$$;

create or replace function teamdues.dismiss_fault(
	p_payment teamdues.payments,
	p_field text,
	p_value text)
returns text
language sql stable as $$
	select case
	when p_payment.place not in ('unmatched', 'review')
	then 'the payment does not wait for anybody'
	when p_field is null then null
	when p_payment.session_id is null
	then 'an event that could not be read is like no other'
	when p_field = 'payment_link' and p_value is null
	then 'the payment came through no payment link'
	when p_field = 'metadata' and p_value in ('order_id', 'player_id',
	    'product_id', 'teamdues', 'parent_id')
	then format('%s is a key of ours', p_value)
	when p_field = 'metadata'
	    and not p_value = any (p_payment.metadata_keys)
	then format('the payment has no metadata key %s', p_value)
	end
$$;

-- Every payment that stands there is looked at again: a rule may concern all of
-- them.  The caller has locked the books.
create or replace function teamdues.refresh_places(p_place text) returns void
language plpgsql as $$
begin
	perform teamdues.refresh_payments(array(
	    select p.session_id
	    from teamdues.payments p
	    where p.place = p_place));
end
$$;

create or replace function teamdues.add_rule(p_field text, p_value text, p_actor text)
returns void
language plpgsql as $$
begin
	insert into teamdues.foreign_rules (field, value, actor)
	values (p_field, p_value, p_actor)
	on conflict do nothing;
	insert into teamdues.audit_log (actor, action, subject)
	values (p_actor, 'add rule', p_field || ':' || p_value);
	perform teamdues.refresh_places('unmatched');
end
$$;

-- result: removed, unknown.
create or replace function teamdues.remove_rule(
	p_rule_id bigint,
	p_actor text,
	p_commit boolean,
	out result text,
	out detail text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
begin
	perform lock_books();
	select 'removed', r.field || ':' || r.value into result, detail
	from foreign_rules r
	where r.rule_id = p_rule_id and r.removed_at is null;
	if not found then
		result := 'unknown';
		detail := format('no rule %s', p_rule_id);
	elsif p_commit then
		update foreign_rules r
		set removed_at = now()
		where r.rule_id = p_rule_id;
		insert into audit_log (actor, action, subject)
		values (p_actor, 'remove rule', remove_rule.detail);
		perform refresh_places('foreign');
	end if;
end
$$;

-- The payments that stand where they do because of an order.
create or replace function teamdues.payments_of_order(p_order_id bigint)
returns setof teamdues.payments
language sql stable as $$
	select p.*
	from teamdues.payments p
	where p.matched_order_id = p_order_id
	union all
	select p.*
	from teamdues.payments p
	where p.suggested_order_id = p_order_id
	and p.matched_order_id is distinct from p_order_id
$$;

-- An order, locked with all that a change of it may move.
create or replace function teamdues.lock_order(p_order_id bigint)
returns teamdues.orders
language plpgsql as $$
declare
	v_intents text[];
	v_sessions text[];
	v_order teamdues.orders;
begin
	select array_agg(p.payment_intent_id), array_agg(p.session_id)
	into v_intents, v_sessions
	from teamdues.payments_of_order(p_order_id) p;
	perform teamdues.lock_intents(v_intents);
	perform teamdues.lock_sessions(v_sessions);
	perform teamdues.lock_orders(p_order_id || array(
	    select o from teamdues.orders_of_sessions(v_sessions) o));
	select * into v_order from teamdues.orders o where o.order_id = p_order_id;
	return v_order;
end
$$;

-- What stands where it does because of an order that was changed.
create or replace function teamdues.refresh_order(p_order_id bigint) returns void
language plpgsql as $$
begin
	perform teamdues.refresh_payments(array(
	    select p.session_id from teamdues.payments_of_order(p_order_id) p));
	perform teamdues.refresh_orders(array[p_order_id]);
end
$$;

-- How a change is the case already; null when it is not.
create or replace function teamdues.change_made(
	p_order teamdues.orders,
	p_change jsonb)
returns text
language sql stable as $$
	select case p_change ->> 'action'
	when 'cancel' then
		case when p_order.status = 'cancelled'
		then format('order %s is cancelled', p_order.order_id) end
	when 'adjust' then
		case when p_order.status = 'pending' and p_order.amount_cents
		    = (p_change ->> 'amount_cents')::bigint
		then format('order %s is %s %s', p_order.order_id,
		    to_char(p_order.amount_cents / 100.0, 'FM999990.00'),
		    p_order.currency) end
	else (
	    select format('order %s is paid by %s, reference %s', r.order_id,
	        r.source, r.reference)
	    from teamdues.recorded_payments r
	    where r.order_id = p_order.order_id
	    and r.source = p_change ->> 'source'
	    and r.reference = p_change ->> 'reference') end
$$;

-- Cancels, adjusts or records money that came by another way; only while the
-- order is pending and no session of it is open (the caller expires it first).
-- result: done, already, refused, unknown.
create or replace function teamdues.change_order(
	p_order_id bigint,
	p_change jsonb,
	p_actor text,
	p_commit boolean,
	out result text,
	out detail text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_order orders := lock_order(p_order_id);
begin
	result := 'refused';
	detail := change_made(v_order, p_change);
	if detail is not null then
		result := 'already';
	elsif v_order.order_id is null then
		result := 'unknown';
		detail := format('no such order: %s', p_order_id);
	elsif v_order.status <> 'pending' then
		detail := format('order %s is %s', p_order_id, v_order.status);
	elsif p_commit and open_fault(p_order_id) is not null then
		detail := open_fault(p_order_id);
	else
		result := 'done';
		detail := change_detail(v_order, p_change);
	end if;
	if result = 'done' and p_commit then
		perform make_change(v_order, p_change, p_actor);
		insert into audit_log (actor, action, order_id, detail)
		values (p_actor, p_change ->> 'action', p_order_id,
		    change_order.detail);
	end if;
end
$$;

create or replace function teamdues.make_change(
	p_order teamdues.orders,
	p_change jsonb,
	p_actor text)
returns void
language plpgsql as $$
declare
	v_action text := p_change ->> 'action';
begin
	if v_action = 'cancel' then
		update teamdues.orders o set cancelled_at = now()
		where o.order_id = p_order.order_id;
	elsif v_action = 'adjust' then
		update teamdues.orders o
		set amount_cents = (p_change ->> 'amount_cents')::bigint
		where o.order_id = p_order.order_id;
	else
		insert into teamdues.recorded_payments (order_id, source,
		    reference, actor)
		values (p_order.order_id, p_change ->> 'source',
		    p_change ->> 'reference', p_actor);
	end if;
	-- What is said against a payment may be the order's amount, or that it
	-- was not cancelled.
	perform teamdues.refresh_order(p_order.order_id);
end
$$;

create or replace function teamdues.change_detail(
	p_order teamdues.orders,
	p_change jsonb)
returns text
language sql immutable as $$
	select case p_change ->> 'action'
	when 'cancel' then p_change ->> 'reason'
	when 'adjust' then format('%s to %s %s: %s',
	    to_char(p_order.amount_cents / 100.0, 'FM999990.00'),
	    to_char((p_change ->> 'amount_cents')::bigint / 100.0,
	        'FM999990.00'),
	    p_order.currency, p_change ->> 'reason')
	else format('%s %s by %s, reference %s',
	    to_char(p_order.amount_cents / 100.0, 'FM999990.00'),
	    p_order.currency, p_change ->> 'source',
	    p_change ->> 'reference') end
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
