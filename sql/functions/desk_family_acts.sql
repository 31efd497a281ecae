-- What may be changed of a family at the desk.  Who may be whose, and who is
-- the same, is as a roster has it (roster.sql).

-- What a change is about, before it is made.
create or replace function teamdues.desk_family_subject(
	p_session bytea,
	p_family_id bigint)
returns setof jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return query
	select jsonb_build_object('user', desk_user_json(v_user),
	    'parent_id', f.family_id, 'family', f.name,
	    'address', f.email, 'teams', team_choices())
	from (select) one
	left join families f on f.family_id = p_family_id
	where p_family_id is null or f.family_id is not null;
end
$$;

-- What becomes another, in words; null when nothing does.
create or replace function teamdues.change_text(
	p_what text,
	p_old text,
	p_new text)
returns text
language sql immutable as $$
	select concat_ws(' instead of ',
	    p_what || ': ' || coalesce(nullif(p_new, ''), 'none'),
	    nullif(p_old, ''))
	where coalesce(p_new, '') <> coalesce(p_old, '')
$$;

-- Whose an address is already, as a sentence; null for a free one.
create or replace function teamdues.address_fault(
	p_email text,
	p_parent_id bigint)
returns text
language sql stable as $$
	select format('the address %s is that of the family %s', r.email,
	    r.name)
	from teamdues.parents r
	where lower(r.email) = lower(p_email)
	and r.parent_id is distinct from p_parent_id
$$;

-- What a request did is kept as it was before, to begin its undo with; nothing
-- of null.
create or replace function teamdues.keep_before(
	p_request_id bigint,
	p_before jsonb)
returns void
language sql as $$
	update teamdues.desk_requests r
	set args = r.args || jsonb_build_object('before', p_before)
	where r.request_id = p_request_id and p_before is not null
$$;

-- What a request made, as its page leads to it.
create or replace function teamdues.keep_made(
	p_request_id bigint,
	p_key bigint,
	p_name text)
returns void
language sql as $$
	update teamdues.desk_requests r
	set args = r.args || jsonb_build_object('made', jsonb_build_object(
	    'key', p_key, 'name', p_name))
	where r.request_id = p_request_id
$$;

create or replace function teamdues.desk_add_family(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_args jsonb := p_request.args;
	v_email text := v_args ->> 'email';
	v_child teamdues.players := teamdues.child_of(v_args, null);
	v_parent_id bigint;
	v_player_id bigint;
begin
	state := 'refused';
	words := coalesce(teamdues.address_fault(v_email, null), case
	    when v_child.name is null and (v_child.team <> ''
	        or v_child.monthly_fee_cents > 0)
	    then 'write the first child''s name too' end);
	if words is not null then
		return;
	end if;
	state := 'done';
	words := concat_ws('; ', concat_ws(', ',
	    format('The family %s is added', v_args ->> 'name'),
	    coalesce(v_email, 'without an address'), v_args ->> 'phone'),
	    teamdues.new_child_text(v_child, v_args ->> 'currency'));
	if p_commit then
		insert into teamdues.parents (name, email, phone)
		values (v_args ->> 'name', v_email,
		    coalesce(v_args ->> 'phone', ''))
		returning parent_id into v_parent_id;
		insert into teamdues.audit_log (actor, action, subject, detail)
		values (p_actor, 'add family', 'family ' || v_parent_id, words);
		perform teamdues.keep_made(p_request.request_id, v_parent_id,
		    v_args ->> 'name');
		if v_child.name is not null then
			v_child.parent_id := v_parent_id;
			v_player_id := teamdues.add_child(v_child, p_actor,
			    words);
		end if;
		perform teamdues.keep_before(p_request.request_id,
		    jsonb_build_object('parent_id', v_parent_id,
		        'player_id', v_player_id));
	end if;
end
$$;

-- As long as nothing hangs on it: another child, or a customer at Stripe; nor
-- on the child that was added with it.
create or replace function teamdues.desk_remove_family(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_player_id bigint := nullif(p_request.args ->> 'player_id',
	    '')::bigint;
	v_old teamdues.parents;
begin
	select r.* into v_old
	from teamdues.parents r
	where r.parent_id = (p_request.args ->> 'parent_id')::bigint
	for update;
	state := 'refused';
	words := case when v_old.parent_id is null
	    then 'there is no such family'
	    when exists (select from teamdues.players y
	        where y.parent_id = v_old.parent_id
	        and y.player_id is distinct from v_player_id)
	    then 'it has children: what they owe and paid is kept' end;
	if words is not null then
		return;
	end if;
	delete from teamdues.players y
	where y.player_id = v_player_id and y.parent_id = v_old.parent_id;
	delete from teamdues.parents r
	where r.parent_id = v_old.parent_id;
	state := 'done';
	words := format('The family %s is not there any more', v_old.name);
	insert into teamdues.audit_log (actor, action, subject, detail)
	values (p_actor, 'remove family', 'family ' || v_old.parent_id,
	    concat_ws(', ', v_old.name, v_old.email));
	if not p_commit then
		raise sqlstate 'TD001';
	end if;
exception
when sqlstate 'TD001' then
	null;
when foreign_key_violation then
	state := 'refused';
	words := 'something was asked of it already: what it owes and paid is '
	    'kept';
end
$$;

create or replace function teamdues.desk_change_family(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_args jsonb := p_request.args;
	v_phone text := coalesce(v_args ->> 'phone', '');
	v_email text := nullif(v_args ->> 'email', '');
	v_old teamdues.parents;
begin
	select r.* into v_old
	from teamdues.parents r
	where r.parent_id = (v_args ->> 'parent_id')::bigint
	for no key update;
	state := 'refused';
	words := case
	    when v_old.parent_id is null then 'there is no such family'
	    when teamdues.family_version(v_old.parent_id)
	        <> v_args ->> 'version'
	    then 'this family was changed meanwhile; look again'
	    else teamdues.address_fault(v_email, v_old.parent_id) end;
	if words is not null then
		return;
	end if;
	words := nullif(concat_ws('; ',
	    teamdues.change_text('name', v_old.name, v_args ->> 'name'),
	    teamdues.change_text('address', v_old.email, v_email),
	    teamdues.change_text('phone', v_old.phone, v_phone)), '');
	if words is null then
		words := 'it is so already';
		return;
	end if;
	state := 'done';
	words := concat_ws(': ', v_old.name, words);
	if not p_commit then
		return;
	end if;
	-- An address that is another makes another customer at Stripe, where
	-- the receipts go to it.
	update teamdues.parents r
	set name = v_args ->> 'name', email = v_email, phone = v_phone,
	    customer_attempt = r.customer_attempt
	        + (lower(v_email) is distinct from lower(r.email)
	        and v_email is not null)::integer
	where r.parent_id = v_old.parent_id;
	insert into teamdues.audit_log (actor, action, subject, detail)
	values (p_actor, 'change family', 'family ' || v_old.parent_id, words);
	perform teamdues.keep_before(p_request.request_id,
	    jsonb_build_object('name', v_old.name,
	        'email', coalesce(v_old.email, ''), 'phone', v_old.phone,
	        'version', teamdues.family_version(v_old.parent_id)));
end
$$;

create or replace function teamdues.desk_family_act(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
begin
	case p_request.action
	when 'add_family' then
		select d.state, d.words into state, words
		from teamdues.desk_add_family(p_request, p_actor, p_commit) d;
	when 'remove_family' then
		select d.state, d.words into state, words
		from teamdues.desk_remove_family(p_request, p_actor,
		    p_commit) d;
	when 'change_family' then
		select d.state, d.words into state, words
		from teamdues.desk_change_family(p_request, p_actor,
		    p_commit) d;
	when 'add_child' then
		select d.state, d.words into state, words
		from teamdues.desk_add_child(p_request, p_actor, p_commit) d;
	when 'remove_child' then
		select d.state, d.words into state, words
		from teamdues.desk_remove_child(p_request, p_actor,
		    p_commit) d;
	when 'save_child' then
		select d.state, d.words into state, words
		from teamdues.desk_save_child(p_request, p_actor, p_commit) d;
	end case;
end
$$;
