-- `teamdues audit`: recomputes what is derived from what was recorded, and checks
-- invariants 1 to 6.  A row per fault; none is the answer that one hopes for.

create or replace function teamdues.audit()
returns table (invariant integer, subject text, fault text)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select 1, 'order ' || o.order_id,
	    format('is %s, its facts say %s', o.status, s.status)
	from orders o
	cross join lateral order_standing(o) s
	where (o.status, o.payment_source, o.payment_intent_id, o.paid_at,
	    o.refunded_cents) is distinct from (s.status, s.payment_source,
	    s.payment_intent_id, s.paid_at, s.refunded_cents)
	union all
	select 2, p.session_id, case when pp.session_id is null
	    then 'the payment stands nowhere'
	    else format('stands as %s (%s), its facts say %s (%s)', pp.place,
	        pp.reason, s.place, s.reason) end
	from payments p
	left join payment_places pp using (session_id)
	cross join lateral audit_place(p) s
	where (pp.place, pp.reason) is distinct from (s.place, s.reason)
	union all
	select 2, p.session_id, format('order %s counts another payment',
	    pp.order_id)
	from payment_places pp
	join payments p using (session_id)
	join orders o on o.order_id = pp.order_id
	where session_state(p.session_id) = 'paid'
	and o.payment_intent_id is distinct from p.payment_intent_id
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
	select 5, p.session_id, format('paid %s, its session asked for %s',
	    p.amount_cents, s.amount_cents)
	from payment_places pp
	join payments p using (session_id)
	join checkout_sessions s using (session_id)
	where pp.place = 'order' and s.origin = 'minted'
	and p.amount_cents <> s.amount_cents
	and not exists (select from attachments a
	    where a.session_id = p.session_id)
$$;

-- Where a payment must stand, from the facts alone.
create or replace function teamdues.audit_place(
	p_payment teamdues.payments,
	out place text,
	out reason text)
language plpgsql stable as $$
declare
	v_standing record := teamdues.payment_standing(p_payment);
begin
	place := v_standing.place;
	reason := v_standing.reason;
	if v_standing.order_id is not null then
		select g.place, g.reason into place, reason
		from teamdues.order_payments(v_standing.order_id) g
		where g.session_id = p_payment.session_id;
	end if;
end
$$;

-- Figures for a textfile collector: name, one label (or none), value.
create or replace function teamdues.metrics()
returns table (name text, label text, label_value text, value bigint)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select 'teamdues_orders', 'status', x.status, count(o.order_id)
	from unnest(array['pending', 'processing', 'paid',
	    'partially_refunded', 'refunded', 'disputed', 'charged_back',
	    'cancelled']) x (status)
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
	select 'teamdues_schema_version', null, null,
	    schema_version()::bigint
$$;
