-- Signing in at the desk, and who is signed in.  What a browser holds is known
-- by its SHA-256 alone.

-- Somebody asks to be signed in.  For an address that no user has, one row is
-- written as well, so that the time that it takes tells nothing.  Of a user's
-- unused links five an hour are mailed at most, and to a browser in which the
-- user has signed in before five of its own: whoever asks elsewhere in the
-- user's name cannot use them up.  A form that is sent twice asks once.
create or replace function teamdues.desk_ask(p_email text, p_browser bytea)
returns boolean
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users;
	v_is_known boolean;
begin
	select u.* into v_user
	from desk_users u
	where lower(u.email) = lower(p_email) and u.removed_at is null
	for no key update;
	if v_user.user_id is null then
		return desk_count_refusal('address');
	end if;
	v_is_known := exists (select from desk_entries e
	    where e.user_id = v_user.user_id and e.browser_hash = p_browser
	    and e.entered_at is not null);
	insert into desk_entries (user_id, browser_hash, ends_at)
	select v_user.user_id, p_browser, now() + interval '10 minutes'
	from desk_entries e
	where e.user_id = v_user.user_id and e.entered_at is null
	and e.asked_at > now() - interval '1 hour'
	and (e.browser_hash = p_browser or not v_is_known)
	having count(*) < 5 and not coalesce(bool_or(e.browser_hash = p_browser
	    and e.asked_at > now() - interval '15 seconds'), false);
	return true;
end
$$;

-- Somebody who may not sign in tried to; p_kind: address or token.
create or replace function teamdues.desk_count_refusal(p_kind text)
returns boolean
language sql security definer
set search_path = teamdues, pg_temp as $$
	insert into desk_refusals as r (hour, kind, total)
	values (date_trunc('hour', now()), p_kind, 1)
	on conflict (hour, kind) do update
	set total = r.total + 1
	returning true
$$;

-- The button behind a mailed link was pressed.  p_session is what the browser
-- is to be known by from now on, p_before what it was known by, which ends.
-- entered; elsewhere: another browser asked for it; spent: it was used; over.
create or replace function teamdues.desk_enter(
	p_entry_id bigint,
	p_browser bytea,
	p_session bytea,
	p_before bytea)
returns text
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_entry desk_entries;
	v_is_user boolean;
begin
	select e.* into v_entry
	from desk_entries e
	where e.entry_id = p_entry_id
	for update;
	if v_entry.browser_hash is distinct from p_browser then
		perform desk_count_refusal('token');
		return 'elsewhere';
	end if;
	if v_entry.entered_at is not null then
		return 'spent';
	end if;
	-- Held until the session is there: a removal ends it then.
	select true into v_is_user
	from desk_users u
	where u.user_id = v_entry.user_id and u.removed_at is null
	for share;
	if v_is_user is null or v_entry.ends_at <= now() then
		return 'over';
	end if;
	update desk_entries e
	set entered_at = now()
	where e.entry_id = p_entry_id;
	perform desk_leave(p_before, false);
	insert into desk_sessions (session_hash, user_id, ends_at)
	values (p_session, v_entry.user_id, now() + interval '12 hours');
	return 'entered';
end
$$;

-- Signs out: this session, or all of its user's.
create or replace function teamdues.desk_leave(
	p_session bytea,
	p_is_everywhere boolean)
returns boolean
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
begin
	if p_is_everywhere then
		perform desk_end_sessions(u.user_id)
		from desk_find_user(p_session) u
		where u.user_id is not null;
	else
		update desk_sessions s
		set ended_at = now()
		where s.session_hash = p_session and s.ended_at is null;
	end if;
	return true;
end
$$;

-- Whose session it is; null when it is nobody's, or its time is over.
create or replace function teamdues.desk_find_user(p_session bytea)
returns teamdues.desk_users
language plpgsql stable as $$
declare
	v_user teamdues.desk_users;
begin
	select u.* into v_user
	from teamdues.desk_sessions s
	join teamdues.desk_users u on u.user_id = s.user_id
	where s.session_hash = p_session and s.ended_at is null
	and s.ends_at > now() and u.removed_at is null;
	return v_user;
end
$$;

-- The user, for whatever shows something: nobody sees anything without a
-- session.
create or replace function teamdues.desk_reader(p_session bytea)
returns teamdues.desk_users
language plpgsql stable as $$
declare
	v_user teamdues.desk_users := teamdues.desk_find_user(p_session);
begin
	if v_user.user_id is null then
		raise exception 'nobody is signed in' using errcode = 'TD401';
	end if;
	return v_user;
end
$$;

-- The same for whatever changes something: a viewer changes nothing.
create or replace function teamdues.desk_writer(p_session bytea)
returns teamdues.desk_users
language plpgsql stable as $$
declare
	v_user teamdues.desk_users := teamdues.desk_reader(p_session);
begin
	if v_user.role <> 'treasurer' then
		raise exception 'a viewer changes nothing'
		    using errcode = 'TD403';
	end if;
	return v_user;
end
$$;

-- What every page says of its user.
create or replace function teamdues.desk_user_json(p_user teamdues.desk_users)
returns jsonb
language sql immutable as $$
	select jsonb_build_object('name', p_user.name, 'role', p_user.role,
	    'is_writer', p_user.role = 'treasurer')
$$;
