-- Taking a person out of the books: whom, says person.sql; where, says
-- person_tables.sql.
-- The rows stay, and what they count; who it was is gone.

-- Why it cannot be done, in words; null when nothing bars it.  Whoever
-- is in the middle of paying, or whose money waits for a person, is needed by
-- name.  p_is_anyway: what is owed is owed by nobody known from then on, and
-- mails that wait are dropped.
create or replace function teamdues.person_bar(
	p_person teamdues.person,
	p_is_anyway boolean)
returns text
language plpgsql stable as $$
begin
	return (
	    select string_agg(x.words, '; ' order by x.place, x.words)
	    from (
	        select 1 as place, teamdues.open_fault(o) as words
	        from unnest(p_person.orders) o
	        union all
	        select 2, format('order %s is %s', o.order_id, o.status)
	        from teamdues.orders o
	        where o.order_id = any (p_person.orders)
	        and o.status in ('processing', 'disputed')
	        union all
	        select 3, format('payment %s waits for a person', p.session_id)
	        from teamdues.payments p
	        where p.session_id = any (p_person.sessions)
	        and p.place in ('waiting', 'unmatched', 'review')
	        union all
	        select 4, format('request %s of the desk is not done',
	            q.request_id)
	        from teamdues.desk_requests q
	        where q.state in ('queued', 'working')
	        and teamdues.is_request_about(q, p_person)
	        union all
	        select 5, format('user %s of the desk has this address: remove '
	            'the user first', u.user_id)
	        from teamdues.desk_users u
	        where lower(u.email) = any (p_person.addresses)
	        and u.removed_at is null
	        union all
	        select 6, format('of order %s %s %s are owed: cancel or waive '
	            'it, or --anyway', o.order_id,
	            teamdues.money_text(teamdues.left_cents(o)), o.currency)
	        from teamdues.orders o
	        where o.order_id = any (p_person.orders)
	        and o.status = 'pending' and not p_is_anyway
	        union all
	        select 7, format('mail %s waits to be sent: drop it, or '
	            '--anyway', e.email_id)
	        from teamdues.emails e
	        where (e.player_id = any (p_person.players)
	            or lower(e.recipient) = any (p_person.addresses))
	        and e.state = 'queued' and not p_is_anyway) x
	    where x.words is not null);
end
$$;

-- How many rows of which tables it concerns, which is all that the log may say.
create or replace function teamdues.erase_rows(
	p_person teamdues.person,
	p_commit boolean)
returns text
language plpgsql as $$
declare
	v_table record;
	v_count bigint;
	v_counts text[] := '{}';
begin
	-- refuse_change() heeds it.
	perform set_config('teamdues.erases', 'on', true);
	for v_table in
		select t.name, t.of_person, t.erased
		from teamdues.person_tables() t
		where t.erased is not null
	loop
		execute format('select count(*) from teamdues.%I t where %s',
		    v_table.name, v_table.of_person)
		into v_count using p_person;
		if v_count = 0 then
			continue;
		end if;
		v_counts := v_counts || format('%s %s',
		    replace(v_table.name, '_', ' '), v_count);
		if p_commit then
			execute format('update teamdues.%I t set %s where %s',
			    v_table.name, v_table.erased, v_table.of_person)
			using p_person;
		end if;
	end loop;
	perform set_config('teamdues.erases', '', true);
	return array_to_string(v_counts, ', ');
end
$$;

-- result: done, refused, unknown.
create or replace function teamdues.person_erase(
	p_email text,
	p_parent_id bigint,
	p_player_id bigint,
	p_is_anyway boolean,
	p_actor text,
	p_commit boolean,
	out result text,
	out detail text)
language plpgsql security definer
set search_path = teamdues, pg_temp
set plan_cache_mode = auto as $$
declare
	v_person person := person_of(p_email, p_parent_id, p_player_id);
	v_subject text := coalesce('parent ' || v_person.parents[1],
	    'player ' || v_person.players[1], 'a payer');
begin
	perform lock_intents(v_person.intents);
	perform lock_sessions(v_person.sessions);
	perform lock_orders(v_person.orders);
	v_person.events := person_events(v_person);
	if is_nobody(v_person) then
		result := 'unknown';
		detail := 'the books hold nothing of that person';
		return;
	end if;
	detail := person_bar(v_person, p_is_anyway);
	if detail is not null then
		result := 'refused';
		return;
	end if;
	result := 'done';
	detail := erase_rows(v_person, p_commit);
	if p_commit then
		-- The reason of a dismissal is where its payment stands, too.
		perform refresh_payments(v_person.sessions);
		insert into audit_log (actor, action, subject, detail)
		values (p_actor, 'erase person', v_subject,
		    person_erase.detail);
	end if;
	detail := concat_ws('; ', v_subject || ', rows of ' || detail,
	    'Stripe keeps ' || nullif(array_to_string(v_person.customers,
	        ', '), ''));
end
$$;
