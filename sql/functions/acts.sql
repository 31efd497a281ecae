-- What people decide.  Each act says in words what it did or why not (result and
-- detail), and writes the audit log in the same transaction; without p_commit
-- it only says.

-- The payment that a person means by an event's id or a session's, locked with
-- all that it may touch and the order p_order_id.
create or replace function teamdues.lock_payment(p_key text, p_order_id bigint)
returns teamdues.payments
language plpgsql as $$
declare
	v_payment teamdues.payments;
begin
	select p.* into v_payment
	from teamdues.payments p
	where p.session_id = p_key
	or exists (select from teamdues.event_readings e
	    where e.event_id = p_key and e.disposition <> 'refused'
	    and (e.session_id = p.session_id
	        or e.payment_intent_id = p.payment_intent_id));
	if not found then
		return null;
	end if;
	if v_payment.payment_intent_id is not null then
		perform teamdues.lock_intent(v_payment.payment_intent_id);
	end if;
	perform teamdues.lock_session(v_payment.session_id);
	perform from teamdues.orders o
	where o.order_id = p_order_id
	or o.order_id in (
	    select teamdues.session_orders(v_payment.session_id))
	order by o.order_id
	for no key update;
	return v_payment;
end
$$;

-- Why a payment cannot be given to an order; null when it can.
create or replace function teamdues.attach_fault(
	p_payment teamdues.payments,
	p_order teamdues.orders)
returns text
language plpgsql stable as $$
declare
	v_place teamdues.payment_places;
begin
	select * into v_place
	from teamdues.payment_places pp
	where pp.session_id = p_payment.session_id;
	return case
	when p_order.order_id is null then 'no such order'
	when v_place.place = 'order'
	then format('the payment counts for order %s already', v_place.order_id)
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
	when teamdues.session_state(p_payment.session_id) <> 'paid'
	    or p_payment.payment_intent_id is null
	then 'nothing was paid'
	when teamdues.money_gone(p_payment) is not null
	then 'the payment was ' || teamdues.money_gone(p_payment)
	when p_order.status not in ('pending', 'cancelled')
	then format('order %s is %s by another payment', p_order.order_id,
	    p_order.status)
	end;
end
$$;

-- result: attached, already, refused, unknown.
create or replace function teamdues.attach_payment(
	p_key text,
	p_order_id bigint,
	p_actor text,
	p_commit boolean,
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
	if exists (select from payment_places pp
	    where pp.session_id = v_payment.session_id
	    and pp.order_id = p_order_id) then
		result := 'already';
		detail := format('the payment counts for order %s', p_order_id);
		return;
	end if;
	detail := attach_fault(v_payment, v_order);
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
		perform refresh_payment(v_payment.session_id);
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
	v_payment payments := lock_payment(p_key, null);
	v_subject text := v_payment.session_id;
	v_value text := case p_field when 'payment_link'
	    then v_payment.payment_link else p_metadata_key end;
begin
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
	perform refresh_payment(v_payment.session_id);
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
	when p_payment.session_id is not null and not exists (
	    select from teamdues.payment_places pp
	    where pp.session_id = p_payment.session_id
	    and pp.place in ('unmatched', 'review'))
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

-- Every payment that stands there is looked at again, one lock at a time in
-- their order: a rule may concern all of them.
create or replace function teamdues.refresh_places(p_place text) returns void
language plpgsql as $$
declare
	v_id text;
begin
	for v_id in
		select pp.session_id
		from teamdues.payment_places pp
		where pp.place = p_place
		order by pp.session_id collate "C"
	loop
		perform teamdues.lock_payment(v_id, null);
		perform teamdues.refresh_payment(v_id);
	end loop;
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
create or replace function teamdues.order_sessions(p_order_id bigint)
returns setof text
language sql stable as $$
	select pp.session_id
	from teamdues.payment_places pp
	where p_order_id in (pp.matched_order_id, pp.suggested_order_id)
$$;

-- An order, locked with all that a change of it may move.
create or replace function teamdues.lock_order(p_order_id bigint)
returns teamdues.orders
language plpgsql as $$
declare
	v_order teamdues.orders;
	v_id text;
begin
	for v_id in
		select p.payment_intent_id
		from teamdues.payments p
		where p.session_id in (
		    select teamdues.order_sessions(p_order_id))
		and p.payment_intent_id is not null
		order by p.payment_intent_id collate "C"
	loop
		perform teamdues.lock_intent(v_id);
	end loop;
	for v_id in
		select x
		from teamdues.order_sessions(p_order_id) x
		order by x collate "C"
	loop
		perform teamdues.lock_session(v_id);
	end loop;
	perform from teamdues.orders o
	where o.order_id = p_order_id
	or o.order_id in (
	    select teamdues.session_orders(x)
	    from teamdues.order_sessions(p_order_id) x)
	order by o.order_id
	for no key update;
	select * into v_order from teamdues.orders o where o.order_id = p_order_id;
	return v_order;
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
	elsif p_commit and exists (select from checkout_sessions s
	    where s.order_id = p_order_id and s.status = 'open') then
		detail := format('order %s has an open session', p_order_id);
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
	perform teamdues.refresh_payment(x)
	from teamdues.order_sessions(p_order.order_id) x;
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
	from event_payloads p
	join stripe_events e using (event_id)
	where e.received_at < p_before;
	if p_commit then
		delete from event_payloads p
		using stripe_events e
		where e.event_id = p.event_id and e.received_at < p_before;
	end if;
	return v_count;
end
$$;
