-- The clerk (`teamdues clerk`) does what the desk asked for, one request at a
-- time.  It holds the request's lock, and nothing else, while it asks Stripe: a
-- request whose clerk was killed is free at once, and is taken up again.

-- The next request that is due, marked as begun.  An act that was done before
-- its clerk was killed stands in the audit log: it is closed on the way.
create or replace function teamdues.claim_request()
returns table (request_id bigint, form_id text, actor text, action text,
	order_id bigint, args jsonb, reason text, attempts integer)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
#variable_conflict use_column
declare
	v_request desk_requests;
	v_user desk_users;
	v_words text;
begin
	loop
		select * into v_request
		from desk_requests r
		where r.state in ('queued', 'working') and r.not_before <= now()
		order by r.request_id
		limit 1
		for update skip locked;
		if not found then
			return;
		end if;
		select * into v_user
		from desk_users u
		where u.user_id = v_request.user_id;
		v_words := done_before(v_request, desk_actor(v_user));
		exit when v_words is null
		    and (v_user.removed_at is null or v_request.attempts > 0);
		update desk_requests r
		set state = case when v_words is not null then 'done'
		        else 'refused' end,
		    words = case when v_words is not null
		        then request_words(r, v_words) else format('%s was '
		        'removed from the desk before it was done',
		        v_user.name) end,
		    ended_at = now()
		where r.request_id = v_request.request_id;
	end loop;
	update desk_requests r
	set state = 'working', began_at = now(), attempts = r.attempts + 1
	where r.request_id = v_request.request_id;
	return query
	select v_request.request_id, v_request.form_id, desk_actor(v_user),
	    v_request.action, v_request.order_id, v_request.args,
	    v_request.reason, v_request.attempts + 1;
end
$$;

-- What a request that is done came to, as it was said when it was asked for; of
-- a refund, and of what Stripe was asked, only the clerk's own words tell.
create or replace function teamdues.request_words(
	p_request teamdues.desk_requests,
	p_words text)
returns text
language sql immutable as $$
	select case when p_request.action in ('refund', 'ask_stripe')
	    then p_words
	    else coalesce(p_request.args ->> 'words', p_words) end
$$;

-- What the audit log says of a request that was begun before; null: nothing.
create or replace function teamdues.done_before(
	p_request teamdues.desk_requests,
	p_actor text)
returns text
language sql stable as $$
	select a.detail
	from teamdues.audit_log a
	where p_request.began_at is not null
	and p_request.action not in ('refund', 'ask_stripe')
	and a.order_id = p_request.order_id
	and a.actor = p_actor
	and a.action = replace(p_request.action, '_', ' ')
	and a.at >= p_request.began_at
	and position(p_request.reason in a.detail) > 0
	and position(coalesce(p_request.args ->> 'reference', '')
	    in a.detail) > 0
	limit 1
$$;

-- Locks it for as long as the clerk works at it.  False: another clerk has it,
-- or it was done.
create or replace function teamdues.hold_request(
	p_request_id bigint,
	p_attempts integer)
returns boolean
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
begin
	perform from desk_requests r
	where r.request_id = p_request_id and r.state = 'working'
	and r.attempts = p_attempts
	for update skip locked;
	return found;
end
$$;

-- p_state: done, refused, failed, or later, when nothing was done and it is
-- tried again after a while.
create or replace function teamdues.finish_request(
	p_request_id bigint,
	p_state text,
	p_words text,
	p_wait_s integer)
returns boolean
language sql security definer
set search_path = teamdues, pg_temp as $$
	update desk_requests r
	set state = case p_state when 'later' then 'queued' else p_state end,
	    words = case p_state when 'done' then request_words(r, p_words)
	        else p_words end,
	    not_before = now() + make_interval(secs => p_wait_s),
	    began_at = case when p_state <> 'later' then r.began_at end,
	    ended_at = case when p_state <> 'later' then now() end
	where r.request_id = p_request_id and r.state = 'working'
	returning true
$$;

-- What Stripe has of a family, in words: the payments of these sessions, which
-- are in the books by now, the newest first.
create or replace function teamdues.payments_said(
	p_sessions jsonb,
	p_of text,
	p_zone text)
returns text
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
begin
	return (
	    select format('Stripe has %s %s%s%s', case count(*)
	        when 0 then 'no payment' when 1 then 'one payment'
	        else count(*) || ' payments' end, p_of,
	        ': ' || string_agg(format('%s on %s', amount_text(
	            x.amount_cents, x.currency), desk_day(x.day, p_zone)), ', '
	            order by x.n) filter (where x.n <= 5),
	        case when count(*) > 5 then ', and older ones' end)
	    from (
	        select p.amount_cents, p.currency,
	            (p.paid_at at time zone p_zone)::date as day,
	            row_number() over (order by p.paid_at desc) as n
	        from payments p
	        where p.session_id in (
	            select * from jsonb_array_elements_text(p_sessions))
	        and p.paid_at is not null) x);
end
$$;
