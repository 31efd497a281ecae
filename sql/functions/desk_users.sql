-- Who may sign in at the desk, as the operator says.

create or replace function teamdues.desk_user_add(
	p_name text,
	p_email text,
	p_role text,
	p_actor text)
returns bigint
language sql security definer
set search_path = teamdues, pg_temp as $$
	with made as (
		insert into desk_users (name, email, role, added_by)
		values (p_name, p_email, p_role, p_actor)
		returning user_id
	), told as (
		insert into audit_log (actor, action, subject, detail)
		select p_actor, 'desk add', 'desk user ' || m.user_id,
		    format('%s, %s', person_text(p_name, p_email), p_role)
		from made m
	)
	select m.user_id from made m
$$;

-- By number or by address.  All that the user has open ends with it: sessions,
-- and links that were mailed.  null: there is no such user.
create or replace function teamdues.desk_user_remove(p_key text, p_actor text)
returns text
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users;
	v_sessions bigint;
	v_detail text;
begin
	update desk_users u
	set removed_at = now()
	where u.removed_at is null and (u.user_id::text = p_key
	    or lower(u.email) = lower(p_key))
	returning u.* into v_user;
	if v_user.user_id is null then
		return null;
	end if;
	v_sessions := desk_end_sessions(v_user.user_id);
	v_detail := format('%s, %s; %s', person_text(v_user.name, v_user.email),
	    v_user.role, case v_sessions when 0 then 'no session was open'
	        when 1 then 'one session was ended'
	        else format('%s sessions were ended', v_sessions) end);
	insert into audit_log (actor, action, subject, detail)
	values (p_actor, 'desk remove', 'desk user ' || v_user.user_id,
	    v_detail);
	return v_detail;
end
$$;

-- Ends all sessions of a user and spends all links; gives how many sessions.
create or replace function teamdues.desk_end_sessions(p_user_id bigint)
returns bigint
language plpgsql as $$
declare
	v_count bigint;
begin
	update teamdues.desk_entries e
	set ends_at = least(e.ends_at, now()),
	    state = case e.state when 'queued' then 'dropped' else e.state end
	where e.user_id = p_user_id and e.ends_at > now();
	update teamdues.desk_sessions s
	set ended_at = now()
	where s.user_id = p_user_id and s.ended_at is null
	and s.ends_at > now();
	get diagnostics v_count = row_count;
	return v_count;
end
$$;

-- Ends the sessions of all users and spends all their links.
create or replace function teamdues.desk_sign_out_all(p_actor text)
returns bigint
language sql security definer
set search_path = teamdues, pg_temp as $$
	with ended as (
		select coalesce(sum(desk_end_sessions(u.user_id)), 0)::bigint
		    as sessions
		from desk_users u
	), told as (
		insert into audit_log (actor, action, subject, detail)
		select p_actor, 'desk sign-out', 'desk',
		    'sessions ended: ' || e.sessions
		from ended e
	)
	select e.sessions from ended e
$$;

create or replace function teamdues.desk_user_list()
returns table (user_id bigint, name text, email text, role text,
	added_at timestamptz, last_entered_at timestamptz, sessions bigint)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select u.user_id, u.name, u.email, u.role, u.added_at,
	    (select e.entered_at
	    from desk_entries e
	    where e.user_id = u.user_id and e.entered_at is not null
	    order by e.asked_at desc
	    limit 1),
	    (select count(*)
	    from desk_sessions s
	    where s.user_id = u.user_id and s.ended_at is null
	    and s.ends_at > now())
	from desk_users u
	where u.removed_at is null
	order by u.name, u.user_id
$$;

-- The sign-ins that were asked for before p_before, but for each user's last,
-- which the list of users names.
create or replace function teamdues.desk_old_entries(p_before timestamptz)
returns setof bigint
language sql stable as $$
	select e.entry_id
	from teamdues.desk_entries e
	where e.asked_at < p_before
	and (e.entered_at is null or exists (
	    select from teamdues.desk_entries l
	    where l.user_id = e.user_id and l.entered_at is not null
	    and l.asked_at > e.asked_at))
$$;

-- Deletes those, the sessions that were over by then, and the rows of rosters
-- that were imported by then: who did what is in the audit log.  Gives how
-- many.
create or replace function teamdues.desk_prune(
	p_before timestamptz,
	p_commit boolean)
returns bigint
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_count bigint;
begin
	select (select count(*) from desk_old_entries(p_before))
	    + (select count(*)
	    from desk_sessions s
	    where coalesce(s.ended_at, s.ends_at) < p_before)
	    + (select count(*)
	    from desk_requests q
	    where q.ended_at < p_before and q.args ? 'rows')
	into v_count;
	if p_commit then
		delete from desk_entries e
		where e.entry_id in (select desk_old_entries(p_before));
		delete from desk_sessions s
		where coalesce(s.ended_at, s.ends_at) < p_before;
		update desk_requests q
		set args = q.args - 'rows'
		where q.ended_at < p_before and q.args ? 'rows';
	end if;
	return v_count;
end
$$;
