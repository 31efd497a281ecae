-- The one way in for what Stripe says.  p_items is an array of
--   { "event": { id, type, object_id, livemode, api_version, created, payload },
--     "disposition": "fact" | "ignored" | "foreign" | "refused",
--     "reason": text,
--     "session": { id, fact, at, created, livemode, is_our_mode, amount_cents,
--       currency, payment_intent, customer, email, client_reference_id,
--       order_id, player_id, product_id, teamdues, keys, payment_link } }
-- times in Unix seconds; `event` is absent when Stripe was asked, `session` is
-- there for facts.  All items are applied in one transaction.  Locks are taken
-- in one order everywhere (sessions, orders, events; each ascending), so that
-- two batches cannot deadlock.
--
-- Gives a row per item, in their order: the outcome that is true now, why, for
-- which order, and whether it is the first time that this was said (is_news).
-- `mismatch`: the event's id was recorded with another type or object.
create function teamdues.record(p_items jsonb)
returns table (outcome text, reason text, order_id bigint, is_news boolean)
language plpgsql as $$
declare
	v_settled text[] := '{}';
	v_reasons text[] := '{}';
	v_done record;
	v_n integer;
	v_item jsonb;
begin
	perform teamdues.lock_sessions(p_items);
	perform teamdues.lock_orders(p_items);
	for v_n, v_item in
		select i.n, i.item
		from jsonb_array_elements(p_items) with ordinality as i (item, n)
		order by i.item #>> '{event,id}' collate "C", i.n
	loop
		v_done := teamdues.record_item(v_item);
		v_settled[v_n] := v_done.settled;
		v_reasons[v_n] := v_done.reason;
	end loop;

	return query
	select coalesce(v_settled[i.n], s.outcome),
	    case when v_settled[i.n] is null then s.reason
	        else v_reasons[i.n] end,
	    s.order_id,
	    v_settled[i.n] is null
	from jsonb_array_elements(p_items) with ordinality as i (item, n)
	cross join lateral
	    teamdues.session_standing(i.item #>> '{session,id}') s
	order by i.n;
end
$$;

-- One item: the event into the ledger, the fact to the facts.  settled is null
-- when a fact was added, else the outcome that closes the matter.
create function teamdues.record_item(
	p_item jsonb,
	out settled text,
	out reason text)
language plpgsql as $$
declare
	v_session jsonb := p_item -> 'session';
	v_disposition text := p_item ->> 'disposition';
begin
	reason := coalesce(p_item ->> 'reason', '');
	if v_disposition = 'fact' then
		reason := coalesce(teamdues.session_contradiction(v_session), '');
		if reason <> '' then
			v_disposition := 'refused';
		elsif exists (select from teamdues.session_facts f
		    where f.session_id = v_session ->> 'id'
		    and f.fact = v_session ->> 'fact') then
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
		perform teamdues.record_session_fact(v_session);
	end if;
	settled := case v_disposition when 'fact' then null
	    when 'refused' then 'review' else v_disposition end;
end
$$;

-- Puts an event into the ledger.  Null when it is new, else duplicate or
-- mismatch.
create function teamdues.record_event(
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
	    api_version, disposition, reason, session_id, stripe_created)
	values (v_event ->> 'id', v_event ->> 'type', v_event ->> 'object_id',
	    (v_event ->> 'livemode')::boolean, v_event ->> 'api_version',
	    p_disposition, p_reason, p_item #>> '{session,id}',
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

-- How a session differs from what is known of it; null when it does not.
create function teamdues.session_contradiction(p_session jsonb) returns text
language sql stable as $$
	select format('contradicts what is known of %s: %s', p.session_id,
	    concat_ws(', ',
	    case when p.amount_cents <> (p_session ->> 'amount_cents')::bigint
	        then format('amount %s, was %s', p_session ->> 'amount_cents',
	            p.amount_cents) end,
	    case when p.currency <> p_session ->> 'currency'
	        then format('currency %s, was %s', p_session ->> 'currency',
	            p.currency) end,
	    case when p.payment_intent_id <> p_session ->> 'payment_intent'
	        then format('payment intent %s, was %s',
	            p_session ->> 'payment_intent', p.payment_intent_id) end,
	    case when q.session_id is not null
	        then format('payment intent of session %s', q.session_id) end))
	from (select p_session ->> 'id' as session_id) x
	left join teamdues.payments p using (session_id)
	left join teamdues.payments q
	    on q.payment_intent_id = p_session ->> 'payment_intent'
	    and q.session_id <> x.session_id
	where p_session ->> 'fact' <> 'expired'
	and (p.amount_cents <> (p_session ->> 'amount_cents')::bigint
	    or p.currency <> p_session ->> 'currency'
	    or p.payment_intent_id <> p_session ->> 'payment_intent'
	    or q.session_id is not null)
$$;

-- Adds a fact about a session, and its payment when it is the first to tell of
-- one, then recomputes what follows.
create function teamdues.record_session_fact(p_session jsonb) returns void
language plpgsql as $$
declare
	v_id text := p_session ->> 'id';
begin
	insert into teamdues.session_facts (session_id, fact, stripe_time)
	values (v_id, p_session ->> 'fact',
	    to_timestamp((p_session ->> 'at')::bigint))
	on conflict do nothing;
	if p_session ->> 'fact' <> 'expired' then
		insert into teamdues.payments (session_id, payment_intent_id,
		    livemode, is_our_mode, amount_cents, currency,
		    stripe_created, customer_id, email, client_reference_id,
		    metadata_order_id, metadata_player_id,
		    metadata_product_id, metadata_teamdues, metadata_keys,
		    payment_link)
		values (v_id, p_session ->> 'payment_intent',
		    (p_session ->> 'livemode')::boolean,
		    (p_session ->> 'is_our_mode')::boolean,
		    (p_session ->> 'amount_cents')::bigint,
		    p_session ->> 'currency',
		    to_timestamp((p_session ->> 'created')::bigint),
		    p_session ->> 'customer', p_session ->> 'email',
		    p_session ->> 'client_reference_id',
		    p_session ->> 'order_id', p_session ->> 'player_id',
		    p_session ->> 'product_id', p_session ->> 'teamdues',
		    array(select jsonb_array_elements_text(p_session -> 'keys')),
		    p_session ->> 'payment_link')
		on conflict (session_id) do nothing;
	end if;
	perform teamdues.refresh_session(v_id);
	perform teamdues.refresh_payment(v_id);
end
$$;

-- Where a session stands: its payment's place, or, without a payment, whether
-- it is one of ours.
create function teamdues.session_standing(
	p_session_id text,
	out outcome text,
	out reason text,
	out order_id bigint)
language sql stable as $$
	select case
	    when pp.place = 'order' then 'applied'
	    when pp.place = 'waiting' then 'ignored'
	    when pp.place is not null then pp.place
	    when s.session_id is not null then 'applied'
	    else 'ignored' end,
	    case when pp.place is not null then pp.reason
	    when s.session_id is not null then ''
	    else 'session not known' end,
	    coalesce(pp.order_id, s.order_id)
	from (select p_session_id as session_id) x
	left join teamdues.payment_places pp using (session_id)
	left join teamdues.checkout_sessions s using (session_id)
$$;
