-- The payments and events that wait for a person.

-- What a person can do about a payment that waits, by what an attempt to give it
-- to the order would be told.
create or replace function teamdues.waiting_advice(
	p_payment teamdues.payments,
	p_order teamdues.orders,
	p_player_name text)
returns text
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_fault text := attach_fault(p_payment, p_order);
begin
	return case
	when p_payment.amount_cents = 0 then 'nothing was paid: dismiss it'
	when not p_payment.is_our_mode
	then 'the payment was made in another mode than ours: dismiss it'
	when p_order.order_id is null
	then 'attach it to its order, refund it at Stripe, or dismiss it'
	when v_fault is null
	then format('attach it to order %s of %s, or refund it at Stripe',
	    p_order.order_id, p_player_name)
	when p_payment.currency = p_order.currency
	    and p_order.status in ('pending', 'cancelled')
	    and p_payment.paid_at is not null
	    and p_payment.payment_intent_id is not null
	then format('%s of %s, then attach it, or refund it at Stripe',
	    fitting_change(p_order, p_payment.amount_cents),
	    p_player_name)
	else format('%s: refund it at Stripe, or dismiss it', v_fault) end;
end
$$;

-- Events that could not be taken, as they were read last, and that nobody has
-- dismissed.  A refusal stands in the ledger or in a later reading, each of which
-- has an index of its own for them.
create or replace view teamdues.refused_events as
select e.event_id, e.reason, e.session_id, e.payment_intent_id,
    e.stripe_created, e.received_at
from (
    select x.event_id
    from teamdues.stripe_events x
    where x.disposition = 'refused'
    union
    select x.event_id
    from teamdues.event_replays x
    where x.disposition = 'refused') r
join teamdues.event_readings e on e.event_id = r.event_id
where e.disposition = 'refused'
and not exists (select from teamdues.dismissals d
    where d.subject = e.event_id and d.taken_back_at is null);
comment on view teamdues.refused_events is
	'Events that could not be taken and wait for a person';

create or replace view teamdues.unresolved as
select p.place as outcome
from teamdues.payments p
where p.place in ('unmatched', 'review')
union all
select 'review'
from teamdues.refused_events;
comment on view teamdues.unresolved is
	'A row for each of unmatched_overview, for whoever only counts them';

-- Whom a payment seems to belong to: the order that it names, or else an unpaid
-- one of the same amount whose parent is the customer, or has the payer's e-mail
-- address, the nearest in time first.  A suggestion, never more.  Each way to an
-- order is a branch of its own, so that each goes by an index.
create or replace view teamdues.payment_suggestion as
select p.session_id, s.order_id, y.name as player_name,
    r.email as parent_email
from teamdues.payments p
cross join lateral (
    select o.order_id, o.player_id
    from (
        select 1 as rank, coalesce(p.matched_order_id,
            p.suggested_order_id) as order_id
        union all
        select 2, o.order_id
        from teamdues.stripe_customers c
        join teamdues.players y on y.parent_id = c.parent_id
        join teamdues.orders o on o.player_id = y.player_id
        where c.customer_id = p.customer_id
        and o.status in ('pending', 'cancelled')
        and teamdues.left_cents(o) = p.amount_cents
        and o.currency = p.currency
        union all
        select 3, o.order_id
        from teamdues.parents r
        join teamdues.players y on y.parent_id = r.parent_id
        join teamdues.orders o on o.player_id = y.player_id
        where lower(r.email) = lower(p.email)
        and o.status in ('pending', 'cancelled')
        and teamdues.left_cents(o) = p.amount_cents
        and o.currency = p.currency) x
    join teamdues.orders o on o.order_id = x.order_id
    order by x.rank, abs(extract(epoch from o.created_at - p.stripe_created)),
        o.order_id
    limit 1) s
join teamdues.players y on y.player_id = s.player_id
left join teamdues.parents r on r.parent_id = y.parent_id;
comment on view teamdues.payment_suggestion is
	'The order that each payment seems to be for';

create or replace view teamdues.unmatched_overview as
select coalesce((select e.event_id
    from teamdues.payment_events e
    where e.session_id = p.session_id
    and e.named_session_id = p.session_id
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
    else teamdues.waiting_advice(p, (
        select o
        from teamdues.orders o
        where o.order_id = s.order_id), s.player_name)
    end as advice
from teamdues.payments p
left join teamdues.payment_suggestion s on s.session_id = p.session_id
where p.place in ('unmatched', 'review')
union all
select e.event_id, 'review', e.reason, e.session_id, e.payment_intent_id,
    null, null, null, e.stripe_created, e.received_at, null, null, null,
    'read the event (`teamdues events show`), mend the cause, replay or dismiss it'
from teamdues.refused_events e;
comment on view teamdues.unmatched_overview is
	'What waits for a person: payments without an order or under review, and events that could not be taken';

create or replace view teamdues.unresolved_events as
select v.event_id, v.type, v.outcome, v.reason, v.order_id, v.stripe_created,
    v.received_at
from teamdues.event_overview v
where v.outcome in ('unmatched', 'review')
and v.event_id in (
    select e.event_id
    from teamdues.payments p
    join teamdues.payment_events e on e.session_id = p.session_id
    where p.place in ('unmatched', 'review')
    union
    select e.event_id
    from teamdues.refused_events e);
comment on view teamdues.unresolved_events is
	'The events that came to nothing yet: of payments that wait for a person, or that could not be taken';

create or replace view teamdues.rule_overview as
select r.rule_id, r.field, r.value, r.actor, r.created_at
from teamdues.foreign_rules r
where r.removed_at is null;
comment on view teamdues.rule_overview is
	'The rules that tell another business''s payments';
