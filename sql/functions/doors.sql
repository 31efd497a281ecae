-- The doors' own names for teamdues.record: a program that asks Stripe may
-- bring facts, only the webhook may bring events.  p_zone is the club's zone when
-- what becomes paid is to get its receipt, else null.

create or replace function teamdues.record_events(p_items jsonb, p_zone text)
returns table (outcome text, reason text, order_id bigint, is_news boolean,
	is_alarm boolean)
language sql security definer
set search_path = teamdues, pg_temp as $$
	select r.outcome, r.reason, r.order_id, r.is_news, r.is_alarm
	from record_and_receipt(p_items, p_zone) r
$$;

create or replace function teamdues.record_answers(p_items jsonb, p_zone text)
returns table (outcome text, reason text, order_id bigint, is_news boolean,
	is_alarm boolean)
language sql security definer
set search_path = teamdues, pg_temp as $$
	select r.outcome, r.reason, r.order_id, r.is_news, r.is_alarm
	from record_and_receipt((select jsonb_agg(i - 'event' order by n)
	    from jsonb_array_elements(p_items) with ordinality as x (i, n)),
	    p_zone) r
$$;

-- The number of the newest migration that was applied.
create or replace function teamdues.schema_version() returns integer
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select coalesce(max(m.version), 0) from schema_migrations m
$$;
