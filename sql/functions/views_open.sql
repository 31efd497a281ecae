-- The payments and events that wait for a person.

-- Whom a payment seems to belong to: the pending order that it names, or else
-- one of the same amount whose parent is the customer or has the payer's e-mail
-- address, the nearest in time first.  A suggestion, never more.
create or replace view teamdues.unmatched_overview as
select coalesce((select e.event_id
    from teamdues.event_readings e
    where e.session_id = p.session_id and e.event_id in (
        select x.event_id
        from teamdues.stripe_events x
        where coalesce(x.payment_intent_id, x.session_id)
            in (p.payment_intent_id, p.session_id)
        union
        select x.event_id
        from teamdues.event_replays x
        where coalesce(x.payment_intent_id, x.session_id)
            in (p.payment_intent_id, p.session_id))
    and e.disposition <> 'refused'
    order by e.stripe_created desc, e.event_id
    limit 1), p.session_id) as event_id,
    p.place as outcome, p.reason, p.session_id, p.payment_intent_id,
    p.amount_cents, p.currency, p.email, p.stripe_created, p.recorded_at,
    s.order_id as suggested_order_id, s.player_name, s.parent_email,
    case
    when (teamdues.dispute_sums(p.payment_intent_id)).is_open
    then 'disputed: do not refund, answer the dispute at Stripe'
    when p.matched_order_id is not null
    then format('order %s has another payment: refund this one at Stripe',
        p.matched_order_id)
    when s.order_id is not null
    then format('attach it to order %s of %s, or refund it at Stripe',
        s.order_id, s.player_name)
    else 'attach it to its order, refund it at Stripe, or dismiss it'
    end as advice
from teamdues.payments p
left join lateral (
    select o.order_id, o.player_name, o.parent_email
    from teamdues.order_overview o
    left join teamdues.players y on y.player_id = o.player_id
    left join teamdues.stripe_customers c
        on c.parent_id = y.parent_id and c.customer_id = p.customer_id
    where o.order_id = coalesce(p.matched_order_id, p.suggested_order_id)
    or o.status in ('pending', 'cancelled')
    and o.left_cents = p.amount_cents and o.currency = p.currency
    and (c.customer_id is not null
        or lower(o.parent_email) = lower(p.email))
    order by o.order_id = coalesce(p.matched_order_id,
            p.suggested_order_id) desc nulls last,
        c.customer_id is not null desc,
        abs(extract(epoch from o.created_at - p.stripe_created)),
        o.order_id
    limit 1) s on true
where p.place in ('unmatched', 'review')
union all
select e.event_id, 'review', e.reason, e.session_id, e.payment_intent_id,
    null, null, null, e.stripe_created, e.received_at, null, null, null,
    'read the event (`teamdues events show`), mend the cause, replay or dismiss it'
from teamdues.event_readings e
where e.disposition = 'refused'
and not exists (select from teamdues.dismissals d
    where d.subject = e.event_id and d.taken_back_at is null);
comment on view teamdues.unmatched_overview is
	'What waits for a person: payments without an order or under review, and events that could not be taken';

create or replace view teamdues.rule_overview as
select r.rule_id, r.field, r.value, r.actor, r.created_at
from teamdues.foreign_rules r
where r.removed_at is null;
comment on view teamdues.rule_overview is
	'The rules that tell another business''s payments';
