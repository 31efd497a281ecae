-- What is remembered of the commands that run again and again.

-- A run that went well.  Of reconcile, p_since is from when on it read: one
-- that leaves a gap does not count as having read what is before it.
create or replace function teamdues.note_run(
	p_name text,
	p_began bigint,
	p_since bigint)
returns boolean
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
begin
	insert into runs as r (name, began_at, read_until)
	values (p_name, to_timestamp(p_began), case when p_since
	    <= extract(epoch from reconcile_from(p_began))
	    then to_timestamp(p_began) end)
	on conflict (name) do update
	set began_at = excluded.began_at,
	    read_until = coalesce(excluded.read_until, r.read_until),
	    failed_at = null;
	return true;
end
$$;

-- What became of a backup that was restored for a try.  Who says it is the
-- database's own user (runbook/package/scripts/verify.sh).
create or replace function teamdues.note_backup(p_is_sound boolean)
returns boolean
language plpgsql as $$
begin
	if p_is_sound then
		return teamdues.note_run('backup',
		    extract(epoch from now())::bigint, 0);
	end if;
	insert into teamdues.runs as r (name, failed_at)
	values ('backup', now())
	on conflict (name) do update
	set failed_at = excluded.failed_at;
	return true;
end
$$;

-- From when on Stripe's record has to be read so that nothing is left out: a
-- day of overlap with what was read, thirty days at first.
create or replace function teamdues.reconcile_from(p_now bigint)
returns timestamptz
language sql stable as $$
	select coalesce((
	    select r.read_until - interval '1 day'
	    from teamdues.runs r
	    where r.name = 'reconcile'),
	    to_timestamp(p_now) - interval '30 days')
$$;

create or replace function teamdues.reconcile_since(p_now bigint)
returns bigint
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select floor(extract(epoch from reconcile_from(p_now)))::bigint
$$;

-- Whether a refund or a dispute says what is not known yet of a payment that is
-- ours and whose session was made before p_before.
create or replace function teamdues.money_is_news(
	p_item jsonb,
	p_before bigint)
returns boolean
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_item fact_item := jsonb_populate_record(null::fact_item, p_item);
begin
	return exists (
	    select from payments p
	    where p.payment_intent_id = v_item.payment_intent_id
	    and p.place <> 'foreign'
	    and p.stripe_created < to_timestamp(p_before))
	and not exists (
	    select from judge_facts(array[v_item]) j where j.fault is null);
end
$$;
