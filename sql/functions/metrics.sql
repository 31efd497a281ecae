-- `teamdues metrics`: figures for a textfile collector.

-- How many events there were, by what they brought.  Only those are counted
-- that came since the tally was last kept, and it is brought up to those of
-- five minutes ago: an event that came before then has been committed by now.
create or replace function teamdues.count_events()
returns table (disposition text, events bigint)
language plpgsql as $$
declare
	v_since timestamptz;
	v_before timestamptz := now() - interval '5 minutes';
begin
	-- Two that count at once would add the same events twice.
	perform from teamdues.event_tally t
	order by t.disposition
	for no key update;
	select min(t.received_before) into v_since
	from teamdues.event_tally t;
	return query
	with fresh as materialized (
		select e.disposition, count(*) as events, count(*) filter (
		    where e.received_at < v_before) as settled
		from teamdues.stripe_events e
		where e.received_at >= v_since
		group by e.disposition
	), kept as (
		update teamdues.event_tally t
		set events = t.events + coalesce((
		        select f.settled
		        from fresh f
		        where f.disposition = t.disposition), 0),
		    received_before = v_before
		where v_before > v_since
	)
	select t.disposition, t.events + coalesce(f.events, 0)
	from teamdues.event_tally t
	left join fresh f on f.disposition = t.disposition;
end
$$;

-- name, one label (or none), value.
create or replace function teamdues.metrics()
returns table (name text, label text, label_value text, value bigint)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
begin
	return query
	with unpaid as materialized (
		select l.status, count(*) as count
		from listed_orders l
		group by l.status
	)
	select 'teamdues_orders', 'status', x.status,
	    case when x.status = 'paid' then (
	        select count(*) from orders) - (
	        select coalesce(sum(u.count), 0)::bigint from unpaid u)
	    else coalesce(u.count, 0) end
	from unnest(order_statuses()) x (status)
	left join unpaid u using (status)
	union all
	select 'teamdues_unresolved', 'outcome', x.outcome, count(u.outcome)
	from unnest(array['unmatched', 'review']) x (outcome)
	left join unresolved u using (outcome)
	group by x.outcome
	union all
	select 'teamdues_events', 'disposition', e.disposition, e.events
	from count_events() e
	where e.events > 0
	union all
	select 'teamdues_last_event_timestamp_seconds', null, null,
	    extract(epoch from e.received_at)::bigint
	from (select x.received_at
	    from stripe_events x
	    order by x.received_at desc
	    limit 1) e
	union all
	-- What watch saw when it last looked outside.
	select x.name, null, null, s.value
	from (values ('teamdues_stripe_paid_unseen', 'paid_unseen'),
	    ('teamdues_stripe_undelivered', 'undelivered'),
	    ('teamdues_webhook_down', 'webhook_down'),
	    ('teamdues_programs_down', 'programs_down'),
	    ('teamdues_disputes_unanswered', 'disputes'),
	    ('teamdues_dispute_due_timestamp_seconds', 'dispute_due'))
	    x (name, sight)
	join stripe_sights s on s.name = x.sight
	union all
	select 'teamdues_desk_sign_ins_refused', null, null,
	    coalesce((select sum(f.total)::bigint from desk_refusals f), 0)
	union all
	select 'teamdues_failed_refunds', null, null, count(*)
	from waiting_at_stripe() w
	where w.kind = 'failed refund'
	union all
	select 'teamdues_fraud_warnings', null, null, count(*)
	from waiting_at_stripe() w
	where w.kind = 'fraud warning'
	union all
	select 'teamdues_last_run_timestamp_seconds', 'command', x.name,
	    extract(epoch from coalesce(r.began_at, i.created_at))::bigint
	from unnest(array['reconcile', 'audit', 'watch', 'backup']) x (name)
	cross join installation i
	left join runs r on r.name = x.name
	union all
	select 'teamdues_signatures_refused', null, null,
	    coalesce((select f.total from refused_signatures f), 0)
	union all
	select 'teamdues_mails', 'state', 'queued', count(*)
	from emails e
	where e.state = 'queued'
	union all
	select 'teamdues_mails', 'state', 'failed', count(*)
	from emails e
	where e.state = 'failed' and e.created_at > now() - interval '1 day'
	union all
	select 'teamdues_stray_sessions', null, null, count(*)
	from stray_sessions s
	where s.stray_at < now() - interval '1 minute'
	union all
	select 'teamdues_mail_oldest_seconds', null, null,
	    coalesce(extract(epoch from now() - min(e.created_at)), 0)::bigint
	from emails e
	where e.state = 'queued'
	union all
	select 'teamdues_schema_version', null, null,
	    schema_version()::bigint;
end
$$;
