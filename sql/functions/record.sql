-- The one way in for what Stripe says.  p_items is an array of objects whose
-- members are the columns of teamdues.fact_item:
--   event_id, event_type, object_id, event_livemode, api_version,
--   event_created: the event; absent when Stripe was asked
--   disposition: fact, ignored, foreign, refused; reason: why it is no fact
--   kind: what the fact is about; facts.sql says what each carries
-- times in Unix seconds.  p_payloads are the events' bodies, in the same
-- places.  p_zone: the club's zone when what becomes paid is to get its
-- receipt, else null.
--
-- All items are applied in one transaction, as if one by one in the order of
-- their events' ids; but those that touch nothing in common are one round,
-- which takes the same few statements however many they are.
--
-- Gives a row per item, in their order: the outcome that is true now, why, for
-- which order, whether a fact was added (is_news), and whether a person is
-- needed since (is_alarm).  `mismatch`: the event's id was recorded with
-- another type or object.
create or replace function teamdues.record(
	p_items jsonb,
	p_payloads text[],
	p_zone text)
returns table (outcome text, reason text, order_id bigint, is_news boolean,
	is_alarm boolean)
language plpgsql as $$
declare
	v_items teamdues.fact_item[] := array(select i
	    from jsonb_populate_recordset(null::teamdues.fact_item, p_items) i);
	v_done teamdues.done_item[] := array_fill(null::teamdues.done_item,
	    array[cardinality(v_items)]);
	v_day date := teamdues.receipt_day(p_zone);
begin
	perform teamdues.lock_items(v_items);
	v_done := teamdues.record_plain(v_items, p_payloads, v_done, v_day);
	if array_position(v_done, null) is not null then
		v_done := teamdues.record_rest(v_items, p_payloads, v_done);
		if v_day is not null then
			perform teamdues.queue_receipts(v_items, v_done, v_day);
		end if;
		return query
		select s.* from teamdues.item_standings(v_items, v_done) s;
	else
		return query
		select 'applied', '', d.order_id, true, false
		from unnest(v_done) d;
	end if;
end
$$;

-- The items that are not done yet, round by round.
create or replace function teamdues.record_rest(
	p_items teamdues.fact_item[],
	p_payloads text[],
	p_done teamdues.done_item[])
returns teamdues.done_item[]
language plpgsql as $$
declare
	v_places integer[] := teamdues.next_round(p_items, p_done);
	v_round teamdues.done_item[];
begin
	while v_places <> '{}' loop
		v_round := teamdues.record_round(
		    array(select p_items[x] from unnest(v_places) x),
		    array(select p_payloads[x] from unnest(v_places) x));
		for i in 1 .. cardinality(v_places) loop
			p_done[v_places[i]] := v_round[i];
		end loop;
		v_places := teamdues.next_round(p_items, p_done);
	end loop;
	return p_done;
end
$$;

-- What each item touches, as keys that are equal where two touch the same:
-- itself, its event, its intent, its session and that of its intent, and the
-- orders that these may concern.  Hashes: that two collide puts an item off for
-- a round.
create or replace function teamdues.item_keys(
	p_items teamdues.fact_item[])
returns table (place bigint, key bigint)
language plpgsql stable as $$
begin
	return query
	with s as materialized (
		select i.ordinality, i.session_id
		from unnest(p_items) with ordinality i
		where i.session_id is not null
		union
		select i.ordinality, p.session_id
		from unnest(p_items) with ordinality i
		cross join lateral (
		    select y.session_id
		    from teamdues.payments y
		    where y.payment_intent_id = i.payment_intent_id
		    offset 0) p
	)
	select i.ordinality, k.key
	from unnest(p_items) with ordinality i
	cross join lateral unnest(array[-i.ordinality,
	    hashtextextended(i.event_id, 0),
	    hashtextextended(i.payment_intent_id, 1),
	    teamdues.reference_id(i.metadata_order_id),
	    teamdues.reference_id(i.client_reference_id)]) k (key)
	where k.key is not null
	union all
	select s.ordinality, hashtextextended(s.session_id, 2)
	from s
	union all
	select s.ordinality, o
	from s
	cross join lateral (
	    select * from teamdues.orders_of_sessions(array[s.session_id])
	    offset 0) o (o);
end
$$;

-- The places of the items to do next: of those left, each that touches nothing
-- that an earlier one touches.
create or replace function teamdues.next_round(
	p_items teamdues.fact_item[],
	p_done teamdues.done_item[])
returns integer[]
language plpgsql stable as $$
declare
	v_turns bigint[];
begin
	v_turns := array(
	    select x.turn
	    from (select i.ordinality, row_number() over (
	        order by i.event_id collate "C", i.ordinality) as turn
	        from unnest(p_items) with ordinality i) x
	    order by x.ordinality);
	return array(
	    select x.place::integer
	    from (select k.place, min(v_turns[k.place])
	        over (partition by k.key) as first
	        from teamdues.item_keys(p_items) k
	        where p_done[k.place] is null) x
	    group by x.place
	    having min(x.first) = v_turns[x.place]
	    order by v_turns[x.place]);
end
$$;

-- Items that touch nothing in common: each event into the ledger, its fact to
-- the facts, and what follows from them.
create or replace function teamdues.record_round(
	p_items teamdues.fact_item[],
	p_payloads text[])
returns teamdues.done_item[]
language plpgsql as $$
declare
	v_item record;
	v_known text[];
	v_facts teamdues.fact_item[];
	v_alarms integer[];
begin
	for v_item in select * from teamdues.judge_facts(p_items) loop
		p_items[v_item.place].disposition := case
		    when v_item.fault is null then 'duplicate'
		    else 'refused' end;
		p_items[v_item.place].reason := coalesce(v_item.fault, '');
	end loop;
	v_known := teamdues.record_ledger(p_items, p_payloads);
	-- Said again it may carry an earlier time, and paid_at is the earliest.
	v_facts := array(select case when v_known[n] is null
	        and (p_items[n]).disposition in ('fact', 'duplicate')
	    then p_items[n] end
	    from generate_subscripts(p_items, 1) n
	    order by n);
	v_alarms := teamdues.record_facts(v_facts);
	return array(
	    select row(
	        coalesce(v_known[i.ordinality], case i.disposition
	            when 'fact' then null
	            when 'refused' then 'review'
	            else i.disposition end),
	        coalesce(i.reason, ''), null,
	        v_known[i.ordinality] is null and (i.disposition = 'refused'
	            or i.ordinality = any (v_alarms)))::teamdues.done_item
	    from unnest(p_items) with ordinality i
	    order by i.ordinality);
end
$$;

-- Puts events into the ledger.  Gives for each item null when its event is new
-- (or it has none), else duplicate or mismatch.
create or replace function teamdues.record_ledger(
	p_items teamdues.fact_item[],
	p_payloads text[])
returns text[]
language plpgsql as $$
declare
	v_new text[];
begin
	with new as (
		insert into teamdues.stripe_events (event_id, type, object_id,
		    livemode, api_version, disposition, reason, session_id,
		    payment_intent_id, stripe_created, payload)
		select i.event_id, i.event_type, i.object_id, i.event_livemode,
		    i.api_version, i.disposition, coalesce(i.reason, ''),
		    i.session_id, i.payment_intent_id,
		    to_timestamp(i.event_created), p_payloads[i.ordinality]
		from unnest(p_items) with ordinality i
		where i.event_id is not null
		order by i.event_id collate "C"
		on conflict do nothing
		returning event_id
	)
	select array_agg(n.event_id) into v_new
	from new n;
	-- A statement of its own: it sees who was faster.
	return array(
	    select case
	    when i.event_id is null or i.event_id = any (v_new) then null
	    when (e.type, e.object_id) = (i.event_type, i.object_id)
	    then 'duplicate'
	    else 'mismatch' end
	    from unnest(p_items) with ordinality i
	    left join lateral (
	        select y.type, y.object_id
	        from teamdues.stripe_events y
	        where y.event_id = i.event_id
	        and not i.event_id = any (coalesce(v_new, '{}'))
	        offset 0) e on true
	    order by i.ordinality);
end
$$;

-- Adds the facts of a round (null: none at that place) and recomputes what
-- follows.  Gives the places of those since which more payments need a person.
create or replace function teamdues.record_facts(p_items teamdues.fact_item[])
returns integer[]
language plpgsql as $$
declare
	v_sessions text[];
	v_before bigint[];
	v_after bigint[];
begin
	if array_remove(p_items, null) = '{}' then
		return '{}';
	end if;
	v_sessions := array(
	    select coalesce(p.session_id, i.session_id)
	    from unnest(p_items) with ordinality i
	    left join lateral (
	        select y.session_id
	        from teamdues.payments y
	        where y.payment_intent_id = i.payment_intent_id
	        offset 0) p on true
	    order by i.ordinality);
	v_before := teamdues.open_questions(v_sessions);
	perform teamdues.add_facts(p_items);
	perform teamdues.refresh_sessions(v_sessions);
	perform teamdues.refresh_payments(v_sessions);
	v_after := teamdues.open_questions(v_sessions);
	return array(
	    select n
	    from generate_subscripts(v_sessions, 1) n
	    where v_after[n] > v_before[n]);
end
$$;

-- How many payments wait for a person, for each of some sessions: its own, and
-- those that match the same order.
create or replace function teamdues.open_questions(p_session_ids text[])
returns bigint[]
language plpgsql stable as $$
begin
	return array(
	    select (
	        select count(*)
	        from teamdues.payments p
	        where p.session_id = x.session_id and p.matched_order_id is null
	        and p.place in ('unmatched', 'review')) + (
	        select count(*)
	        from teamdues.payments p
	        where p.matched_order_id = (
	            select q.matched_order_id
	            from teamdues.payments q
	            where q.session_id = x.session_id)
	        and p.place in ('unmatched', 'review'))
	    from unnest(p_session_ids) with ordinality x (session_id, n)
	    order by x.n);
end
$$;

-- How each item stands now that all are done.
create or replace function teamdues.item_standings(
	p_items teamdues.fact_item[],
	p_done teamdues.done_item[])
returns table (outcome text, reason text, order_id bigint, is_news boolean,
	is_alarm boolean)
language plpgsql stable as $$
begin
	return query
	select coalesce(d.settled, teamdues.fact_outcome(p.place, x.order_id)),
	    case when d.settled is not null then d.reason
	    else teamdues.fact_reason(p.place, p.reason, x.order_id,
	        i.session_id) end,
	    case when p.place = 'order' then p.matched_order_id
	    else x.order_id end,
	    d.settled is null, d.is_alarm
	from unnest(p_items) with ordinality i
	cross join lateral (
	    select (p_done[i.ordinality]).*) d
	left join lateral (
	    select y.session_id
	    from teamdues.payments y
	    where y.payment_intent_id = i.payment_intent_id
	    offset 0) q on true
	left join lateral (
	    select y.place, y.reason, y.matched_order_id
	    from teamdues.payments y
	    where y.session_id = coalesce(q.session_id, i.session_id)
	    offset 0) p on true
	left join lateral (
	    select y.order_id
	    from teamdues.checkout_sessions y
	    where y.session_id = coalesce(q.session_id, i.session_id)
	    offset 0) s on true
	cross join lateral (
	    select coalesce(s.order_id, case when i.kind = 'failure'
	        then teamdues.failure_order(i.metadata_order_id,
	            i.metadata_teamdues, i.metadata_word) end) as order_id
	    offset 0) x
	order by i.ordinality;
end
$$;
