-- The doors' own names for teamdues.record: a program that asks Stripe may
-- bring facts, only the webhook may bring events.  p_zone is the club's zone when
-- what becomes paid is to get its receipt, else null.

create or replace function teamdues.record_events(
	p_items jsonb,
	p_payloads text[],
	p_zone text)
returns table (outcome text, reason text, order_id bigint, is_news boolean,
	is_alarm boolean)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
begin
	return query
	select r.* from record(p_items, p_payloads, p_zone) r;
end
$$;

create or replace function teamdues.record_answers(p_items jsonb, p_zone text)
returns table (outcome text, reason text, order_id bigint, is_news boolean,
	is_alarm boolean)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
begin
	return query
	select r.* from record(without_events(p_items), '{}', p_zone) r;
end
$$;

-- Items as if Stripe had been asked for them.
create or replace function teamdues.without_events(p_items jsonb) returns jsonb
language sql immutable as $$
	select jsonb_agg(i - 'event_id' order by n)
	from jsonb_array_elements(p_items) with ordinality as x (i, n)
$$;

-- The number of the newest migration that was applied.
create or replace function teamdues.schema_version() returns integer
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select coalesce(max(m.version), 0) from schema_migrations m
$$;
