-- What a person decides about mails that were queued already.

-- Whether the server may have taken a mail: the mailer's words for it begin so.
create or replace function teamdues.outcome_is_unknown(p_email teamdues.emails)
returns boolean
language sql stable as $$
	select p_email.state = 'failed'
	    and p_email.last_error like 'the whole mail was sent,%'
$$;

-- Whether another mail has taken this one's place: one on the same day that
-- went or will go, or a later one that was not taken back.
create or replace function teamdues.is_superseded(p_email teamdues.emails)
returns boolean
language sql stable as $$
	select exists (
	    select from teamdues.emails e
	    where e.player_id = p_email.player_id and e.kind = p_email.kind
	    and coalesce(e.order_id, 0) = coalesce(p_email.order_id, 0)
	    and e.email_id <> p_email.email_id
	    and (e.day = p_email.day and e.state in ('queued', 'sent')
	        or e.email_id > p_email.email_id and e.state <> 'dropped'))
$$;

-- What trying a mail again comes to: due, unknown, superseded or sent, as
-- below; p_is_chosen: it was chosen by its own id.
create or replace function teamdues.retry_outcome(
	p_email teamdues.emails,
	p_is_chosen boolean)
returns text
language sql stable as $$
	select case
	when p_email.state = 'sent' then 'sent'
	when p_email.state = 'queued' then 'due'
	when teamdues.is_superseded(p_email) then 'superseded'
	when not p_is_chosen and teamdues.outcome_is_unknown(p_email)
	then 'unknown'
	else 'due' end
$$;

-- Mails that failed or wait are due now, to the address that the family has by
-- now: one, a batch's, or all (both ids null).  result:
--   due         it is; the mailer takes it if it is still true
--   sending     the mailer has it in hand this moment
--   unknown     the family may have it: only by its own id is it sent again
--   superseded  another mail has taken its place
--   sent        it went out before
-- No row: no such mail, or none that failed or waits.  By its own id a mail
-- that was dropped comes back, too.
create or replace function teamdues.retry_emails(
	p_email_id bigint,
	p_batch_id bigint,
	p_actor text)
returns table (email_id bigint, result text)
language plpgsql security definer
set search_path = teamdues, pg_temp
set plan_cache_mode = auto as $$
declare
	v_ids bigint[];
	v_email emails;
begin
	v_ids := array(
	    select e.email_id
	    from emails e
	    where e.email_id = p_email_id
	    or p_email_id is null and e.batch_id = p_batch_id
	        and e.state in ('queued', 'failed')
	    or coalesce(p_email_id, p_batch_id) is null
	        and (e.state = 'queued' or e.state = 'failed')
	    order by e.email_id);
	foreach email_id in array v_ids loop
		select * into v_email
		from emails e
		where e.email_id = retry_emails.email_id
		for update skip locked;
		result := case when not found then 'sending'
		    else retry_outcome(v_email, p_email_id is not null) end;
		if result = 'due' then
			update emails e
			set state = 'queued', not_before = now(),
			    recipient = coalesce((
			        select r.email
			        from players y
			        join parents r on r.parent_id = y.parent_id
			        where y.player_id = e.player_id), e.recipient)
			where e.email_id = v_email.email_id;
		end if;
		return next;
	end loop;
	if v_ids <> '{}' then
		insert into audit_log (actor, action, subject, detail)
		values (p_actor, 'mail again', case
		    when p_email_id is not null then 'mail ' || p_email_id
		    when p_batch_id is not null then 'batch ' || p_batch_id
		    else 'all mails' end, cardinality(v_ids) || ' mails');
	end if;
end
$$;

-- Takes a mail that has not gone out off the list.  Gives what it was: queued
-- or failed (and is dropped now), sending, sent, dropped; null: no such mail.
create or replace function teamdues.drop_email(p_email_id bigint, p_actor text)
returns text
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_state text;
begin
	if not exists (select from emails e where e.email_id = p_email_id) then
		return null;
	end if;
	select e.state into v_state
	from emails e
	where e.email_id = p_email_id
	for update skip locked;
	if v_state in ('queued', 'failed') then
		update emails e
		set state = 'dropped', last_error = 'taken back by a person'
		where e.email_id = p_email_id;
		insert into audit_log (actor, action, subject)
		values (p_actor, 'mail drop', 'mail ' || p_email_id);
	end if;
	return coalesce(v_state, 'sending');
end
$$;

-- Takes what has not gone out of a batch off the list, but for what the mailer
-- has in hand this moment.  Gives how many those were.
create or replace function teamdues.drop_batch(
	p_batch_id bigint,
	p_actor text)
returns bigint
language plpgsql as $$
declare
	v_count bigint;
begin
	update teamdues.emails e
	set state = 'dropped', last_error = 'taken back by a person'
	where e.email_id in (
	    select x.email_id
	    from teamdues.emails x
	    where x.batch_id = p_batch_id and x.state in ('queued', 'failed')
	    for update skip locked);
	get diagnostics v_count = row_count;
	insert into teamdues.audit_log (actor, action, subject, detail)
	values (p_actor, 'mail drop', 'batch ' || p_batch_id,
	    v_count || ' mails');
	return v_count;
end
$$;

-- Deletes mails of before p_before, of orders that are settled: who was asked
-- for what is still owed stays known, and so does every receipt, which is sent
-- once.  Gives how many.
create or replace function teamdues.prune_emails(
	p_before timestamptz,
	p_commit boolean)
returns bigint
language plpgsql security definer
set search_path = teamdues, pg_temp
set plan_cache_mode = auto as $$
declare
	v_ids bigint[] := array(
	    select e.email_id
	    from emails e
	    join orders o on o.order_id = coalesce(e.order_id, (
	        select max(f.order_id)
	        from orders f
	        where f.player_id = e.player_id and f.kind = 'fee'))
	    where e.created_at < p_before and e.state <> 'queued'
	    and e.kind <> 'receipt'
	    and (order_is_paid(o.status) or o.status = 'waived'));
begin
	if p_commit then
		delete from emails e
		where e.email_id = any (v_ids);
	end if;
	return cardinality(v_ids);
end
$$;
