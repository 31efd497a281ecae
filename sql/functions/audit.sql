-- `teamdues audit`: recomputes what is derived from what was recorded, and
-- checks invariants 1 to 5 and 9.  A row for each fault; sound books give none.

-- What must hold, of the invariants that are checked here.  lib/README.md
-- states all of them, these in the same words.
create or replace function teamdues.invariant(p_number integer) returns text
language sql immutable as $$
	select case p_number
	when 1 then 'An order''s status follows from its payments, refunds, '
	    'disputes and the recorded acts of people, and from nothing else.'
	when 2 then 'A payment counts for one order at most; one that counts '
	    'for none is kept with the reason.'
	when 3 then 'Every signed event is recorded with one outcome, and the '
	    'payment that it reports is recorded with it.'
	when 4 then 'An order has one open checkout session at most, and every '
	    'session of ours has its order.'
	when 5 then 'A family pays the amount of the link that it followed, or '
	    'the amount that the treasurer set instead.'
	when 9 then 'An order that has not been pending for a minute has no '
	    'open checkout session at Stripe.'
	end
$$;

create or replace function teamdues.audit_orders(p_ids bigint[])
returns table (invariant integer, subject text, fault text)
language sql stable as $$
	select 1, 'order ' || o.order_id, case when o.status <> s.status
	    then format('is %s, its facts say %s', o.status, s.status)
	    when l.status is distinct from nullif(s.status, 'paid')
	    then format('is listed as %s, its facts say %s',
	        coalesce(l.status, 'paid'), s.status)
	    else format('has the source, time, refunds and money %s, its '
	        'facts say %s',
	        (o.payment_source, o.paid_at, o.refunded_cents, o.paid_cents),
	        (s.payment_source, s.paid_at, s.refunded_cents, s.paid_cents))
	    end
	from unnest(p_ids) x
	cross join lateral (
	    select *
	    from teamdues.order_standing y
	    where y.order_id = x
	    offset 0) s
	join teamdues.orders o on o.order_id = s.order_id
	left join teamdues.listed_orders l on l.order_id = s.order_id
	where l.status is distinct from nullif(s.status, 'paid')
	or (o.status, o.payment_source, o.paid_at, o.refunded_cents,
	    o.paid_cents) is distinct from (s.status, s.payment_source,
	    s.paid_at, s.refunded_cents, s.paid_cents)
	union all
	-- Without its largest one an order was not paid yet, or one is too
	-- many.
	select 2, min(p.session_id), format('order %s counts %s payments',
	    o.order_id, count(*))
	from teamdues.payments p
	join teamdues.orders o on o.order_id = p.matched_order_id
	where p.matched_order_id = any (p_ids)
	and p.place = 'order' and p.paid_at is not null
	group by o.order_id
	having count(*) > 1 and sum(p.amount_cents) - max(p.amount_cents)
	    + teamdues.recorded_cents(o.order_id)
	    >= o.amount_cents - o.waived_cents
	union all
	select 4, 'order ' || s.order_id, format('%s open sessions', count(*))
	from teamdues.checkout_sessions s
	where s.order_id = any (p_ids) and s.status = 'open'
	group by s.order_id
	having count(*) > 1
	union all
	select 9, 'order ' || o.order_id,
	    format('is %s, and its session %s is open', o.status, s.session_id)
	from teamdues.checkout_sessions s
	join teamdues.orders o on o.order_id = s.order_id
	where s.order_id = any (p_ids)
	and s.status = 'open' and o.status <> 'pending'
	and coalesce(s.stray_at, s.created_at) < now() - interval '1 minute'
$$;

create or replace function teamdues.audit_payments(p_ids text[])
returns table (invariant integer, subject text, fault text)
language sql stable as $$
	select 2, p.session_id,
	    format('stands as %s (%s), its facts say %s (%s)', p.place,
	        p.reason, s.place, s.reason)
	from unnest(p_ids) x
	cross join lateral (
	    select *
	    from teamdues.payment_standing y
	    where y.session_id = x
	    offset 0) a
	join teamdues.payments p on p.session_id = a.session_id
	left join lateral (
	    select *
	    from teamdues.matched_standing y
	    where y.session_id = x
	    offset 0) m on m.matched_order_id = a.matched_order_id
	cross join lateral (
	    select coalesce(m.place, a.place) as place,
	        coalesce(m.reason, a.reason) as reason) s
	where (p.place, p.reason, p.matched_order_id) is distinct from
	    (s.place, s.reason, a.matched_order_id)
	union all
	select 5, p.session_id, format('paid %s, its session asked for %s',
	    p.amount_cents, s.amount_cents)
	from teamdues.payments p
	join teamdues.checkout_sessions s on s.session_id = p.session_id
	where p.session_id = any (p_ids)
	and p.place = 'order' and s.origin = 'minted'
	and p.amount_cents <> s.amount_cents
	and not exists (select from teamdues.attachments a
	    where a.session_id = p.session_id and a.taken_back_at is null)
$$;

create or replace function teamdues.audit_events(p_ids text[])
returns table (invariant integer, subject text, fault text)
language sql stable as $$
	select 3, v.event_id, 'the event has no outcome'
	from unnest(p_ids) x
	cross join lateral (
	    select *
	    from teamdues.event_overview y
	    where y.event_id = x
	    offset 0) v
	where v.outcome is null
	union all
	select 3, e.event_id, 'the event''s payment is not recorded'
	from teamdues.stripe_events e
	where e.event_id = any (p_ids)
	and e.type in ('checkout.session.completed',
	    'checkout.session.async_payment_succeeded')
	and e.disposition in ('fact', 'duplicate')
	and not exists (select from teamdues.payments p
	    where p.session_id = e.session_id)
$$;

-- All of it at once, for whoever sits at psql before books of a moderate size.
create or replace function teamdues.audit()
returns table (invariant integer, subject text, fault text)
language sql stable as $$
	select f.*
	from teamdues.audit_orders(array(
	    select o.order_id from teamdues.orders o)) f
	union all
	select f.*
	from teamdues.audit_payments(array(
	    select p.session_id from teamdues.payments p)) f
	union all
	select f.*
	from teamdues.audit_events(array(
	    select e.event_id from teamdues.stripe_events e)) f
$$;

-- How many rows the audit looks at.
create or replace function teamdues.audit_size() returns bigint
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select (select count(*) from orders) + (select count(*) from payments)
	    + (select count(*) from stripe_events)
$$;

-- The next p_limit (null: all) rows of a part of the books after p_after:
-- orders and payments by their keys, events as they came.  looked is how many
-- there were, last where the next slice begins.  A fault says the invariant's
-- sentence too, as must_hold.
create or replace function teamdues.audit_slice(
	p_part text,
	p_after json,
	p_limit integer,
	out looked integer,
	out last json,
	out faults json)
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_ids text[];
begin
	if p_part = 'orders' then
		v_ids := array(
		    select o.order_id::text
		    from orders o
		    where o.order_id > coalesce((p_after ->> 0)::bigint, 0)
		    order by o.order_id
		    limit p_limit);
		select json_agg(f) into faults
		from audit_orders(v_ids::bigint[]) f;
	elsif p_part = 'payments' then
		v_ids := array(
		    select p.session_id
		    from payments p
		    where p.session_id > coalesce(p_after ->> 0, '')
		    order by p.session_id
		    limit p_limit);
		select json_agg(f) into faults
		from audit_payments(v_ids) f;
	else
		v_ids := array(
		    select e.event_id
		    from stripe_events e
		    where (e.received_at, e.event_id) > (
		        coalesce((p_after ->> 1)::timestamptz, '-infinity'),
		        coalesce(p_after ->> 0, ''))
		    order by e.received_at, e.event_id
		    limit p_limit);
		select json_build_array(e.event_id, e.received_at) into last
		from stripe_events e
		where e.event_id = v_ids[cardinality(v_ids)];
		select json_agg(f) into faults
		from audit_events(v_ids) f;
	end if;
	select json_agg(x || jsonb_build_object('must_hold',
	    invariant((x ->> 'invariant')::integer)))
	into faults
	from jsonb_array_elements(faults::jsonb) x;
	looked := cardinality(v_ids);
	last := coalesce(last, json_build_array(v_ids[looked]));
end
$$;
