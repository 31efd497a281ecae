-- What people decide about payments and rules (about an order: order_acts.sql).
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
	when p_payment.amount_cents <> teamdues.left_cents(p_order)
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
	detail := format('%s %s of %s to order %s',
	    money_text(v_payment.amount_cents), v_payment.currency,
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
	else format('%s %s of %s from order %s',
	    money_text(v_payment.amount_cents), v_payment.currency,
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
		where e.event_id = p_key and e.disposition = 'refused'
		union all
		select f.warning_id
		from fraud_warnings f
		where f.warning_id = p_key
		union all
		select f.refund_id
		from refund_facts f
		where f.refund_id = p_key and f.status in ('failed', 'canceled')
		limit 1;
	end if;
	if dispute_bar(p_key) is not null then
		result := 'refused';
		detail := dispute_bar(p_key);
		return;
	elsif v_subject is null then
		result := 'unknown';
		detail := format('nothing stands under %s', p_key);
		return;
	elsif exists (select from dismissals d
	    where d.subject = v_subject and d.taken_back_at is null) then
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
	detail := p_reason || coalesce(like_count(v_subject, p_field, v_value),
	    '');
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

-- How many others a rule closes with it, and how much money that is in all, in
-- words; null without a rule.
create or replace function teamdues.like_count(
	p_session_id text,
	p_field text,
	p_value text)
returns text
language plpgsql stable as $$
begin
	return (
	    select format(' (with %s more like it, %s in all)', coalesce(
	        sum(x.count), 0) - 1, string_agg(format('%s %s',
	        teamdues.money_text(x.cents), x.currency), ' and '
	        order by x.currency))
	    from (
	        select p.currency, count(*) as count,
	            sum(p.amount_cents)::bigint as cents
	        from teamdues.payments p
	        where p.session_id = p_session_id
	        or p.place = 'unmatched'
	        and (p_field = 'payment_link' and p.payment_link = p_value
	            or p_field = 'metadata'
	            and p_value = any (p.metadata_keys))
	        group by p.currency) x
	    having p_field is not null);
end
$$;

-- Takes a dismissal back: what was closed waits for a person again.  A rule
-- that was made with it stays.  result: reopened, refused, unknown.
create or replace function teamdues.undismiss(
	p_key text,
	p_actor text,
	p_commit boolean,
	out result text,
	out detail text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_payment payments := lock_payment(p_key, null);
	v_subject text := coalesce(v_payment.session_id, p_key);
	v_dismissal dismissals;
begin
	select * into v_dismissal
	from dismissals d
	where d.subject = v_subject and d.taken_back_at is null
	for update;
	if not found then
		result := case when v_payment.session_id is null
		    and not exists (select from stripe_events e
		        where e.event_id = p_key) then 'unknown'
		    else 'refused' end;
		detail := case result
		    when 'unknown' then 'nothing stands under ' || p_key
		    else 'nobody has dismissed it' end;
		return;
	end if;
	result := 'reopened';
	detail := format('what %s dismissed: %s', v_dismissal.actor,
	    v_dismissal.reason);
	if p_commit then
		update dismissals d
		set taken_back_at = now()
		where d.dismissal_id = v_dismissal.dismissal_id;
		insert into audit_log (actor, action, subject, detail)
		values (p_actor, 'reopen', v_subject, undismiss.detail);
		perform refresh_payments(array[v_payment.session_id]);
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
	then 'only payments are like others'
	when p_field = 'payment_link' and p_value is null
	then 'the payment came through no payment link'
	when p_field = 'metadata' and p_value = any (teamdues.our_keys())
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

create or replace function teamdues.add_rule(
	p_field text,
	p_value text,
	p_actor text)
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
