-- The page of the mails: batches and how far they have come, and what became of
-- single mails.

-- What a batch is about, for people.
create or replace function teamdues.batch_title(
	p_batch teamdues.email_batches)
returns text
language sql stable as $$
	select case p_batch.kind when 'tournament' then 'First bill'
	    when 'reminder' then 'Reminders'
	    else 'First payments' end
	    || case when p_batch.kind <> 'first_payment'
	    then ': ' || coalesce((
	        select t.name
	        from (
	            select e.order_id
	            from teamdues.emails e
	            where e.batch_id = p_batch.batch_id
	            order by e.state, e.email_id
	            limit 1) e
	        join teamdues.orders o on o.order_id = e.order_id
	        join teamdues.tournaments t
	            on t.tournament_id = o.tournament_id), 'first payments')
	    else '' end
$$;

-- How far a batch is.  Those that were sent are very many, and are what is left
-- of all.
create or replace function teamdues.batch_progress(
	p_batch teamdues.email_batches)
returns jsonb
language plpgsql stable as $$
begin
	return (
	    select jsonb_build_object('mails', p_batch.mails,
	        'waiting', s.waiting, 'failed', s.failed,
	        'dropped', s.dropped, 'sent', x.sent,
	        'progress', concat_ws(', ',
	            format('%s of %s sent', x.sent, p_batch.mails),
	            nullif(s.waiting, 0) || ' waiting',
	            nullif(s.failed, 0) || ' failed',
	            nullif(s.dropped, 0) || ' not sent'))
	    from (
	        select count(*) filter (where e.state = 'queued') as waiting,
	            count(*) filter (where e.state = 'failed') as failed,
	            count(*) filter (where e.state = 'dropped') as dropped
	        from teamdues.emails e
	        where e.batch_id = p_batch.batch_id
	        and e.state in ('queued', 'failed', 'dropped')) s
	    cross join lateral (
	        select p_batch.mails - s.waiting - s.failed - s.dropped
	            as sent) x);
end
$$;

-- A batch as a row of a list.
create or replace function teamdues.desk_batch_row(
	p_batch teamdues.email_batches,
	p_zone text)
returns jsonb
language sql stable as $$
	select jsonb_build_object('key', p_batch.batch_id,
	    'batch_id', p_batch.batch_id,
	    'title', teamdues.batch_title(p_batch), 'actor', p_batch.actor,
	    'at', teamdues.desk_time(p_batch.created_at, p_zone))
	    || teamdues.batch_progress(p_batch)
$$;

-- The newest batches, older than p_before; and how many single mails failed or
-- wait, in batches or not, counted to a thousand.
create or replace function teamdues.desk_batches(
	p_session bytea,
	p_before bigint,
	p_limit bigint,
	p_zone text)
returns jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return jsonb_build_object('user', desk_user_json(v_user),
	    'held', asking_fault(),
	    'waiting', (
	        select count(*)
	        from (
	            select from emails e
	            where e.state = 'queued'
	            limit 1000) x),
	    'failed', (
	        select count(*)
	        from (
	            select from emails e
	            where e.state = 'failed'
	            limit 1000) x),
	    'rows', (
	        select coalesce(jsonb_agg(desk_batch_row(b, p_zone)
	            order by b.batch_id desc), '[]')
	        from (
	            select *
	            from email_batches x
	            where x.batch_id < p_before or p_before is null
	            order by x.batch_id desc
	            limit p_limit) b));
end
$$;

-- A mail as a row of a list.
create or replace function teamdues.desk_mail_row(
	p_email teamdues.emails,
	p_zone text)
returns jsonb
language plpgsql stable as $$
begin
	return (
	    select jsonb_build_object('key', p_email.email_id,
	        'email_id', p_email.email_id, 'batch_id', p_email.batch_id,
	        'player', y.name, 'recipient', p_email.recipient,
	        'kind', p_email.kind, 'state', case p_email.state
	            when 'queued' then 'waiting' else p_email.state end,
	        'order_id', p_email.order_id, 'attempts', p_email.attempts,
	        'error', nullif(p_email.last_error, ''),
	        'at', teamdues.desk_time(coalesce(p_email.sent_at,
	            p_email.created_at), p_zone))
	    from teamdues.players y
	    where y.player_id = p_email.player_id);
end
$$;

-- Mails of a state, the newest first, older than p_before: of a batch, or of
-- all that are not sent.  Without a state those that failed; where none of the
-- batch did, those that wait; and where none does, those that were sent.
create or replace function teamdues.desk_mails(
	p_session bytea,
	p_batch_id bigint,
	p_state text,
	p_before bigint,
	p_limit bigint,
	p_zone text)
returns setof jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp
-- For each state the index of its own.
set plan_cache_mode = force_custom_plan as $$
declare
	v_user desk_users := desk_reader(p_session);
	v_batch jsonb := (
	    select desk_batch_row(b, p_zone)
	    from email_batches b
	    where b.batch_id = p_batch_id);
	v_state text := case
	    when p_state in ('failed', 'dropped') then p_state
	    when p_state = 'waiting' then 'queued'
	    when p_state = 'sent' and v_batch is not null then p_state
	    when v_batch is null or (v_batch ->> 'failed')::bigint > 0
	    then 'failed'
	    when (v_batch ->> 'waiting')::bigint > 0 then 'queued'
	    else 'sent' end;
begin
	return query
	select jsonb_build_object('user', desk_user_json(v_user),
	    'title', v_batch ->> 'title', 'batch', v_batch,
	    'held', asking_fault(),
	    'state', case v_state when 'queued' then 'waiting'
	        else v_state end,
	    'rows', (
	        select coalesce(jsonb_agg(desk_mail_row(e, p_zone)
	            || jsonb_build_object('user', desk_user_json(v_user))
	            order by e.email_id desc), '[]')
	        from (
	            select *
	            from emails x
	            where x.state = v_state
	            and (x.batch_id = p_batch_id or p_batch_id is null)
	            and (x.email_id < p_before or p_before is null)
	            order by x.email_id desc
	            limit p_limit) e))
	where p_batch_id is null or v_batch is not null;
end
$$;

-- One mail, or one batch, that an act is about.
create or replace function teamdues.desk_mail(
	p_session bytea,
	p_email_id bigint,
	p_batch_id bigint,
	p_zone text)
returns jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return jsonb_build_object('user', desk_user_json(v_user),
	    'mail', (
	        select desk_mail_row(e, p_zone)
	        from emails e
	        where e.email_id = p_email_id),
	    'batch', (
	        select desk_batch_row(b, p_zone)
	        from email_batches b
	        where b.batch_id = p_batch_id));
end
$$;

-- Sends mails again that failed or wait: one, or a batch's.
create or replace function teamdues.desk_retry(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_email_id bigint := (p_request.args ->> 'email_id')::bigint;
	v_batch_id bigint := (p_request.args ->> 'batch_id')::bigint;
	v_results text[];
	v_due bigint;
begin
	if coalesce(v_email_id, v_batch_id) is null then
		state := 'refused';
		words := 'no mail was chosen';
		return;
	elsif p_commit then
		select array_agg(r.result) into v_results
		from teamdues.retry_emails(v_email_id, v_batch_id, p_actor) r;
	else
		select array_agg(teamdues.retry_outcome(e,
		    v_email_id is not null)) into v_results
		from teamdues.emails e
		where e.email_id = v_email_id
		or v_email_id is null and e.batch_id = v_batch_id
		    and e.state in ('queued', 'failed');
	end if;
	v_due := cardinality(array_positions(v_results, 'due'));
	state := case when v_due > 0 then 'done' else 'refused' end;
	words := case
	when v_results is null
	then 'there is no such mail, or none that failed or waits'
	when v_email_id is null and v_due > 0 then concat_ws('; ',
	    teamdues.mails_text(v_due, 'goes out again', 'go out again'),
	    teamdues.mails_text(cardinality(array_positions(v_results,
	        'unknown')), 'may have arrived: decide about it by itself',
	        'may have arrived: decide about each by itself'),
	    teamdues.mails_text(cardinality(array_positions(v_results,
	        'superseded')), 'stays, as a newer one took its place',
	        'stay, as newer ones took their place'))
	when v_email_id is null
	then 'none of them goes out again: they may have arrived, or newer '
	    'ones took their place'
	else case v_results[1] when 'due' then 'it goes out again'
	    when 'sent' then 'it was sent already'
	    when 'superseded' then 'another mail has taken its place'
	    else 'it is being sent at this moment' end end;
end
$$;

-- "1 mail goes out", "12 mails go out"; null for none.
create or replace function teamdues.mails_text(
	p_count bigint,
	p_one text,
	p_more text)
returns text
language sql immutable as $$
	select case when p_count = 1 then '1 mail ' || p_one
	    when p_count > 1 then p_count || ' mails ' || p_more end
$$;

-- Takes mails off the list that have not gone out: one, or a batch's.
create or replace function teamdues.desk_drop(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_email_id bigint := (p_request.args ->> 'email_id')::bigint;
	v_batch_id bigint := (p_request.args ->> 'batch_id')::bigint;
	v_count bigint;
	v_was text;
begin
	if v_email_id is not null then
		v_was := case when p_commit
		    then teamdues.drop_email(v_email_id, p_actor)
		    else (select e.state
		        from teamdues.emails e
		        where e.email_id = v_email_id) end;
		v_count := case when v_was in ('queued', 'failed') then 1
		    else 0 end;
	elsif p_commit then
		v_count := teamdues.drop_batch(v_batch_id, p_actor);
	else
		v_count := (
		    select count(*)
		    from teamdues.emails e
		    where e.batch_id = v_batch_id
		    and e.state in ('queued', 'failed'));
	end if;
	state := case when v_count > 0 then 'done' else 'refused' end;
	words := case when v_count > 0
	then teamdues.mails_text(v_count, 'is taken back',
	    'are taken back')
	when v_was = 'sending' then 'it is being sent at this moment'
	when v_was is not null then format('it was %s already', v_was)
	else 'there is no such mail, or none that waits or failed' end;
end
$$;
