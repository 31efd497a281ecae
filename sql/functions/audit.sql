-- `teamdues audit`: recomputes what is derived from what was recorded, and checks
-- invariants 1 to 6 and 9.  A row per fault; none is the answer that one hopes for.

create or replace function teamdues.audit()
returns table (invariant integer, subject text, fault text)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select 1, 'order ' || o.order_id,
	    format('is %s, its facts say %s', o.status, s.status)
	from orders o
	join order_standing s on s.order_id = o.order_id
	where (o.status, o.payment_source, o.paid_at, o.refunded_cents,
	    o.paid_cents) is distinct from (s.status, s.payment_source,
	    s.paid_at, s.refunded_cents, s.paid_cents)
	union all
	select 2, p.session_id,
	    format('stands as %s (%s), its facts say %s (%s)', p.place,
	        p.reason, s.place, s.reason)
	from payments p
	join payment_standing a on a.session_id = p.session_id
	left join matched_standing m on m.session_id = p.session_id
	    and m.matched_order_id = a.matched_order_id
	cross join lateral (
	    select coalesce(m.place, a.place) as place,
	        coalesce(m.reason, a.reason) as reason) s
	where (p.place, p.reason, p.matched_order_id) is distinct from
	    (s.place, s.reason, a.matched_order_id)
	union all
	-- Without its largest one an order was not paid yet, or one is too many.
	select 2, min(p.session_id), format('order %s counts %s payments',
	    o.order_id, count(*))
	from payments p
	join orders o on o.order_id = p.matched_order_id
	where p.place = 'order' and p.paid_at is not null
	group by o.order_id
	having count(*) > 1 and sum(p.amount_cents) - max(p.amount_cents)
	    + recorded_cents(o.order_id) >= o.amount_cents - o.waived_cents
	union all
	select 3, v.event_id, 'the event has no outcome'
	from event_overview v
	where v.outcome is null
	union all
	select 3, e.event_id, 'the event''s payment is not recorded'
	from stripe_events e
	where e.type in ('checkout.session.completed',
	    'checkout.session.async_payment_succeeded')
	and e.disposition in ('fact', 'duplicate')
	and not exists (select from payments p
	    where p.session_id = e.session_id)
	union all
	select 4, 'order ' || s.order_id, format('%s open sessions', count(*))
	from checkout_sessions s
	where s.status = 'open'
	group by s.order_id
	having count(*) > 1
	union all
	select 9, 'order ' || o.order_id,
	    format('is %s, and its session %s is open', o.status, s.session_id)
	from checkout_sessions s
	join orders o on o.order_id = s.order_id
	where s.status = 'open' and o.status <> 'pending'
	and coalesce(s.stray_at, s.created_at) < now() - interval '1 minute'
	union all
	select 5, p.session_id, format('paid %s, its session asked for %s',
	    p.amount_cents, s.amount_cents)
	from payments p
	join checkout_sessions s using (session_id)
	where p.place = 'order' and s.origin = 'minted'
	and p.amount_cents <> s.amount_cents
	and not exists (select from attachments a
	    where a.session_id = p.session_id and a.taken_back_at is null)
$$;

-- Figures for a textfile collector: name, one label (or none), value.
create or replace function teamdues.metrics()
returns table (name text, label text, label_value text, value bigint)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select 'teamdues_orders', 'status', x.status, count(o.order_id)
	from unnest(array['pending', 'processing', 'paid',
	    'partially_refunded', 'refunded', 'disputed', 'charged_back',
	    'cancelled', 'waived']) x (status)
	left join orders o using (status)
	group by x.status
	union all
	select 'teamdues_unresolved', 'outcome', x.outcome, count(u.event_id)
	from unnest(array['unmatched', 'review']) x (outcome)
	left join unmatched_overview u using (outcome)
	group by x.outcome
	union all
	select 'teamdues_events', 'disposition', e.disposition, count(*)
	from stripe_events e
	group by e.disposition
	union all
	select 'teamdues_last_event_timestamp_seconds', null, null,
	    extract(epoch from max(e.received_at))::bigint
	from stripe_events e
	having count(*) > 0
	union all
	-- What watch saw when it last looked outside.
	select x.name, null, null, s.value
	from (values ('teamdues_stripe_paid_unseen', 'paid_unseen'),
	    ('teamdues_stripe_undelivered', 'undelivered'),
	    ('teamdues_webhook_down', 'webhook_down'),
	    ('teamdues_disputes_unanswered', 'disputes'),
	    ('teamdues_dispute_due_timestamp_seconds', 'dispute_due'))
	    x (name, sight)
	join stripe_sights s on s.name = x.sight
	union all
	select 'teamdues_last_run_timestamp_seconds', 'command', x.name,
	    extract(epoch from coalesce(r.began_at, i.created_at))::bigint
	from unnest(array['reconcile', 'audit', 'watch']) x (name)
	cross join installation i
	left join runs r using (name)
	union all
	select 'teamdues_signatures_refused', null, null,
	    coalesce((select f.total from refused_signatures f), 0)
	union all
	select 'teamdues_mails', 'state', x.state, count(e.email_id)
	from unnest(array['queued', 'failed']) x (state)
	left join emails e on e.state = x.state
	    and (x.state = 'queued' or e.created_at > now() - interval '1 day')
	group by x.state
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
	    schema_version()::bigint
$$;
