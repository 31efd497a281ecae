-- A child at the desk: added, changed, and removed while nothing hangs on it.

-- The teams that play, of a large club the first of them: as many are read.
create or replace function teamdues.teams()
returns setof text
language sql stable as $$
	with recursive x (team) as (
	    (select min(y.team)
	    from teamdues.players y
	    where y.team > '')
	    union all
	    select (
	        select min(y.team)
	        from teamdues.players y
	        where y.team > x.team)
	    from x
	    where x.team is not null)
	select x.team
	from x
	where x.team is not null
	and exists (
	    select from teamdues.players y
	    where y.team = x.team and y.active)
	limit 300
$$;

create or replace function teamdues.team_choices()
returns jsonb
language sql stable as $$
	select coalesce(jsonb_agg(jsonb_build_object('value', t.team)
	    order by t.team), '[]')
	from teamdues.teams() t (team)
$$;

-- A team as it is written by those who play in it, whatever the case, accents
-- and blanks that were typed.
create or replace function teamdues.team_written(p_team text)
returns text
language sql stable as $$
	select coalesce((
	    select t.team
	    from teamdues.teams() t (team)
	    where teamdues.name_key(t.team) = teamdues.name_key(p_team)
	    order by t.team = p_team desc
	    limit 1), p_team, '')
$$;

-- A child that is added, as a sentence; null where it has no name.
create or replace function teamdues.new_child_text(
	p_player teamdues.players,
	p_currency text)
returns text
language sql stable as $$
	select nullif(concat_ws(': ', p_player.name || ' is added',
	    nullif(concat_ws(', ', nullif(p_player.team, '') || case
	        when not exists (select from teamdues.players y
	            where y.team = p_player.team)
	        then ' (a new team)' else '' end,
	        teamdues.amount_text(nullif(p_player.monthly_fee_cents, 0),
	            p_currency) || ' a month'), '')), '')
$$;

-- The child that a form adds; its name is null where it has none.
create or replace function teamdues.child_of(
	p_args jsonb,
	p_parent_id bigint)
returns teamdues.players
language plpgsql stable as $$
declare
	v_child teamdues.players;
begin
	v_child.parent_id := p_parent_id;
	v_child.name := p_args ->> 'player_name';
	v_child.team := teamdues.team_written(coalesce(
	    p_args ->> 'new_team', p_args ->> 'team'));
	v_child.monthly_fee_cents := coalesce(
	    (p_args ->> 'monthly_fee_cents')::bigint, 0);
	v_child.active := true;
	return v_child;
end
$$;

create or replace function teamdues.add_child(
	p_child teamdues.players,
	p_actor text,
	p_words text)
returns bigint
language plpgsql as $$
declare
	v_player_id bigint;
begin
	insert into teamdues.players (parent_id, name, team, monthly_fee_cents,
	    active)
	values (p_child.parent_id, p_child.name, p_child.team,
	    p_child.monthly_fee_cents, p_child.active)
	returning player_id into v_player_id;
	insert into teamdues.audit_log (actor, action, subject, detail)
	values (p_actor, 'add child', 'player ' || v_player_id, p_words);
	return v_player_id;
end
$$;

create or replace function teamdues.desk_add_child(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_args jsonb := p_request.args;
	v_child teamdues.players := teamdues.child_of(v_args,
	    (v_args ->> 'parent_id')::bigint);
begin
	words := case when not exists (
	    select from teamdues.parents r
	    where r.parent_id = v_child.parent_id)
	    then 'there is no such family'
	    else teamdues.desk_child_fault(v_args, v_child.parent_id, null) end;
	state := case when words is null then 'done' else 'refused' end;
	if words is not null then
		return;
	end if;
	words := teamdues.new_child_text(v_child, v_args ->> 'currency');
	if p_commit then
		perform teamdues.keep_before(p_request.request_id,
		    jsonb_build_object('player_id',
		        teamdues.add_child(v_child, p_actor, words)));
	end if;
end
$$;

-- As long as nothing was ever asked of it.
create or replace function teamdues.desk_remove_child(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_player_id bigint := (p_request.args ->> 'player_id')::bigint;
	v_name text;
begin
	delete from teamdues.players y
	where y.player_id = v_player_id
	and y.parent_id = (p_request.args ->> 'parent_id')::bigint
	returning y.name into v_name;
	state := case when v_name is null then 'refused' else 'done' end;
	words := coalesce(v_name || ' is not there any more',
	    'there is no such child');
	if v_name is null then
		return;
	end if;
	insert into teamdues.audit_log (actor, action, subject, detail)
	values (p_actor, 'remove child', 'player ' || v_player_id, v_name);
	if not p_commit then
		raise sqlstate 'TD001';
	end if;
exception
when sqlstate 'TD001' then
	null;
when foreign_key_violation then
	state := 'refused';
	words := 'something was asked of this child already: untick that it '
	    'plays instead';
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
	p_new teamdues.players,
	p_currency text)
returns text
language sql stable as $$
	select nullif(concat_ws('; ',
	    teamdues.change_text('name', p_old.name, p_new.name),
	    teamdues.change_text('team', p_old.team, p_new.team),
	    teamdues.change_text('monthly fee', concat_ws(' ',
	        teamdues.money_text(p_old.monthly_fee_cents), p_currency),
	        concat_ws(' ', teamdues.money_text(p_new.monthly_fee_cents),
	            p_currency)),
	    case when p_new.parent_id is distinct from p_old.parent_id
	    then 'family: ' || coalesce((
	        select r.name
	        from teamdues.parents r
	        where r.parent_id = p_new.parent_id), 'none is known') end,
	    case when p_new.active and not p_old.active then 'plays again'
	    when p_old.active and not p_new.active
	    then 'plays no more, and is asked for nothing new' end), '')
$$;

create or replace function teamdues.desk_write_child(
	p_request_id bigint,
	p_actor text,
	p_old teamdues.players,
	p_new teamdues.players,
	p_words text)
returns void
language plpgsql as $$
begin
	update teamdues.players y
	set parent_id = p_new.parent_id, name = p_new.name, team = p_new.team,
	    monthly_fee_cents = p_new.monthly_fee_cents,
	    active = p_new.active
	where y.player_id = p_old.player_id;
	insert into teamdues.audit_log (actor, action, subject, detail)
	values (p_actor, 'change child', 'player ' || p_old.player_id,
	    p_words);
	perform teamdues.keep_before(p_request_id, teamdues.desk_child(p_old)
	    || jsonb_build_object('parent_email', '',
	        'version', teamdues.child_version(p_old.player_id)));
end
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
	v_new.team := teamdues.team_written(v_args ->> 'team');
	v_new.monthly_fee_cents := coalesce(
	    (v_args ->> 'monthly_fee_cents')::bigint, 0);
	v_new.active := coalesce(v_args ->> 'plays', '') <> '';
	words := teamdues.desk_child_text(v_old, v_new,
	    v_args ->> 'currency');
	if words is null then
		words := 'it is so already';
		return;
	end if;
	state := 'done';
	words := concat_ws(': ', v_old.name, words);
	if p_commit then
		perform teamdues.desk_write_child(p_request.request_id, p_actor,
		    v_old, v_new, words);
	end if;
end
$$;
