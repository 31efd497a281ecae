-- The views that anyone may build on.  Columns are only ever added, at the end.

create or replace view teamdues.orders_by_status as
select l.order_id, l.status, l.product_id, l.tournament_id
from teamdues.listed_orders l;
comment on view teamdues.orders_by_status is
	'The orders that are not simply paid, for who looks for a status';

create or replace view teamdues.order_overview as
select o.order_id, o.player_id, y.name as player_name,
    r.email as parent_email, o.product_id, p.name as product_name,
    o.tournament_id, o.amount_cents, o.currency, o.status,
    (select s.session_id
    from teamdues.checkout_sessions s
    left join teamdues.payments m on m.session_id = s.session_id
    where s.order_id = o.order_id
    order by m.payment_intent_id = own.payment_intent_id desc nulls last,
        s.status = 'open' desc, s.stripe_created desc, s.session_id
    limit 1) as session_id,
    own.payment_intent_id, o.paid_at, o.refunded_cents, o.created_at,
    o.paid_cents, teamdues.left_cents(o) as left_cents,
    r.name as parent_name, y.team
from teamdues.orders o
join teamdues.products p on p.product_id = o.product_id
join teamdues.players y on y.player_id = o.player_id
left join teamdues.parents r on r.parent_id = y.parent_id
-- Looked up for each order: a page of orders must not read all payments.  Of
-- several that pay it in parts the first.
left join lateral (
    select x.payment_intent_id
    from teamdues.payments x
    where x.matched_order_id = o.order_id
    and x.place = 'order' and x.paid_at is not null
    order by x.stripe_created, x.payment_intent_id
    limit 1) own on true;
comment on view teamdues.order_overview is
	'Every order with who it is for, what it costs and how it stands';

create or replace view teamdues.event_readings as
select e.event_id, e.type, e.stripe_created, e.received_at,
    coalesce(r.disposition, e.disposition) as disposition,
    coalesce(r.reason, e.reason) as reason,
    coalesce(r.session_id, e.session_id) as session_id,
    coalesce(r.payment_intent_id, e.payment_intent_id) as payment_intent_id
from teamdues.stripe_events e
left join lateral (
    select x.disposition, x.reason, x.session_id, x.payment_intent_id
    from teamdues.event_replays x
    where x.event_id = e.event_id
    order by x.replayed_at desc
    limit 1) r on true;
comment on view teamdues.event_readings is
	'Every event as it was read last';

create or replace view teamdues.event_overview as
select e.event_id, e.type,
    case when d.is_not_ours then 'foreign'
    when d.subject is not null then 'ignored'
    when e.disposition = 'refused' then 'review'
    when e.disposition <> 'fact' then e.disposition
    else teamdues.fact_outcome(p.place, coalesce(s.order_id, f.order_id))
    end as outcome,
    case when d.subject is not null
    then format('dismissed by %s: %s', d.actor, d.reason)
    when e.disposition <> 'fact' then e.reason
    else teamdues.fact_reason(p.place, p.reason,
        coalesce(s.order_id, f.order_id), e.session_id) end as reason,
    coalesce(case when p.place = 'order' then p.matched_order_id end,
        s.order_id, f.order_id) as order_id,
    e.stripe_created, e.received_at
from teamdues.event_readings e
left join teamdues.dismissals d
    on d.subject = e.event_id and d.taken_back_at is null
    and e.disposition = 'refused'
left join teamdues.payments q
    on q.payment_intent_id = e.payment_intent_id
left join teamdues.payments p
    on p.session_id = coalesce(q.session_id, e.session_id)
left join teamdues.checkout_sessions s
    on s.session_id = coalesce(q.session_id, e.session_id)
left join lateral (
    select y.order_id
    from teamdues.payment_failures y
    where y.payment_intent_id = e.payment_intent_id
    and e.type = 'payment_intent.payment_failed'
    limit 1) f on true;
comment on view teamdues.event_overview is
	'Every event of Stripe''s with what it came to, as things stand now';

create or replace view teamdues.event_detail as
select e.event_id, e.type, e.object_id, e.livemode, e.api_version,
    e.session_id, e.payload
from teamdues.stripe_events e;
comment on view teamdues.event_detail is
	'What came with an event, for `teamdues events show`';

create or replace view teamdues.product_overview as
select p.product_id, p.name, p.kind, p.amount_cents, p.currency,
    p.withdrawn_at
from teamdues.products p;
comment on view teamdues.product_overview is 'What the club sells';

create or replace view teamdues.tournament_overview as
select t.tournament_id, t.name, t.held_on as date, t.product_id
from teamdues.tournaments t;
comment on view teamdues.tournament_overview is 'The tournaments';

create or replace view teamdues.order_detail as
select o.order_id,
    (select json_agg(row_to_json(x) order by x.stripe_created)
    from (select s.session_id, s.origin, s.attempt, s.status, s.amount_cents,
        s.currency, s.stripe_created, s.expires_at
        from teamdues.checkout_sessions s
        where s.order_id = o.order_id) x) as sessions,
    (select json_agg(row_to_json(x) order by x.stripe_created)
    from (select p.session_id, p.payment_intent_id, p.amount_cents,
        p.currency, p.place, p.reason, p.stripe_created
        from teamdues.payments p
        where p.matched_order_id = o.order_id
        or p.suggested_order_id = o.order_id) x)
        as payments,
    (select json_agg(row_to_json(x) order by x.stripe_time)
    from (select f.payment_intent_id, f.message, f.stripe_time
        from teamdues.payment_failures f
        where f.order_id = o.order_id) x) as failures,
    (select json_agg(row_to_json(x) order by x.at)
    from (select a.at, a.actor, a.action, a.detail
        from teamdues.audit_log a
        where a.order_id = o.order_id) x) as history,
    (select json_agg(row_to_json(x))
    from (select d.size, d.number, d.name_on_jersey, d.changed_at
        from teamdues.jersey_details d
        where d.order_id = o.order_id) x) as jersey,
    (select json_agg(row_to_json(x))
    from (select r.birth_date, r.parent_name, r.parent_phone, r.consented_at,
        r.sent_at
        from teamdues.tryout_registrations r
        where r.order_id = o.order_id) x) as registration
from teamdues.orders o;
comment on view teamdues.order_detail is
	'What was ordered and what happened to it: sessions, payments, failed '
	'tries, and what people did';

-- An event that names an intent speaks of its payment, and so does one that
-- names the session alone; each as it was read first, and as it was read again.
create or replace view teamdues.payment_events as
select p.session_id, e.event_id, e.session_id as named_session_id,
    e.stripe_created
from teamdues.payments p
cross join lateral (
    select x.event_id
    from teamdues.stripe_events x
    where coalesce(x.payment_intent_id, x.session_id) = p.payment_intent_id
    union
    select x.event_id
    from teamdues.stripe_events x
    where coalesce(x.payment_intent_id, x.session_id) = p.session_id
    union
    select x.event_id
    from teamdues.event_replays x
    where coalesce(x.payment_intent_id, x.session_id)
        in (p.payment_intent_id, p.session_id)) x
join teamdues.event_readings e on e.event_id = x.event_id
where e.disposition <> 'refused';
comment on view teamdues.payment_events is
	'The events that speak of each payment';

create or replace view teamdues.payment_detail as
select p.session_id, p.payment_intent_id, p.amount_cents, p.currency, p.email,
    p.place, p.reason,
    case when p.place = 'order' then p.matched_order_id end as order_id,
    p.stripe_created, p.recorded_at,
    array(select e.event_id
    from teamdues.payment_events e
    where e.session_id = p.session_id
    order by e.stripe_created, e.event_id) as event_ids,
    (select json_agg(row_to_json(x) order by x.at)
    from (select a.at, a.actor, a.action, a.detail
        from teamdues.audit_log a
        where a.subject = p.session_id) x) as history,
    teamdues.paid_for(p) as paid_for
from teamdues.payments p;
comment on view teamdues.payment_detail is
	'Where a payment stands, with its events and what people did about it';

create or replace view teamdues.email_overview as
select e.email_id, e.batch_id, e.player_id, e.recipient, e.kind, e.state,
    e.attempts,
    case when e.state = 'queued' and e.kind <> 'receipt'
    then coalesce(h.fault, e.last_error) else e.last_error end as last_error,
    e.sent_at, e.created_at
from teamdues.emails e
cross join (select teamdues.asking_fault() as fault offset 0) h;
comment on view teamdues.email_overview is
	'Every mail with what became of it';
