-- What happened to an order, as one list: `teamdues order show`.

-- A time as people of a zone read it, with its distance from UTC.
create or replace function teamdues.local_text(p_at timestamptz, p_zone text)
returns text
language sql stable as $$
	select to_char(x.there, 'YYYY-MM-DD HH24:MI:SS')
	    || case when x.ahead < interval '0' then '-' else '+' end
	    || to_char(greatest(x.ahead, -x.ahead), 'HH24:MI')
	from (
	    select p_at at time zone p_zone as there,
	        p_at at time zone p_zone - p_at at time zone 'UTC' as ahead) x
$$;

-- When Stripe first spoke of an object of a payment's, as far as events came.
create or replace function teamdues.first_heard(
	p_payment_intent_id text,
	p_object_id text,
	p_type text)
returns timestamptz
language sql stable as $$
	select min(e.stripe_created)
	from teamdues.stripe_events e
	where coalesce(e.payment_intent_id, e.session_id) = p_payment_intent_id
	and (e.object_id = p_object_id or p_object_id is null)
	and (e.type = p_type or p_type is null)
$$;

-- An order's own payment pages: made, and how they ended.
create or replace function teamdues.timeline_sessions(p_order_id bigint)
returns table (at timestamptz, what text, amount_cents bigint, detail text)
language sql stable as $$
	select s.stripe_created, 'payment page made', s.amount_cents,
	    concat_ws(', ', case when s.origin = 'adopted'
	    then 'by something else than teamdues' end, s.session_id)
	from teamdues.checkout_sessions s
	where s.order_id = p_order_id
	union all
	select f.stripe_time, case f.fact
	    when 'expired' then 'payment page ended'
	    when 'unpaid' then 'bank payment begun'
	    when 'failed' then 'bank payment failed'
	    else 'completed without payment' end, null, s.session_id
	from teamdues.checkout_sessions s
	join teamdues.session_facts f on f.session_id = s.session_id
	where s.order_id = p_order_id
	union all
	select f.stripe_time, 'try to pay failed', null, f.message
	from teamdues.payment_failures f
	where f.order_id = p_order_id
$$;

-- What came for it, or may have; and what was given or taken back of that.
create or replace function teamdues.timeline_money(p_order_id bigint)
returns table (at timestamptz, what text, amount_cents bigint, detail text)
language sql stable as $$
	with p as materialized (
	    select * from teamdues.payments_of_order(p_order_id)
	)
	select p.paid_at, 'paid', p.amount_cents, concat_ws(', ',
	    'by ' || teamdues.person_text(p.payer_name, p.email),
	    'card ending in ' || (
	        select c.card_last4
	        from teamdues.charges c
	        where c.payment_intent_id = p.payment_intent_id),
	    p.payment_intent_id, case when p.place <> 'order'
	    then format('%s: %s', p.place, p.reason) end)
	from p
	where p.paid_at is not null
	union all
	select d.dismissed_at, 'payment dismissed', p.amount_cents,
	    format('by %s: %s', d.actor, d.reason)
	from p
	join teamdues.dismissals d on d.subject = p.session_id
	    and d.taken_back_at is null
	union all
	select coalesce(r.stripe_created, teamdues.first_heard(
	    p.payment_intent_id, r.refund_id, null)),
	    case r.status
	    when 'succeeded' then 'refunded'
	    when 'failed' then 'refund failed'
	    when 'canceled' then 'refund cancelled'
	    else 'refund under way' end, r.amount_cents, concat_ws(', ',
	    r.refund_id, (
	        select concat_ws(': ', 'by ' || a.actor,
	            nullif(regexp_replace(a.detail,
	                '^[0-9.]+ [a-z]+ of [^:]*(: )?', ''), ''))
	        from teamdues.audit_log a
	        where a.subject = r.refund_id and a.action = 'refund'))
	from p
	cross join lateral (
	    select distinct on (f.refund_id) f.refund_id, f.status,
	        f.amount_cents, min(f.stripe_created)
	        over (partition by f.refund_id) as stripe_created
	    from teamdues.refund_facts f
	    where f.payment_intent_id = p.payment_intent_id
	    order by f.refund_id, array_position(array['failed', 'canceled',
	        'succeeded', 'requires_action', 'pending'], f.status)) r
	union all
	-- Refunds that only the charge has told of.
	select teamdues.first_heard(p.payment_intent_id, null,
	    'charge.refunded'), 'refunded', c.amount_cents,
	    'in all, by the charge'
	from p
	cross join lateral (
	    select max(f.amount_refunded_cents) as amount_cents
	    from teamdues.charge_facts f
	    where f.payment_intent_id = p.payment_intent_id) c
	where c.amount_cents > 0
	and not exists (select from teamdues.refund_facts f
	    where f.payment_intent_id = p.payment_intent_id)
$$;

-- Disputes of what came, as they stand, and that they were closed; and
-- warnings.
create or replace function teamdues.timeline_disputes(p_order_id bigint)
returns table (at timestamptz, what text, amount_cents bigint, detail text)
language sql stable as $$
	with d as materialized (
	    select p.payment_intent_id, f.dispute_id,
	        max(f.amount_cents) as amount_cents,
	        min(f.stripe_created) as stripe_created,
	        teamdues.dispute_word(array_agg(f.fact)) as word
	    from teamdues.payments_of_order(p_order_id) p
	    join teamdues.dispute_facts f
	        on f.payment_intent_id = p.payment_intent_id
	    group by p.payment_intent_id, f.dispute_id
	)
	select coalesce(d.stripe_created, teamdues.first_heard(
	    d.payment_intent_id, d.dispute_id, null)),
	    'disputed', d.amount_cents, concat_ws(', ', d.dispute_id,
	    replace(d.word, '_', ' '), 'to be answered until ' || to_char(
	        teamdues.dispute_due(d.dispute_id) at time zone 'UTC',
	        'YYYY-MM-DD HH24:MI') || ' UTC')
	from d
	union all
	select x.at, 'dispute closed', d.amount_cents, concat_ws(', ',
	    d.dispute_id, replace(d.word, '_', ' '))
	from d
	cross join lateral (
	    select teamdues.first_heard(d.payment_intent_id, d.dispute_id,
	        'charge.dispute.closed') as at) x
	where x.at is not null
	union all
	select f.stripe_created, 'fraud warning', null, concat_ws(', ',
	    f.warning_id, replace(f.fraud_type, '_', ' '),
	    'dismissed by ' || m.actor)
	from teamdues.payments_of_order(p_order_id) p
	join teamdues.fraud_warnings f
	    on f.payment_intent_id = p.payment_intent_id and f.is_actionable
	left join teamdues.dismissals m on m.subject = f.warning_id
	    and m.taken_back_at is null
$$;

-- Its mails.  Those about a first fee may be older than the fee's order.  Each
-- kind by its whole key: most mails of a club name no order.
create or replace function teamdues.timeline_mails(p_order_id bigint)
returns table (at timestamptz, what text, amount_cents bigint, detail text)
language sql stable as $$
	select coalesce(e.sent_at, e.created_at), 'mail ' || e.state,
	    null::bigint,
	    concat_ws(', ', case e.kind
	        when 'first_payment' then 'first bill'
	        when 'tournament' then 'bill'
	        when 'replaced_link' then 'new link'
	        else e.kind end || ' to ' || e.recipient,
	        nullif(e.last_error, ''))
	from teamdues.orders o
	cross join lateral (
	    select *
	    from teamdues.emails m
	    where coalesce(m.order_id, 0) = o.order_id
	    and m.player_id = o.player_id
	    union all
	    select *
	    from teamdues.emails m
	    where o.kind = 'fee' and coalesce(m.order_id, 0) = 0
	    and m.player_id = o.player_id) e
	where o.order_id = p_order_id
$$;

-- All of it.  Stripe's times are of whole seconds: within one the usual course
-- of things decides, which is rank.
create or replace function teamdues.order_events(p_order_id bigint)
returns table (rank integer, at timestamptz, what text, amount_cents bigint,
	detail text)
language sql stable as $$
	select 1, o.created_at, 'ordered', null::bigint, (
	    select c.name
	    from teamdues.products c
	    where c.product_id = o.product_id)
	from teamdues.orders o
	where o.order_id = p_order_id
	union all
	select 2, s.* from teamdues.timeline_sessions(p_order_id) s
	union all
	select 3, m.* from teamdues.timeline_money(p_order_id) m
	union all
	select 4, d.* from teamdues.timeline_disputes(p_order_id) d
	union all
	select 5, a.at, a.action, null, concat_ws(': ', 'by ' || a.actor,
	    nullif(a.detail, ''))
	from teamdues.audit_log a
	where a.order_id = p_order_id
	-- Of a refund that Stripe has told of, its own line says who gave it.
	and (a.action <> 'refund' or not exists (
	    select
	    from teamdues.payments_of_order(p_order_id) p
	    join teamdues.refund_facts f
	        on f.payment_intent_id = p.payment_intent_id
	    where f.refund_id = a.subject))
	union all
	select 6, e.* from teamdues.timeline_mails(p_order_id) e
$$;

-- The oldest first; what has no known time is last.
create or replace function teamdues.order_timeline(
	p_order_id bigint,
	p_zone text)
returns table (at text, what text, amount_cents bigint, currency text,
	detail text)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select coalesce(local_text(x.at, p_zone), 'unknown'), x.what,
	    x.amount_cents, o.currency, x.detail
	from orders o
	cross join lateral order_events(o.order_id) x
	where o.order_id = p_order_id
	order by date_trunc('second', x.at) nulls last, x.rank, x.at,
	    x.what <> 'payment page made', x.what, x.detail
$$;
