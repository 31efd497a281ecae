-- What healing asks of the database: which sessions to ask Stripe about, and
-- what its answers would change.

-- Whether the payer who came back may make us ask Stripe now: pending for five
-- seconds, and nobody has asked in the last ten, on any host.
create or replace function teamdues.claim_question(p_session_id text)
returns boolean
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
begin
	update checkout_sessions s
	set polled_at = now()
	where s.session_id = p_session_id and s.polled_at is null;
	update checkout_sessions s
	set asked_at = now()
	where s.session_id = p_session_id
	and s.polled_at <= now() - interval '5 seconds'
	and (s.asked_at is null or s.asked_at <= now() - interval '10 seconds');
	return found;
end
$$;

-- The sessions whose answer we still wait for, that are due to be asked about:
-- five minutes after they were made, after an hour, then daily.  Of orders that
-- wait for a bank, and of sessions that should have ended by now.
create or replace function teamdues.due_sessions(p_after text, p_limit integer)
returns table (session_id text)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select s.session_id
	from (select x.session_id, x.created_at, x.asked_at
	    from checkout_sessions x
	    where x.status = 'open' and x.expires_at < now()
	    union all
	    select x.session_id, x.created_at, x.asked_at
	    from listed_orders l
	    join checkout_sessions x on x.order_id = l.order_id
	    where l.status = 'processing'
	    and x.status = 'complete') s
	where now() >= case
	    when s.asked_at is null
	    then s.created_at + interval '5 minutes'
	    when s.asked_at < s.created_at + interval '1 hour'
	    then s.created_at + interval '1 hour'
	    else s.asked_at + interval '1 day' end
	and s.session_id > p_after collate "C"
	order by s.session_id collate "C"
	limit p_limit
$$;

-- Whether Stripe made a session of ours less than a day ago, and so must know
-- it.
create or replace function teamdues.is_young_session(p_session_id text)
returns boolean
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select exists (select from checkout_sessions s
	    where s.session_id = p_session_id
	    and s.stripe_created > now() - interval '1 day')
$$;

create or replace function teamdues.mark_asked(p_session_id text)
returns boolean
language sql security definer
set search_path = teamdues, pg_temp as $$
	update checkout_sessions s
	set asked_at = now()
	where s.session_id = p_session_id
	returning true
$$;

-- What is known here of a session that Stripe has shown: whether it concerns
-- us, whether its fact is news, and how much of its payment we take for given
-- back.  A session of an order of ours concerns us, and so does a payment,
-- unless it is known to be another's; a session that ended without one is
-- nobody's.  stranger is the installation that a payment is of, when nobody has
-- said yet whose it is.
create or replace function teamdues.known_session(
	p_item jsonb,
	out concerns boolean,
	out is_news boolean,
	out refunded_cents bigint,
	out stranger text)
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_item fact_item := jsonb_populate_record(null::fact_item, p_item);
begin
	select exists (
	        select from checkout_sessions s
	        where s.session_id = v_item.session_id)
	    or coalesce((
	        select p.place <> 'foreign'
	        from payments p
	        where p.session_id = v_item.session_id),
	        v_item.word <> 'expired' and (v_item.metadata_teamdues is null
	            or is_ours(v_item.metadata_teamdues)))
	into concerns;
	if v_item.word <> 'expired' and is_undecided(v_item.metadata_teamdues)
	then
		stranger := v_item.metadata_teamdues;
	end if;
	is_news := not exists (
	    select from judge_facts(array[v_item]) j where j.fault is null);
	refunded_cents := teamdues.refunded_cents(v_item.payment_intent_id);
end
$$;

-- What recording the answers would come to: the same work, undone.  before and
-- after are the status of the order that an item concerns; before is null where
-- there is none.
create or replace function teamdues.try_answers(
	p_items jsonb,
	p_commit boolean,
	p_zone text)
returns table (outcome text, reason text, order_id bigint, is_news boolean,
	is_alarm boolean, before text, after text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_rows jsonb;
	v_before jsonb;
	v_after jsonb;
begin
	select jsonb_object_agg(o.order_id, o.status) into v_before
	from orders o
	where o.order_id in (
	    select k.key
	    from item_keys(array(
	        select i
	        from jsonb_populate_recordset(null::fact_item, p_items) i)) k);
	begin
		select jsonb_agg(to_jsonb(r) order by r.n) into v_rows
		from record(without_events(p_items), '{}', p_zone)
		    with ordinality as r (outcome, reason, order_id, is_news,
		    is_alarm, n);
		-- A statement of its own: it sees what the one before did.
		select jsonb_object_agg(o.order_id, o.status) into v_after
		from orders o
		where o.order_id in (select (x ->> 'order_id')::bigint
		    from jsonb_array_elements(v_rows) x);
		if not p_commit then
			raise exception using errcode = 'TD001';
		end if;
	exception when sqlstate 'TD001' then
		null;
	end;
	return query
	select x.value ->> 'outcome', x.value ->> 'reason',
	    (x.value ->> 'order_id')::bigint,
	    (x.value ->> 'is_news')::boolean,
	    (x.value ->> 'is_alarm')::boolean,
	    v_before ->> (x.value ->> 'order_id'),
	    v_after ->> (x.value ->> 'order_id')
	from jsonb_array_elements(v_rows) x;
end
$$;

-- Reads an event again: its fact (if it brings one now) is added, and the new
-- reading stands beside the old one.  p_item is an item of teamdues.record
-- whose event is recorded.
create or replace function teamdues.replay_event(p_item jsonb, p_commit boolean)
returns table (outcome text, reason text, order_id bigint, is_news boolean,
	is_alarm boolean, before text, after text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
begin
	return query
	select t.outcome, t.reason, t.order_id, t.is_news, t.is_alarm, t.before,
	    t.after
	from try_answers(jsonb_build_array(p_item), p_commit, null) t;

	insert into event_replays (event_id, disposition, reason, session_id,
	    payment_intent_id)
	select e.event_id, x.disposition, x.reason, i.session_id,
	    i.payment_intent_id
	from jsonb_populate_record(null::fact_item, p_item) i
	join event_readings e on e.event_id = i.event_id
	left join judge_facts(array[i]) j on j.fault is not null
	cross join lateral (
	    select case when j.fault is null then i.disposition
	        else 'refused' end as disposition,
	        coalesce(j.fault, i.reason, '') as reason) x
	where p_commit and e.disposition in ('refused', 'ignored', 'foreign')
	and (e.disposition <> i.disposition and j.fault is null
	    or e.reason <> x.reason);
end
$$;
