-- The payments and events that wait for a person.

-- Events that could not be taken, as they were read last, and that nobody has
-- dismissed.  A refusal stands in the ledger or in a later reading, each of
-- which has an index of its own for them.
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
	'A row for each of unmatched_overview but disputes and warnings, for '
	'whoever only counts them';

-- Whom a payment seems to belong to, without guesses; a suggestion, never more.
-- To be looked up by its session: to join it whole would read all payments.
create or replace view teamdues.payment_suggestion as
select p.session_id, c.order_id, c.player_name, c.parent_email,
    teamdues.candidate_why(c.rank) as why
from teamdues.payments p
cross join lateral teamdues.payment_candidates(p, 5, 1) c;
comment on view teamdues.payment_suggestion is
	'The order that a payment seems to be for, and why';

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
    when p.matched_order_id is not null and not exists (
        select from teamdues.orders o
        where o.order_id = p.matched_order_id
        and teamdues.left_cents(o) > 0)
    then format(case when exists (
        select from teamdues.orders o
        where o.order_id = p.matched_order_id and o.waived_cents > 0)
        then 'reopen order %s, which was waived, or refund it at Stripe'
        else 'order %s has another payment: refund this one at Stripe' end,
        p.matched_order_id)
    else teamdues.waiting_advice(p, (
        select o
        from teamdues.orders o
        where o.order_id = s.order_id), s.player_name)
    end as advice, p.payer_name,
    teamdues.candidate_why(s.rank) as suggested_why,
    teamdues.paid_for(p) as paid_for,
    null::timestamptz as due_at
from teamdues.payments p
left join lateral teamdues.payment_candidates(p, 5, 1) s on true
where p.place in ('unmatched', 'review')
union all
select e.event_id, 'review', e.reason, e.session_id, e.payment_intent_id,
    null, null, null, e.stripe_created, e.received_at, null, null, null,
    'read the event (`teamdues events show`), mend the cause, replay or '
        'dismiss it',
    null, null, null, null
from teamdues.refused_events e
union all
select w.id, w.kind, w.reason, null, w.payment_intent_id, w.amount_cents,
    w.currency, w.email, w.stripe_created, null, w.order_id, w.player_name,
    w.parent_email, w.advice, w.payer_name,
    case when w.order_id is not null then 'it was paid with this' end,
    null, w.due_at
from teamdues.waiting_at_stripe() w;
comment on view teamdues.unmatched_overview is
	'What waits for a person: payments without an order or under review, '
	'events that could not be taken, disputes and early fraud warnings';

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
	'The events that came to nothing yet: of payments that wait for a '
	'person, or that could not be taken';

create or replace view teamdues.rule_overview as
select r.rule_id, r.field, r.value, r.actor, r.created_at
from teamdues.foreign_rules r
where r.removed_at is null;
comment on view teamdues.rule_overview is
	'The rules that tell another business''s payments';
