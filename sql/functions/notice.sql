-- What is looked at so that trouble is noticed, and what is remembered of it.

-- Something that was not signed with our secret was posted as an event.
create or replace function teamdues.note_refusal() returns boolean
language sql security definer
set search_path = teamdues, pg_temp as $$
	insert into refused_signatures as r (total, newest_at)
	values (1, now())
	on conflict (singleton) do update
	set total = r.total + 1, newest_at = now()
	returning true
$$;

-- How things stand here: ages in seconds, null for what never was.  A command
-- that never ran is as old as the installation; is_refused: nothing was
-- accepted since the last refusal; failed_requests are of the last day, and
-- requests_s is the age of the oldest that waits.
create or replace function teamdues.notice_figures(
	out reconcile_s bigint,
	out audit_s bigint,
	out refused_s bigint,
	out is_refused boolean,
	out unresolved bigint,
	out fraud_warnings bigint,
	out failed_refunds bigint,
	out refused_sign_ins bigint,
	out failed_requests bigint,
	out requests_s bigint)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select extract(epoch from now() - coalesce(max(r.began_at)
	        filter (where r.name = 'reconcile'), i.created_at))::bigint,
	    extract(epoch from now() - coalesce(max(r.began_at)
	        filter (where r.name = 'audit'), i.created_at))::bigint,
	    (select extract(epoch from now() - f.newest_at)::bigint
	    from refused_signatures f),
	    coalesce((select f.newest_at > coalesce((
	            select max(e.received_at) from stripe_events e),
	            '-infinity')
	        from refused_signatures f), false),
	    (select count(*) from teamdues.unresolved),
	    (select count(*) from waiting_at_stripe() w
	    where w.kind = 'fraud warning'),
	    (select count(*) from waiting_at_stripe() w
	    where w.kind = 'failed refund'),
	    -- Of this hour and of the one before it.
	    (select coalesce(sum(f.total), 0)::bigint
	    from desk_refusals f
	    where f.hour > now() - interval '2 hours'),
	    (select count(*) from desk_requests q
	    where q.state = 'failed'
	    and q.ended_at > now() - interval '1 day'),
	    coalesce((select extract(epoch from now() - min(q.asked_at))::bigint
	    from desk_requests q
	    where q.state in ('queued', 'working')), 0)
	from installation i
	left join runs r on true
	group by i.created_at
$$;

-- How old the last backup is that was restored for a try, in seconds (without
-- one, the installation), and whether the last try failed.
create or replace function teamdues.backup_figures(
	out age_s bigint,
	out is_bad boolean)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select extract(epoch from now()
	    - coalesce(r.began_at, i.created_at))::bigint,
	    r.failed_at is not null
	from installation i
	left join runs r on r.name = 'backup'
$$;

-- How many of these events are not in the ledger.
create or replace function teamdues.unrecorded_events(p_event_ids text[])
returns bigint
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select count(*)
	from unnest(p_event_ids) x (event_id)
	where not exists (select from stripe_events e
	    where e.event_id = x.event_id)
$$;

create or replace function teamdues.is_our_payment(p_payment_intent_id text)
returns boolean
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select exists (select from payments p
	    where p.payment_intent_id = p_payment_intent_id
	    and p.place <> 'foreign')
$$;

create or replace function teamdues.note_sight(p_name text, p_value bigint)
returns boolean
language sql security definer
set search_path = teamdues, pg_temp as $$
	insert into stripe_sights as s (name, value, seen_at)
	values (p_name, p_value, now())
	on conflict (name) do update
	set value = excluded.value, seen_at = excluded.seen_at
	returning true
$$;

-- What shows that Stripe may know of payments that the books lack, and has not
-- been asked for all of them since; null: nothing does.  Anybody may post what
-- is not signed, so that Stripe asked a quarter of an hour ago is good enough
-- then.
create or replace function teamdues.unheard_sign() returns text
language plpgsql stable as $$
declare
	v_asked timestamptz := coalesce((
	    select r.read_until
	    from teamdues.runs r
	    where r.name = 'reconcile'), '-infinity');
	v_heard timestamptz := coalesce((
	    select e.received_at
	    from teamdues.stripe_events e
	    order by e.received_at desc
	    limit 1), '-infinity');
begin
	return (
	    select case s.name
	        when 'paid_unseen' then 'the books lack payments'
	        when 'undelivered' then 'its events do not arrive'
	        else 'the webhook program is down' end
	    from teamdues.stripe_sights s
	    where s.name in ('paid_unseen', 'undelivered', 'webhook_down')
	    and s.value > 0 and v_asked < date_trunc('second', s.seen_at)
	    union all
	    select 'signatures are refused'
	    from teamdues.refused_signatures f
	    where f.newest_at > v_heard
	    and v_asked < least(f.newest_at, now() - interval '15 minutes')
	    union all
	    select 'sessions have ended unheard of'
	    where exists (
	        select from teamdues.checkout_sessions c
	        where c.status = 'open'
	        and c.expires_at > greatest(v_heard, v_asked)
	        and c.expires_at < now() - interval '30 minutes')
	    limit 1);
end
$$;

-- Why nobody is asked for money now; null when they may be.
create or replace function teamdues.asking_fault() returns text
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select format('Stripe is to be asked first, %s: teamdues reconcile '
	    '--commit', s)
	from unheard_sign() s
	where s is not null
$$;

-- Whether somebody is to be mailed about a cause now, and what: begin, still
-- (once a day), over, or nothing.  At most one mail an hour says that it began.
create or replace function teamdues.alarm_due(p_cause text, p_is_wrong boolean)
returns text
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select case
	when p_is_wrong and a.cause is null then 'begin'
	when p_is_wrong and a.over_at is not null
	    and a.mailed_at <= now() - interval '1 hour' then 'begin'
	when p_is_wrong and a.over_at is null
	    and a.mailed_at <= now() - interval '1 day' then 'still'
	when not p_is_wrong and a.cause is not null and a.over_at is null
	then 'over'
	else '' end
	from (select) one
	left join alarms a on a.cause = p_cause
$$;

create or replace function teamdues.alarm_mailed(p_cause text, p_due text)
returns boolean
language sql security definer
set search_path = teamdues, pg_temp as $$
	insert into alarms as a (cause, begun_at, mailed_at)
	values (p_cause, now(), now())
	on conflict (cause) do update
	set begun_at = case when p_due = 'begin' then now() else a.begun_at end,
	    mailed_at = case when p_due = 'over' then a.mailed_at
	        else now() end,
	    over_at = case when p_due = 'over' then now() end
	returning true
$$;
