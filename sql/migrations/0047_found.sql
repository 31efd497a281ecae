-- What families are found by, with its case taken away once and not at each
-- search, and the players of all families by name.  Only who adds or changes a
-- family pays for these.
alter table teamdues.parents
	add column found_by text not null
	generated always as (lower(name) || E'\n' || coalesce(lower(email), '')
	    || E'\n' || translate(phone, ' ()+./-', '')) stored;
comment on column teamdues.parents.found_by is
	'The name and the e-mail address without case, and the telephone '
	'number''s digits: for the desk''s search';
alter table teamdues.players
	add column found_by text not null
	generated always as (lower(name)) stored;
comment on column teamdues.players.found_by is
	'The name without case, for the desk''s search';
create index players_by_name on teamdues.players (lower(name), player_id);
