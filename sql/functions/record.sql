-- The one way in for what Stripe says.  p_items is an array of
--   { "event": { id, type, object_id, livemode, api_version, created, payload },
--     "disposition": "fact" | "ignored" | "foreign" | "refused",
--     "reason": text,
--     and for a fact one of
--     "session": { id, fact, at, created, livemode, is_our_mode, amount_cents,
--       currency, payment_intent, customer, email, client_reference_id,
--       order_id, player_id, product_id, teamdues, keys, payment_link }
--     "refund": { id, status, payment_intent, amount_cents }
--     "charge": { payment_intent, amount_refunded_cents }
--     "dispute": { id, facts, payment_intent, amount_cents }
--     "failure": { payment_intent, at, message, order_id, teamdues } }
-- times in Unix seconds; `event` is absent when Stripe was asked.  All items are
-- applied in one transaction.  Locks are taken in one order everywhere (intents,
-- sessions, orders, events; each ascending), so that two batches cannot
-- deadlock.
--
-- Gives a row per item, in their order: the outcome that is true now, why, for
-- which order, whether a fact was added (is_news), and whether a person is needed
-- since (is_alarm).  `mismatch`: the event's id was recorded with another type
-- or object.
create or replace function teamdues.record(p_items jsonb)
returns table (outcome text, reason text, order_id bigint, is_news boolean,
	is_alarm boolean)
language plpgsql as $$
declare
	v_done record;
	v_item jsonb;
	v_n integer;
	v_settled text[] := '{}';
	v_reasons text[] := '{}';
	v_alarms boolean[] := '{}';
begin
	perform teamdues.lock_items(p_items);
	for v_n, v_item in
		select i.n, i.item
		from jsonb_array_elements(p_items) with ordinality as i (item, n)
		order by i.item #>> '{event,id}' collate "C", i.n
	loop
		v_done := teamdues.record_item(v_item);
		v_settled[v_n] := v_done.settled;
		v_reasons[v_n] := v_done.reason;
		v_alarms[v_n] := v_done.is_alarm;
	end loop;

	return query
	select coalesce(v_settled[i.n], s.outcome),
	    case when v_settled[i.n] is null then s.reason
	        else v_reasons[i.n] end,
	    s.order_id, v_settled[i.n] is null, v_alarms[i.n]
	from jsonb_array_elements(p_items) with ordinality as i (item, n)
	cross join lateral teamdues.item_standing(
	    i.item #>> '{session,id}', teamdues.item_intent(i.item),
	    case when i.item ? 'failure'
	        then teamdues.failure_order(i.item -> 'failure') end) s
	order by i.n;
end
$$;

-- The payment intent that an item speaks of.
create or replace function teamdues.item_intent(p_item jsonb) returns text
language sql immutable as $$
	select coalesce(p_item #>> '{session,payment_intent}',
	    p_item #>> '{refund,payment_intent}',
	    p_item #>> '{charge,payment_intent}',
	    p_item #>> '{dispute,payment_intent}',
	    p_item #>> '{failure,payment_intent}')
$$;

-- One item: the event into the ledger, the fact to the facts.  settled is null
-- when a fact was added, else the outcome that closes the matter.
create or replace function teamdues.record_item(
	p_item jsonb,
	out settled text,
	out reason text,
	out is_alarm boolean)
language plpgsql as $$
declare
	v_disposition text := p_item ->> 'disposition';
begin
	reason := coalesce(p_item ->> 'reason', '');
	is_alarm := false;
	if v_disposition = 'fact' then
		reason := coalesce(teamdues.contradiction(p_item), '');
		if reason <> '' then
			v_disposition := 'refused';
		elsif teamdues.is_known(p_item) then
			v_disposition := 'duplicate';
		end if;
	end if;
	if p_item ? 'event' then
		settled := teamdues.record_event(p_item, v_disposition, reason);
		if settled is not null then
			return;
		end if;
	end if;
	-- Said again it may carry an earlier time, and paid_at is the earliest.
	if v_disposition in ('fact', 'duplicate') then
		is_alarm := teamdues.record_fact(p_item);
	end if;
	is_alarm := is_alarm or v_disposition = 'refused';
	settled := case v_disposition when 'fact' then null
	    when 'refused' then 'review' else v_disposition end;
end
$$;

-- Puts an event into the ledger.  Null when it is new, else duplicate or
-- mismatch.
create or replace function teamdues.record_event(
	p_item jsonb,
	p_disposition text,
	p_reason text)
returns text
language plpgsql as $$
declare
	v_event jsonb := p_item -> 'event';
	v_is_same boolean;
begin
	insert into teamdues.stripe_events (event_id, type, object_id, livemode,
	    api_version, disposition, reason, session_id, payment_intent_id,
	    stripe_created)
	values (v_event ->> 'id', v_event ->> 'type', v_event ->> 'object_id',
	    (v_event ->> 'livemode')::boolean, v_event ->> 'api_version',
	    p_disposition, p_reason, p_item #>> '{session,id}',
	    teamdues.item_intent(p_item),
	    to_timestamp((v_event ->> 'created')::bigint))
	on conflict do nothing;
	if not found then
		select e.type = v_event ->> 'type'
		    and e.object_id = v_event ->> 'object_id' into v_is_same
		from teamdues.stripe_events e
		where e.event_id = v_event ->> 'id';
		return case when v_is_same then 'duplicate' else 'mismatch' end;
	end if;
	insert into teamdues.event_payloads (event_id, payload)
	values (v_event ->> 'id', v_event ->> 'payload');
	return null;
end
$$;

-- Where what an event speaks of stands now: its payment's place, or, without a
-- payment, whether its session or the order that it names is ours.
create or replace function teamdues.item_standing(
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
	    from teamdues.payments p
	    where p.payment_intent_id = p_payment_intent_id),
	    p_session_id) as session_id) x
	left join teamdues.payment_places pp using (session_id)
	left join teamdues.checkout_sessions s using (session_id)
$$;
