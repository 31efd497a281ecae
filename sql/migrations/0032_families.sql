-- The families by name, as the desk lists them.

create index parents_by_name on teamdues.parents (lower(name), parent_id);
create index players_alone on teamdues.players (lower(name), (-player_id))
	where parent_id is null;
