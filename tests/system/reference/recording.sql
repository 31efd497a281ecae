-- Recording as it was, one item after the other: what follows from its fact, and
-- what is told of it.

-- The payments that match an order: its own count, and so does one that is
-- under way; any other that still holds money is for a person to see.
create function order_payments(p_order_id bigint)
returns table (session_id text, place text, reason text)
language sql stable as $$
	select p.session_id,
	    case
	    when d.place is not null then d.place
	    when session_state(p.session_id) <> 'paid'
	        or p.session_id = any (own.ids) then 'order'
	    when money_gone(p) is not null then 'settled'
	    else 'review' end,
	    case
	    when d.place is not null then d.reason
	    when session_state(p.session_id) <> 'paid'
	        or p.session_id = any (own.ids) then ''
	    when money_gone(p) is not null
	    then money_gone(p)
	    when own.left_cents > 0
	    then format('wrong amount: paid %s, of order %s only %s are left',
	        to_char(p.amount_cents / 100.0, 'FM999990.00'), p_order_id,
	        to_char(own.left_cents / 100.0, 'FM999990.00'))
	    else format('order %s is already paid %s', p_order_id,
	        case when own.ids = '{}' then 'by other means'
	        else 'by another payment' end) end
	from payment_places pp
	join payments p using (session_id)
	cross join (
	    select x.ids, o.amount_cents - o.waived_cents
	        - recorded_cents(p_order_id) - coalesce((
	            select sum(y.amount_cents)
	            from payments y
	            where y.session_id = any (x.ids)), 0) as left_cents
	    from (select own_sessions(p_order_id)) x (ids)
	    join orders o on o.order_id = p_order_id) own
	left join lateral (
	    select case when x.is_not_ours then 'foreign' else 'settled' end
	        as place,
	        format('dismissed by %s: %s', x.actor, x.reason) as reason
	    from teamdues.dismissals x
	    where x.subject = p.session_id and x.taken_back_at is null
	    and session_state(p.session_id) = 'paid'
	    and not p.session_id = any (own.ids)) d on true
	where pp.matched_order_id = p_order_id
$$;

-- What an order's columns must say, from the facts and the acts of people.
create function order_standing(
	p_order orders,
	out status text,
	out payment_source text,
	out payment_intent_id text,
	out paid_at timestamptz,
	out refunded_cents bigint,
	out paid_cents bigint)
language plpgsql stable as $$
declare
	v_own text[] := own_sessions(p_order.order_id);
	v_payment payments;
	v_stripe_cents bigint := 0;
	v_lost_cents bigint := 0;
	v_is_disputed boolean := false;
begin
	refunded_cents := 0;
	paid_cents := recorded_cents(p_order.order_id);
	select r.source, max(r.recorded_at) over () into payment_source, paid_at
	from teamdues.recorded_payments r
	where r.order_id = p_order.order_id and r.taken_back_at is null
	order by r.recorded_id desc
	limit 1;
	for v_payment in
		select p.*
		from payments p
		where p.session_id = any (v_own)
		order by p.stripe_created, p.payment_intent_id
	loop
		payment_source := 'stripe';
		payment_intent_id := coalesce(payment_intent_id,
		    v_payment.payment_intent_id);
		paid_at := greatest(paid_at, (
		    select min(f.stripe_time)
		    from session_facts f
		    where f.session_id = v_payment.session_id
		    and f.fact = 'paid'));
		paid_cents := paid_cents + v_payment.amount_cents;
		v_stripe_cents := v_stripe_cents + v_payment.amount_cents;
		refunded_cents := refunded_cents + reference.refunded_cents(
		    v_payment.payment_intent_id);
		v_lost_cents := v_lost_cents
		    + lost_cents(v_payment.payment_intent_id);
		v_is_disputed := v_is_disputed or exists (
		    select from dispute_states(v_payment.payment_intent_id) d
		    where d.state = 'open');
	end loop;
	if paid_cents < p_order.amount_cents - p_order.waived_cents then
		payment_source := null;
		paid_at := null;
		status := case
		when exists (select from payment_places pp
		    where pp.matched_order_id = p_order.order_id
		    and session_state(pp.session_id) = 'unpaid')
		then 'processing'
		when p_order.cancelled_at is not null then 'cancelled'
		else 'pending' end;
	else
		status := case
		when v_lost_cents > 0
		    and v_lost_cents + refunded_cents >= v_stripe_cents
		then 'charged_back'
		when v_is_disputed then 'disputed'
		when refunded_cents > 0 and refunded_cents >= paid_cents
		then 'refunded'
		when refunded_cents + v_lost_cents > 0 then 'partially_refunded'
		else 'paid' end;
	end if;
	if status <> 'charged_back' then
		refunded_cents := refunded_cents + v_lost_cents;
	end if;
end
$$;

-- From the facts to what follows from them.

create function refresh_order(p_order_id bigint) returns void
language plpgsql as $$
declare
	v_order orders;
	v_standing record;
begin
	select * into v_order
	from orders o
	where o.order_id = p_order_id;
	if not found then
		return;
	end if;
	update payment_places pp
	set place = g.place,
	    reason = g.reason,
	    order_id = case when g.place = 'order' then p_order_id end,
	    suggested_order_id = case when g.place <> 'order'
	        then p_order_id end
	from order_payments(p_order_id) g
	where pp.session_id = g.session_id
	and (pp.place, pp.reason) <> (g.place, g.reason);

	v_standing := order_standing(v_order);
	update orders o
	set status = v_standing.status,
	    payment_source = v_standing.payment_source,
	    payment_intent_id = v_standing.payment_intent_id,
	    paid_at = v_standing.paid_at,
	    refunded_cents = v_standing.refunded_cents,
	    paid_cents = v_standing.paid_cents
	where o.order_id = p_order_id;

	-- What is open for an order that is not pending is to be ended.
	update checkout_sessions s
	set stray_at = case when v_standing.status <> 'pending' then now() end,
	    end_at = case when v_standing.status <> 'pending' then now() end
	where s.order_id = p_order_id and s.status = 'open'
	and (s.stray_at is null) = (v_standing.status <> 'pending');
end
$$;

create function refresh_payment(p_session_id text) returns void
language plpgsql as $$
declare
	v_previous bigint;
	v_matched bigint;
begin
	select pp.matched_order_id into v_previous
	from payment_places pp
	where pp.session_id = p_session_id;

	insert into payment_places as pp (session_id, place, reason,
	    order_id, matched_order_id, suggested_order_id)
	select p.session_id, s.place, s.reason, s.order_id, s.order_id,
	    s.suggested_order_id
	from payments p
	cross join lateral payment_standing(p) s
	where p.session_id = p_session_id
	on conflict (session_id) do update
	set place = excluded.place,
	    reason = excluded.reason,
	    order_id = excluded.order_id,
	    matched_order_id = excluded.matched_order_id,
	    suggested_order_id = excluded.suggested_order_id
	returning pp.matched_order_id into v_matched;

	if v_previous is distinct from v_matched then
		perform refresh_order(v_previous);
	end if;
	perform refresh_order(v_matched);
end
$$;

create function refresh_session(p_session_id text) returns void
language plpgsql as $$
begin
	update checkout_sessions s
	set status = case session_state(p_session_id)
	    when 'expired' then 'expired' else 'complete' end
	where s.session_id = p_session_id
	and session_state(p_session_id) is not null;
end
$$;

-- How many payments wait for a person: the session's own, and those that match
-- the same order.
create function open_questions(p_session_id text) returns bigint
language plpgsql stable as $$
begin
	return (
	    select count(*)
	    from payment_places pp
	    where pp.place in ('unmatched', 'review')
	    and (pp.session_id = p_session_id or pp.matched_order_id in (
	        select q.matched_order_id
	        from payment_places q
	        where q.session_id = p_session_id)));
end
$$;

-- Adds an item's fact and recomputes what follows.  True when more payments need
-- a person now than before.
create function record_fact(i teamdues.fact_item) returns boolean
language plpgsql as $$
declare
	v_session_id text := coalesce((select p.session_id
	    from payments p
	    where p.payment_intent_id = i.payment_intent_id), i.session_id);
	v_before bigint := open_questions(v_session_id);
begin
	perform add_fact(i);
	perform refresh_session(v_session_id);
	perform refresh_payment(v_session_id);
	return open_questions(v_session_id) > v_before;
end
$$;

-- Puts an event into the ledger.  Null when it is new, else duplicate or
-- mismatch.
create function record_event(
	i teamdues.fact_item,
	p_payload text)
returns text
language plpgsql as $$
declare
	v_is_same boolean;
begin
	insert into stripe_events (event_id, type, object_id, livemode,
	    api_version, disposition, reason, session_id, payment_intent_id,
	    stripe_created, payload)
	values (i.event_id, i.event_type, i.object_id, i.event_livemode,
	    i.api_version, i.disposition, i.reason, i.session_id,
	    i.payment_intent_id, to_timestamp(i.event_created), p_payload)
	on conflict do nothing;
	if found then
		return null;
	end if;
	select e.type = i.event_type and e.object_id = i.object_id
	into v_is_same
	from stripe_events e
	where e.event_id = i.event_id;
	return case when v_is_same then 'duplicate' else 'mismatch' end;
end
$$;

-- One item: the event into the ledger, the fact to the facts.  settled is null
-- when a fact was added, else the outcome that closes the matter.
create function record_item(
	i teamdues.fact_item,
	p_payload text,
	out settled text,
	out reason text,
	out is_alarm boolean)
language plpgsql as $$
begin
	reason := coalesce(i.reason, '');
	is_alarm := false;
	if i.disposition = 'fact' then
		reason := coalesce(contradiction(i), '');
		if reason <> '' then
			i.disposition := 'refused';
		elsif is_known(i) then
			i.disposition := 'duplicate';
		end if;
	end if;
	i.reason := reason;
	if i.event_id is not null then
		settled := record_event(i, p_payload);
		if settled is not null then
			return;
		end if;
	end if;
	-- Said again it may carry an earlier time, and paid_at is the earliest.
	if i.disposition in ('fact', 'duplicate') then
		is_alarm := record_fact(i);
	end if;
	is_alarm := is_alarm or i.disposition = 'refused';
	settled := case i.disposition when 'fact' then null
	    when 'refused' then 'review' else i.disposition end;
end
$$;

-- Where what an event speaks of stands now: its payment's place, or, without a
-- payment, whether its session or the order that it names is ours.
create function item_standing(
	p_session_id text,
	p_payment_intent_id text,
	p_order_id bigint,
	out outcome text,
	out reason text,
	out order_id bigint)
language sql stable as $$
	select case
	    when pp.place = 'order' then 'applied'
	    when pp.place in ('waiting', 'settled') then 'ignored'
	    when pp.place is not null then pp.place
	    when coalesce(s.order_id, p_order_id) is not null then 'applied'
	    else 'ignored' end,
	    case
	    when pp.place is not null then pp.reason
	    when coalesce(s.order_id, p_order_id) is not null then ''
	    when p_session_id is not null then 'session not known'
	    else 'payment not known' end,
	    coalesce(pp.order_id, s.order_id, p_order_id)
	from (select coalesce((select p.session_id
	    from payments p
	    where p.payment_intent_id = p_payment_intent_id),
	    p_session_id) as session_id) x
	left join payment_places pp using (session_id)
	left join checkout_sessions s using (session_id)
$$;

-- A receipt for what an item has paid of an order that is paid now.
create function queue_receipt(
	i teamdues.fact_item,
	p_order_id bigint,
	p_zone text)
returns void
language plpgsql as $$
begin
	insert into emails (kind, player_id, order_id, recipient, facts, day)
	select 'receipt', o.player_id, o.order_id, r.email,
	    jsonb_build_object('amount_cents', i.amount_cents,
	        'currency', o.currency), (now() at time zone p_zone)::date
	from orders o
	join teamdues.players y on y.player_id = o.player_id
	join teamdues.parents r on r.parent_id = y.parent_id
	where o.order_id = p_order_id and o.status = 'paid'
	and i.word = 'paid'
	and exists (select from payments p
	    join payment_places pp using (session_id)
	    where p.session_id = i.session_id
	    and p.payment_intent_id = i.payment_intent_id
	    and pp.order_id = o.order_id)
	and r.email is not null
	and not exists (select from emails e
	    where e.order_id = o.order_id and e.kind = 'receipt')
	on conflict do nothing;
end
$$;

-- As teamdues.record.
create function record(
	p_items jsonb,
	p_payloads text[],
	p_zone text)
returns table (outcome text, reason text, order_id bigint, is_news boolean,
	is_alarm boolean)
language plpgsql as $$
declare
	v_items teamdues.fact_item[] := array(select i
	    from jsonb_populate_recordset(null::teamdues.fact_item, p_items) i);
	v_n integer;
	v_done record;
	v_settled text[] := '{}';
	v_reasons text[] := '{}';
	v_alarms boolean[] := '{}';
begin
	for v_n in
		select x.ordinality
		from unnest(v_items) with ordinality x
		order by x.event_id collate "C", x.ordinality
	loop
		v_done := record_item(v_items[v_n], p_payloads[v_n]);
		v_settled[v_n] := v_done.settled;
		v_reasons[v_n] := v_done.reason;
		v_alarms[v_n] := v_done.is_alarm;
	end loop;
	for v_n in 1 .. cardinality(v_items) loop
		select coalesce(v_settled[v_n], s.outcome),
		    case when v_settled[v_n] is null then s.reason
		    else v_reasons[v_n] end, s.order_id
		into outcome, reason, order_id
		from item_standing((v_items[v_n]).session_id,
		    (v_items[v_n]).payment_intent_id,
		    failure_order(v_items[v_n])) s;
		is_news := v_settled[v_n] is null;
		is_alarm := v_alarms[v_n];
		if is_news and p_zone is not null then
			perform queue_receipt(v_items[v_n], order_id, p_zone);
		end if;
		return next;
	end loop;
end
$$;
