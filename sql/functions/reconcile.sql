-- What healing asks of the database: which sessions to ask Stripe about, and what
-- its answers would change.

-- Whether the payer who came back may make us ask Stripe now: pending for five
-- seconds, and nobody has asked in the last ten, on any host.
create or replace function teamdues.claim_question(p_session_id text)
returns boolean
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
begin
	update stripe_sessions s
	set polled_at = now()
	where s.session_id = p_session_id and s.polled_at is null;
	update stripe_sessions s
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
	from checkout_sessions s
	join orders o on o.order_id = s.order_id
	join stripe_sessions a on a.session_id = s.session_id
	where (s.status = 'open' and s.expires_at < now()
	    or o.status = 'processing' and s.status = 'complete')
	and now() >= case
	    when a.asked_at is null
	    then s.created_at + interval '5 minutes'
	    when a.asked_at < s.created_at + interval '1 hour'
	    then s.created_at + interval '1 hour'
	    else a.asked_at + interval '1 day' end
	and s.session_id > p_after collate "C"
	order by s.session_id collate "C"
	limit p_limit
$$;

create or replace function teamdues.mark_asked(p_session_id text)
returns boolean
language sql security definer
set search_path = teamdues, pg_temp as $$
	update stripe_sessions s
	set asked_at = now()
	where s.session_id = p_session_id
	returning true
$$;

-- What is known here of a session that Stripe has shown: whether it concerns us,
-- whether its fact is news, and how much of its payment we take for given back.
-- A session of an order of ours concerns us, and so does a payment, unless it is
-- known to be another's; a session that ended without one is nobody's.
create or replace function teamdues.known_session(
	p_item jsonb,
	out concerns boolean,
	out is_news boolean,
	out refunded_cents bigint)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select exists (
	        select from checkout_sessions s where s.session_id = x.id)
	    or coalesce((
	        select pp.place <> 'foreign'
	        from payment_places pp
	        where pp.session_id = x.id),
	        x.fact <> 'expired'
	        and coalesce(x.teamdues = i.installation_id, true)),
	    not is_known(p_item) or contradiction(p_item) is not null,
	    teamdues.refunded_cents(item_intent(p_item))
	from installation i
	cross join (select p_item #>> '{session,id}' as id,
	    p_item #>> '{session,fact}' as fact,
	    p_item #>> '{session,teamdues}' as teamdues) x
$$;

-- What recording the answers would come to: the same work, undone.  p_zone as of
-- teamdues.queue_receipts.  before and after are the status of the order that an item concerns; before is null where
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
	    select session_orders(i #>> '{session,id}')
	    from jsonb_array_elements(p_items) i
	    union
	    select x
	    from payments p
	    cross join lateral session_orders(p.session_id) x
	    where p.payment_intent_id in (select item_intent(i)
	        from jsonb_array_elements(p_items) i)
	    union
	    select reference_id(i #>> '{session,order_id}')
	    from jsonb_array_elements(p_items) i
	    union
	    select reference_id(i #>> '{session,client_reference_id}')
	    from jsonb_array_elements(p_items) i);
	begin
		select jsonb_agg(to_jsonb(r) order by r.n) into v_rows
		from record((select jsonb_agg(i - 'event' order by n)
		    from jsonb_array_elements(p_items)
		    with ordinality as x (i, n)))
		    with ordinality as r (outcome, reason, order_id, is_news,
		    is_alarm, n);
		perform queue_receipts(p_items, v_rows, p_zone);
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
	select e.event_id,
	    case when x.fault is null then p_item ->> 'disposition'
	        else 'refused' end,
	    coalesce(x.fault, p_item ->> 'reason', ''),
	    p_item #>> '{session,id}', item_intent(p_item)
	from event_readings e
	cross join (select case when p_item ->> 'disposition' = 'fact'
	    then contradiction(p_item) end as fault) x
	where p_commit and e.event_id = p_item #>> '{event,id}'
	and e.disposition in ('refused', 'ignored', 'foreign')
	and (e.disposition <> p_item ->> 'disposition' and x.fault is null
	    or e.reason <> coalesce(x.fault, p_item ->> 'reason', ''));
end
$$;
