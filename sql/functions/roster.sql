-- `teamdues import roster`.  p_rows: [{ line, parent_name, parent_email,
-- parent_phone, player_name, team, monthly_fee_cents }], already checked, each
-- player once.  People are corrected, and spelled in several ways: a parent is
-- known by e-mail address (without one by name and phone), and where that is
-- new by a child of the same name whose parent has the same name or telephone
-- and is not in the file any more; a player by parent and name, or by the same
-- name as far as a reader could tell.

-- Equal for equal parents; one expression, so that rosters of thousands of
-- families are joined by hashing.  Null for nobody.
create or replace function teamdues.parent_key(
	p_email text,
	p_name text,
	p_phone text)
returns text
language sql immutable as $$
	select coalesce(lower(p_email), chr(31) || p_name || chr(31) || p_phone)
$$;

-- Equal for names that differ in case, accents, apostrophes, hyphens and
-- blanks, in characters that nobody sees, or in how Unicode encodes them.
create or replace function teamdues.name_key(p_name text) returns text
language sql immutable as $$
	select lower(trim(regexp_replace(regexp_replace(translate(
	    normalize(p_name, NFKD),
	    E'\u2018\u2019\u02bc\u2010\u2011', '''''''--'),
	    '[\u0300-\u036f\u00ad\u061c\u200b-\u200f\u202a-\u202e'
	    '\u2060-\u2064\u2066-\u2069\ufeff]',
	    '', 'g'), '\s+', ' ', 'g')))
$$;

-- The end of a telephone number, without what people put between and before;
-- null for what is too short to tell anybody.
create or replace function teamdues.phone_key(p_phone text) returns text
language sql immutable as $$
	select right(d, 9)
	from regexp_replace(p_phone, '\D', '', 'g') d
	where length(d) >= 7
$$;

-- The rows with their parents, as far as these are known.  Keys are made once:
-- they cost more than all that is done with them.
create or replace function teamdues.roster_parents(p_rows jsonb)
returns table (line integer, parent_name text, parent_email text,
	parent_phone text, player_name text, team text,
	monthly_fee_cents bigint, key text, name_key text, parent_id bigint)
language sql stable as $$
	with given as materialized (
		select x.*, teamdues.parent_key(x.parent_email, x.parent_name,
		    x.parent_phone) as key,
		    teamdues.name_key(x.player_name) as name_key
		from jsonb_to_recordset(p_rows) as x (line integer,
		    parent_name text, parent_email text, parent_phone text,
		    player_name text, team text, monthly_fee_cents bigint)
	), known as materialized (
		select g.*, r.parent_id
		from given g
		left join teamdues.parents r
		    on teamdues.parent_key(r.email, r.name, r.phone) = g.key
	), strangers as materialized (
		select k.key, k.name_key,
		    teamdues.name_key(k.parent_name) as parent,
		    teamdues.phone_key(k.parent_phone) as phone
		from known k
		where k.parent_id is null and k.key is not null
	), absent as materialized (
		select r.parent_id, teamdues.name_key(y.name) as name_key,
		    teamdues.name_key(r.name) as parent,
		    teamdues.phone_key(r.phone) as phone
		from teamdues.parents r
		join teamdues.players y on y.parent_id = r.parent_id
		where exists (select from strangers)
		and r.parent_id not in (select k.parent_id from known k
		    where k.parent_id is not null)
	), alike as (
		select distinct s.key, a.parent_id
		from strangers s
		join absent a on a.name_key = s.name_key
		    and (a.parent = s.parent or a.phone = s.phone)
	), moved as (
		-- Neither of two that it may be, nor one for two.
		select a.key, a.parent_id
		from (select a.key, a.parent_id,
		        count(*) over (partition by a.key) as parents,
		        count(*) over (partition by a.parent_id) as keys
		    from alike a) a
		where a.parents = 1 and a.keys = 1
	)
	select k.line, k.parent_name, k.parent_email, k.parent_phone,
	    k.player_name, k.team, k.monthly_fee_cents, k.key, k.name_key,
	    coalesce(k.parent_id, m.parent_id)
	from known k
	left join moved m on m.key = k.key
$$;

-- What each row finds.  player_id is null for one that is new; action says what
-- importing the row does: create, update or same.  note: what a person should
-- know before; "" for nothing.
create or replace function teamdues.roster_rows(p_rows jsonb)
returns table (line integer, parent_name text, parent_email text,
	parent_phone text, player_name text, team text,
	monthly_fee_cents bigint, key text, parent_id bigint, player_id bigint,
	action text, note text)
language sql stable as $$
	with given as materialized (
		select * from teamdues.roster_parents(p_rows)
	), there as materialized (
		select y.*, teamdues.name_key(y.name) as name_key
		from teamdues.players y
	), candidates as (
		-- A child without a parent is the one of that name in that
		-- team.
		select g.line, y.player_id,
		    row_number() over (partition by g.line order by
		        (y.parent_id is not distinct from g.parent_id) desc,
		        (lower(y.name) = lower(g.player_name)) desc,
		        y.player_id) as of_line,
		    row_number() over (partition by y.player_id order by
		        (y.parent_id is not distinct from g.parent_id) desc,
		        (lower(y.name) = lower(g.player_name)) desc,
		        g.line) as of_player
		from given g
		join there y on y.name_key = g.name_key
		    and (y.parent_id = g.parent_id
		    or y.parent_id is null
		    and (g.key is null or y.team = g.team))
	), found as materialized (
		select c.line, c.player_id
		from candidates c
		where c.of_line = 1 and c.of_player = 1
	), doubts as (
		select distinct on (g.line) g.line, 'player ' || o.player_id
		    || ' (' || o.name || ') of ' || case
		    when o.parent_id = g.parent_id then 'this family'
		    else 'another parent' end
		    || ' in this team is not in the file: the same child?'
		    as note
		from given g
		join there o on o.team = g.team and o.active
		    and (o.parent_id = g.parent_id or o.name_key = g.name_key)
		where g.line not in (select f.line from found f)
		and o.player_id not in (select f.player_id from found f)
		order by g.line, o.player_id
	)
	select g.line, g.parent_name, g.parent_email, g.parent_phone,
	    g.player_name, g.team, g.monthly_fee_cents, g.key, g.parent_id,
	    y.player_id,
	    case when y.player_id is null then 'create'
	    when (y.name, y.team, y.monthly_fee_cents, y.active)
	            <> (g.player_name, g.team, g.monthly_fee_cents, true)
	        or y.parent_id is distinct from g.parent_id
	        or g.parent_id is null and g.key is not null
	        or (r.name, r.phone) <> (g.parent_name, g.parent_phone)
	        or lower(g.parent_email) is distinct from lower(r.email)
	            and g.parent_email is not null
	    then 'update'
	    else 'same' end,
	    case when y.player_id is null then coalesce(d.note, '')
	    when not y.active then 'comes back'
	    when lower(g.parent_email) <> lower(coalesce(r.email, ''))
	    then 'the address was ' || coalesce(r.email, 'not known')
	    when y.name <> g.player_name then 'the name was ' || y.name
	    else '' end
	from given g
	left join found f on f.line = g.line
	left join there y on y.player_id = f.player_id
	left join teamdues.parents r on r.parent_id = g.parent_id
	left join doubts d on d.line = g.line
$$;

-- A row for each of the file, in its order, then one (action missing, note:
-- who) for each player who is asked for money and not in it, the file's teams
-- first.
create or replace function teamdues.import_roster(
	p_rows jsonb,
	p_actor text,
	p_commit boolean)
returns table (line integer, player_id bigint, action text, note text)
language plpgsql security definer
set search_path = teamdues, pg_temp
set plan_cache_mode = auto as $$
#variable_conflict use_column
begin
	return query
	with found as materialized (
		select * from roster_rows(p_rows)
	)
	select x.line, x.player_id, x.action, x.note
	from (select f.line, f.player_id, f.action, f.note, true as is_near
	    from found f
	    union all
	    select null, y.player_id, 'missing', y.name
	        || case when y.team <> '' then ' (' || y.team || ')'
	        else '' end,
	        y.team in (select f.team from found f)
	    from players y
	    where y.active and (y.team <> '' or y.monthly_fee_cents > 0)
	    and not exists (select from found f
	        where f.player_id = y.player_id)) x
	order by x.line, x.is_near desc, x.player_id;
	if not p_commit then
		return;
	end if;
	insert into audit_log (actor, action, detail)
	select p_actor, 'import roster', format('%s new, %s changed',
	    count(*) filter (where x.action = 'create'),
	    count(*) filter (where x.action = 'update'))
	from roster_rows(p_rows) x
	where x.action <> 'same'
	having count(*) > 0;

	-- An address that is another makes another customer at Stripe, where
	-- the receipts go to it.
	update parents r
	set name = x.parent_name, phone = x.parent_phone,
	    email = coalesce(x.parent_email, r.email),
	    customer_attempt = r.customer_attempt
	        + (lower(x.parent_email) is distinct from lower(r.email)
	        and x.parent_email is not null)::integer
	from (select distinct on (w.parent_id) w.*
	    from roster_rows(p_rows) w
	    where w.parent_id is not null
	    order by w.parent_id, w.line desc) x
	where r.parent_id = x.parent_id
	and ((r.name, r.phone) <> (x.parent_name, x.parent_phone)
	    or lower(x.parent_email) is distinct from lower(r.email)
	    and x.parent_email is not null);

	insert into parents (name, email, phone)
	select distinct on (x.key) x.parent_name, x.parent_email,
	    x.parent_phone
	from roster_rows(p_rows) x
	where x.parent_id is null and x.parent_name is not null
	order by x.key, x.line desc
	on conflict do nothing;

	update players y
	set parent_id = x.parent_id, name = x.player_name, team = x.team,
	    monthly_fee_cents = x.monthly_fee_cents, active = true
	from roster_rows(p_rows) x
	where y.player_id = x.player_id and x.action = 'update';

	insert into players (parent_id, name, team, monthly_fee_cents)
	select x.parent_id, x.player_name, x.team, x.monthly_fee_cents
	from roster_rows(p_rows) x
	where x.player_id is null
	order by x.line
	on conflict do nothing;
end
$$;

-- Who leaves is asked for nothing more, and entered nowhere with a team; who
-- comes back is.  action: leave, return, same or unknown (an id that is
-- nobody's: then nothing is written); pending: how many orders wait to be paid.
create or replace function teamdues.set_active(
	p_player_ids bigint[],
	p_active boolean,
	p_actor text,
	p_commit boolean)
returns table (player_id bigint, player_name text, action text, pending bigint)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
begin
	return query
	select i.id, coalesce(y.name, ''),
	    case when y.player_id is null then 'unknown'
	    when y.active = p_active then 'same'
	    when p_active then 'return' else 'leave' end,
	    (select count(*) from orders o
	    where o.player_id = i.id and o.status = 'pending')
	from (select distinct unnest(p_player_ids) as id) i
	left join players y on y.player_id = i.id
	order by i.id;
	if p_commit and not exists (
	    select from unnest(p_player_ids) as i (id)
	    where not exists (
	        select from players y where y.player_id = i.id)) then
		insert into audit_log (actor, action, subject)
		select p_actor, case when p_active then 'player return'
		    else 'player leave' end, 'player ' || y.player_id
		from players y
		where y.player_id = any (p_player_ids) and y.active <> p_active;
		update players y
		set active = p_active
		where y.player_id = any (p_player_ids) and y.active <> p_active;
	end if;
end
$$;
