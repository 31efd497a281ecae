-- The views that anyone may build on.  Columns are only ever added, at the end.

create or replace view teamdues.order_overview as
select o.order_id, o.player_id, y.name as player_name,
    r.email as parent_email, o.product_id, p.name as product_name,
    o.tournament_id, o.amount_cents, o.currency, o.status,
    (select s.session_id
    from teamdues.checkout_sessions s
    left join teamdues.payments m on m.session_id = s.session_id
    where s.order_id = o.order_id
    order by m.payment_intent_id = o.payment_intent_id desc nulls last,
        s.status = 'open' desc, s.stripe_created desc, s.session_id
    limit 1) as session_id,
    o.payment_intent_id, o.paid_at, o.refunded_cents, o.created_at
from teamdues.orders o
join teamdues.products p on p.product_id = o.product_id
join teamdues.players y on y.player_id = o.player_id
left join teamdues.parents r on r.parent_id = y.parent_id;
comment on view teamdues.order_overview is
	'Every order with who it is for, what it costs and how it stands';

create or replace view teamdues.event_overview as
select e.event_id, e.type,
    case when x.disposition = 'refused' then 'review'
    when x.disposition <> 'fact' then x.disposition
    when pp.place = 'order' then 'applied'
    when pp.place in ('waiting', 'settled') then 'ignored'
    when pp.place is not null then pp.place
    when coalesce(s.order_id, f.order_id) is not null then 'applied'
    else 'ignored' end as outcome,
    case when x.disposition <> 'fact' then x.reason
    when pp.place is not null then pp.reason
    when coalesce(s.order_id, f.order_id) is not null then ''
    when e.session_id is not null then 'session not known'
    else 'payment not known' end as reason,
    coalesce(pp.order_id, s.order_id, f.order_id) as order_id,
    e.stripe_created, e.received_at
from teamdues.stripe_events e
left join lateral (
    select r.disposition, r.reason
    from teamdues.event_replays r
    where r.event_id = e.event_id
    order by r.replayed_at desc
    limit 1) r on true
cross join lateral (
    select coalesce(r.disposition, e.disposition) as disposition,
        coalesce(r.reason, e.reason) as reason) x
left join teamdues.payments p
    on p.payment_intent_id = e.payment_intent_id
left join teamdues.payment_places pp
    on pp.session_id = coalesce(p.session_id, e.session_id)
left join teamdues.checkout_sessions s
    on s.session_id = coalesce(p.session_id, e.session_id)
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
    e.session_id, p.payload
from teamdues.stripe_events e
left join teamdues.event_payloads p on p.event_id = e.event_id;
comment on view teamdues.event_detail is
	'What came with an event, for `teamdues events show`';

create or replace view teamdues.product_overview as
select p.product_id, p.name, p.kind, p.amount_cents, p.currency
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
        p.currency, pp.place, pp.reason, p.stripe_created
        from teamdues.payment_places pp
        join teamdues.payments p using (session_id)
        where o.order_id in (pp.matched_order_id, pp.suggested_order_id)) x)
        as payments,
    (select json_agg(row_to_json(x) order by x.stripe_time)
    from (select f.payment_intent_id, f.message, f.stripe_time
        from teamdues.payment_failures f
        where f.order_id = o.order_id) x) as failures,
    (select json_agg(row_to_json(x) order by x.at)
    from (select a.at, a.actor, a.action, a.detail
        from teamdues.audit_log a
        where a.order_id = o.order_id) x) as history
from teamdues.orders o;
comment on view teamdues.order_detail is
	'What happened to an order: its sessions, payments, failed tries, and what people did';
