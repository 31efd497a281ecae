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
	    'address', f.email)
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

-- What a request did is kept as it was before, to begin its undo with.
create or replace function teamdues.keep_before(
	p_request_id bigint,
	p_before jsonb)
returns void
language sql as $$
	update teamdues.desk_requests r
	set args = r.args || jsonb_build_object('before', p_before)
	where r.request_id = p_request_id
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
	v_parent_id bigint;
begin
	state := 'refused';
	words := teamdues.address_fault(v_email, null);
	if words is not null then
		return;
	end if;
	state := 'done';
	words := concat_ws(', ', 'the family ' || (v_args ->> 'name'),
	    coalesce(v_email, 'without an address'), v_args ->> 'phone');
	if p_commit then
		insert into teamdues.parents (name, email, phone)
		values (v_args ->> 'name', v_email,
		    coalesce(v_args ->> 'phone', ''))
		returning parent_id into v_parent_id;
		insert into teamdues.audit_log (actor, action, subject, detail)
		values (p_actor, 'add family', 'family ' || v_parent_id, words);
		perform teamdues.keep_made(p_request.request_id, v_parent_id,
		    v_args ->> 'name');
		perform teamdues.keep_before(p_request.request_id,
		    jsonb_build_object('parent_id', v_parent_id));
	end if;
end
$$;

-- As long as nothing hangs on it: a child, or a customer at Stripe.
create or replace function teamdues.desk_remove_family(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
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
	        where y.parent_id = v_old.parent_id)
	    then 'it has children: what they owe and paid is kept' end;
	if words is not null then
		return;
	end if;
	delete from teamdues.parents r
	where r.parent_id = v_old.parent_id;
	state := 'done';
	words := format('the family %s is not there any more', v_old.name);
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
	words := 'it has a customer at Stripe: what was paid is kept';
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

-- Which family a child is to be of: that of an address, else the one whose page
-- it was; null for a child of whom no parent is known.  fault: a sentence.
create or replace function teamdues.desk_child_parent(
	p_args jsonb,
	out parent_id bigint,
	out fault text)
language plpgsql stable as $$
declare
	v_email text := nullif(p_args ->> 'parent_email', '');
begin
	select r.parent_id into parent_id
	from teamdues.parents r
	where case when v_email is null
	    then r.parent_id = (p_args ->> 'parent_id')::bigint
	    else lower(r.email) = lower(v_email) end;
	if parent_id is null and v_email is not null then
		fault := format('no family has the address %s: add it first',
		    v_email);
	elsif parent_id is null and (p_args ->> 'parent_id')::bigint > 0 then
		fault := 'there is no such family';
	end if;
end
$$;

-- Why a child cannot be saved so; null when it can.
create or replace function teamdues.desk_child_fault(
	p_args jsonb,
	p_parent_id bigint,
	p_old teamdues.players)
returns text
language sql stable as $$
	select case
	when p_args ->> 'player_id' <> '' and p_old.player_id is null
	then 'there is no such child'
	when p_old.player_id is null and p_parent_id is null
	then 'a child needs a family'
	when teamdues.child_version(p_old.player_id) <> p_args ->> 'version'
	then 'this child was changed meanwhile; look again'
	else (
	    select format('this family has a child %s already', y.name)
	    from teamdues.players y
	    where y.parent_id = p_parent_id
	    and y.player_id is distinct from p_old.player_id
	    and teamdues.name_key(y.name)
	        = teamdues.name_key(p_args ->> 'player_name')
	    limit 1) end
$$;

create or replace function teamdues.desk_child_text(
	p_old teamdues.players,
	p_new teamdues.players)
returns text
language sql stable as $$
	select nullif(concat_ws('; ',
	    teamdues.change_text('name', p_old.name, p_new.name),
	    teamdues.change_text('team', p_old.team, p_new.team),
	    teamdues.change_text('monthly fee',
	        teamdues.money_text(p_old.monthly_fee_cents),
	        teamdues.money_text(p_new.monthly_fee_cents)),
	    case when p_new.parent_id is distinct from p_old.parent_id
	    then 'family: ' || coalesce((
	        select r.name
	        from teamdues.parents r
	        where r.parent_id = p_new.parent_id), 'none is known') end,
	    case when p_new.active and not p_old.active then 'plays again'
	    when p_old.active and not p_new.active
	    then 'plays no more, and is asked for nothing new' end), '')
$$;

create or replace function teamdues.desk_save_child(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_args jsonb := p_request.args;
	v_target record := teamdues.desk_child_parent(v_args);
	v_old teamdues.players;
	v_new teamdues.players;
begin
	select y.* into v_old
	from teamdues.players y
	where y.player_id = nullif(v_args ->> 'player_id', '')::bigint
	for no key update;
	state := 'refused';
	words := coalesce(v_target.fault, teamdues.desk_child_fault(v_args,
	    v_target.parent_id, v_old));
	if words is not null then
		return;
	end if;
	v_new := v_old;
	v_new.parent_id := v_target.parent_id;
	v_new.name := v_args ->> 'player_name';
	v_new.team := coalesce(v_args ->> 'team', '');
	v_new.monthly_fee_cents := coalesce(
	    (v_args ->> 'monthly_fee_cents')::bigint, 0);
	v_new.active := coalesce(v_args ->> 'plays', '') <> '';
	words := teamdues.desk_child_text(v_old, v_new);
	if words is null then
		words := 'it is so already';
		return;
	end if;
	state := 'done';
	if p_commit then
		perform teamdues.desk_write_child(p_request.request_id, p_actor,
		    v_old, v_new, words);
	end if;
end
$$;

-- A new child's undo is that it does not play.
create or replace function teamdues.desk_write_child(
	p_request_id bigint,
	p_actor text,
	p_old teamdues.players,
	p_new teamdues.players,
	p_words text)
returns void
language plpgsql as $$
declare
	v_player_id bigint := p_old.player_id;
	v_before jsonb := teamdues.desk_child(p_old);
begin
	if v_player_id is null then
		insert into teamdues.players (parent_id, name, team,
		    monthly_fee_cents, active)
		values (p_new.parent_id, p_new.name, p_new.team,
		    p_new.monthly_fee_cents, p_new.active)
		returning player_id into v_player_id;
		select teamdues.desk_child(y) || '{"plays": ""}' into v_before
		from teamdues.players y
		where y.player_id = v_player_id;
	else
		update teamdues.players y
		set parent_id = p_new.parent_id, name = p_new.name,
		    team = p_new.team,
		    monthly_fee_cents = p_new.monthly_fee_cents,
		    active = p_new.active
		where y.player_id = v_player_id;
	end if;
	insert into teamdues.audit_log (actor, action, subject, detail)
	values (p_actor, case when p_old.player_id is null then 'add child'
	    else 'change child' end, 'player ' || v_player_id,
	    concat_ws(': ', p_old.name, p_words));
	perform teamdues.keep_before(p_request_id, v_before
	    || jsonb_build_object('parent_email', '',
	        'version', teamdues.child_version(v_player_id)));
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
	when 'save_child' then
		select d.state, d.words into state, words
		from teamdues.desk_save_child(p_request, p_actor, p_commit) d;
	end case;
end
$$;
