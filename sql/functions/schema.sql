-- What programs ask about the schema itself.

-- The number of the newest migration that was applied.
create or replace function teamdues.schema_version() returns integer
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select coalesce(max(m.version), 0) from schema_migrations m
$$;
