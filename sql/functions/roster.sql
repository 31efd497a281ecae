-- `teamdues import roster`.  p_rows: [{ line, parent_name, parent_email,
-- parent_phone, player_name, team, monthly_fee_cents }], already checked, each
-- player once.  A parent is known by e-mail address (without one by name and
-- phone), a player by parent and name.

-- Equal for equal parents; one expression, so that rosters of thousands of
-- families are joined by hashing.  Null for nobody.
create or replace function teamdues.parent_key(p_email text, p_name text, p_phone text)
returns text
language sql immutable as $$
	select coalesce(lower(p_email), chr(31) || p_name || chr(31) || p_phone)
$$;

-- What each row finds.  player_id is null for one that is new; action says what
-- importing the row does: create, update or same.
create or replace function teamdues.roster_rows(p_rows jsonb)
returns table (line integer, parent_name text, parent_email text,
	parent_phone text, player_name text, team text,
	monthly_fee_cents bigint, parent_id bigint, player_id bigint,
	action text)
language sql stable as $$
	select x.line, x.parent_name, x.parent_email, x.parent_phone,
	    x.player_name, x.team, x.monthly_fee_cents, r.parent_id,
	    y.player_id,
	    case when y.player_id is null then 'create'
	    when (y.team, y.monthly_fee_cents) <> (x.team, x.monthly_fee_cents)
	        or (r.name, r.phone) <> (x.parent_name, x.parent_phone)
	    then 'update'
	    else 'same' end
	from jsonb_to_recordset(p_rows) as x (line integer, parent_name text,
	    parent_email text, parent_phone text, player_name text, team text,
	    monthly_fee_cents bigint)
	left join teamdues.parents r
	    on teamdues.parent_key(r.email, r.name, r.phone)
	    = teamdues.parent_key(x.parent_email, x.parent_name,
	    x.parent_phone)
	left join teamdues.players y
	    on y.parent_id is not distinct from r.parent_id
	    and lower(y.name) = lower(x.player_name)
	    and (r.parent_id is not null or x.parent_name is null)
$$;

create or replace function teamdues.import_roster(p_rows jsonb, p_commit boolean)
returns table (line integer, player_id bigint, action text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
#variable_conflict use_column
begin
	return query
	select x.line, x.player_id, x.action
	from roster_rows(p_rows) x
	order by x.line;
	if not p_commit then
		return;
	end if;

	insert into parents (name, email, phone)
	select distinct on (x.key) x.parent_name, x.parent_email,
	    x.parent_phone
	from (select w.*, parent_key(w.parent_email, w.parent_name,
	        w.parent_phone) as key
	    from roster_rows(p_rows) w
	    where w.parent_id is null and w.parent_name is not null) x
	order by x.key, x.line desc
	on conflict do nothing;

	update parents r
	set name = x.parent_name, phone = x.parent_phone
	from (select distinct on (w.parent_id) w.*
	    from roster_rows(p_rows) w
	    where w.parent_id is not null
	    order by w.parent_id, w.line desc) x
	where r.parent_id = x.parent_id
	and (r.name, r.phone) <> (x.parent_name, x.parent_phone);

	insert into players (parent_id, name, team, monthly_fee_cents)
	select x.parent_id, x.player_name, x.team, x.monthly_fee_cents
	from roster_rows(p_rows) x
	where x.player_id is null
	order by x.line
	on conflict do nothing;

	update players y
	set team = x.team, monthly_fee_cents = x.monthly_fee_cents
	from roster_rows(p_rows) x
	where y.player_id = x.player_id
	and (y.team, y.monthly_fee_cents) <> (x.team, x.monthly_fee_cents);
end
$$;
