-- Looking for somebody by a part of a name.

-- The players whose name, or whose parent's e-mail address, holds a text,
-- whatever the case.  Null where they are many: to look at their orders alone
-- would be no shorter than to look at all.
create or replace function teamdues.players_like(p_text text) returns bigint[]
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select case when count(*) <= 1000
	    then coalesce(array_agg(x.player_id), '{}') end
	from (
	    select y.player_id
	    from players y
	    left join parents r on r.parent_id = y.parent_id
	    where position(lower(p_text) in lower(y.name)) > 0
	    or position(lower(p_text) in lower(r.email)) > 0
	    limit 1001) x
$$;
