-- The desk's page of rosters: what a file would change, line by line, and the
-- import itself.  The rules are those of roster.sql.

-- What importing each row would do: what is New, Changed or Same, changes the
-- values with those of before, in words.
create or replace function teamdues.roster_changes(p_rows jsonb)
returns table (line integer, player_name text, team text, what text,
	changes text)
language sql stable as $$
	select f.line, f.player_name, f.team,
	    case f.action when 'create' then 'New' when 'update' then 'Changed'
	    else 'Same' end,
	    concat_ws(' · ', c.changes,
	        case when f.action = 'create' or f.note = 'comes back'
	        then nullif(f.note, '') end)
	from teamdues.roster_rows(p_rows) f
	left join teamdues.players y on y.player_id = f.player_id
	left join teamdues.parents r on r.parent_id
	    = case when f.player_id is null then f.parent_id
	    else y.parent_id end
	cross join lateral (
	    select string_agg(concat_ws(' ', x.what, case
	        when x.was <> '' then x.was || ' →' end,
	        coalesce(nullif(x.becomes, ''), 'none')), ' · '
	        order by x.place) as changes
	    from (values
	        (1, 'name', y.name, f.player_name),
	        (2, 'team', y.team, f.team),
	        (3, 'monthly fee', teamdues.money_text(y.monthly_fee_cents),
	            teamdues.money_text(f.monthly_fee_cents)),
	        (4, 'parent', r.name, coalesce(f.parent_name, r.name)),
	        (5, 'address', r.email, case
	            when lower(f.parent_email) = lower(r.email) then r.email
	            else coalesce(f.parent_email, r.email) end),
	        (6, 'phone', r.phone,
	            case when f.key is null then r.phone
	            else f.parent_phone end)) x (place, what, was, becomes)
	    where coalesce(x.was, '') <> coalesce(x.becomes, '')
	    and (f.player_id is not null or x.place > 2)) c
$$;

-- What the page shows of rows that are to be imported: how many are new,
-- changed and the same, the first three hundred that are not the same, and the
-- first ten players who are asked for money and not among them.  seen: another
-- text once the import would do anything else.
create or replace function teamdues.roster_preview(p_rows jsonb)
returns jsonb
language sql stable as $$
	with changes as materialized (
		select * from teamdues.roster_changes(p_rows)
	), missing as materialized (
		select i.note
		from teamdues.import_roster(p_rows, '', false) i
		where i.action = 'missing'
	)
	select jsonb_build_object(
	    'seen', (select md5(coalesce(string_agg(c::text, E'\n'
	        order by c.line), '')) from changes c),
	    'new', (select count(*) from changes c where c.what = 'New'),
	    'changed', (select count(*) from changes c
	        where c.what = 'Changed'),
	    'same', (select count(*) from changes c where c.what = 'Same'),
	    'lines', coalesce((
	        select jsonb_agg(jsonb_build_object('line', 'line ' || x.line,
	            'player_name', x.player_name, 'team', x.team,
	            'what', x.what, 'changes', x.changes) order by x.line)
	        from (select c.* from changes c
	            where c.what <> 'Same'
	            order by c.line
	            limit 300) x), '[]'),
	    'missing', (select count(*) from missing m),
	    'absent', coalesce((
	        select jsonb_agg(jsonb_build_object('who', x.note))
	        from (select m.note from missing m limit 10) x), '[]'))
$$;

-- The page: with p_rows what importing them would do, for who may do it.
create or replace function teamdues.desk_rosters(
	p_session bytea,
	p_rows jsonb)
returns jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp
set plan_cache_mode = auto as $$
begin
	if p_rows is null then
		return jsonb_build_object('user',
		    desk_user_json(desk_reader(p_session)));
	end if;
	return jsonb_build_object('user',
	    desk_user_json(desk_writer(p_session))) || roster_preview(p_rows);
end
$$;

-- The import of args.rows, if it still does what args.seen was made of.  Nobody
-- else may change a player between the look and the import.
create or replace function teamdues.desk_roster(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_rows jsonb := p_request.args -> 'rows';
	v_preview jsonb;
begin
	if p_commit then
		lock table teamdues.parents, teamdues.players
		    in share row exclusive mode;
	end if;
	v_preview := teamdues.roster_preview(v_rows);
	if v_preview ->> 'seen' is distinct from p_request.args ->> 'seen' then
		state := 'refused';
		words := 'the books, or the file, changed since the page was '
		    'made; look again';
		return;
	end if;
	state := 'done';
	words := format('%s new, %s changed, %s the same',
	    v_preview ->> 'new', v_preview ->> 'changed',
	    v_preview ->> 'same');
	if p_commit then
		perform teamdues.import_roster(v_rows, p_actor, true);
	end if;
end
$$;
