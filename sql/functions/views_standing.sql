-- The one place that says where a payment stands and what an order's status is:
-- recording, refreshing, the audit and what an event came to all read these.
--
-- `offset 0` in a lateral sub-query, here and in what writes, is a fence: it is
-- looked up by its key for each row, whatever the statistics say.  Without it a
-- plan that was made while the table was empty would read all of it for good.

-- Which order each payment is for, whatever else that order was paid with, and
-- what stands in the way: not ours at all, then nothing that ties it to an order,
-- then something wrong with it.  By the session that we know, then
-- metadata.order_id, then client_reference_id; a person's word (an attachment)
-- comes before everything.
create or replace view teamdues.payment_match as
select p.session_id, m.place, m.reason,
    case when m.place = 'order' then coalesce(a.order_id, o.order_id) end
        as matched_order_id,
    case when m.place in ('unmatched', 'review') then o.order_id end
        as suggested_order_id
from teamdues.payments p
cross join teamdues.installation i
left join teamdues.attachments a on a.session_id = p.session_id
left join teamdues.checkout_sessions s on s.session_id = p.session_id
cross join lateral (
    select teamdues.reference_id(p.metadata_order_id) as named,
        teamdues.reference_id(p.client_reference_id) as referred) r
left join lateral (
    select *
    from teamdues.orders x
    where x.order_id = coalesce(s.order_id, r.named, r.referred)
    offset 0) o on true
-- Why a payment whose session is not known is not believed.  Anybody can write
-- an order_id into metadata, or add a client_reference_id to a Payment Link's
-- URL; and a payment that is older than the order was for an order that a
-- restored backup has forgotten.
cross join lateral (
    select case
    when s.session_id is not null or a.session_id is not null then null
    when coalesce(r.named, r.referred) is null
    then 'no reference to an order'
    when o.order_id is null
    then format('order %s not known', coalesce(r.named, r.referred))
    when o.created_at >= p.stripe_created + interval '1 second'
    then format('older than order %s', o.order_id)
    when p.metadata_teamdues is null and not exists (
        select from teamdues.stripe_customers c
        join teamdues.players y on y.parent_id = c.parent_id
        where c.customer_id = p.customer_id
        and y.player_id = o.player_id)
    then format('order %s named by somebody else', o.order_id)
    end as doubt
    offset 0) d
-- References that disagree, then what makes the payment wrong for its order.
-- What we minted a session for is what the family was asked for, even when the
-- order's amount was changed since.  The figures are for the person who decides.
cross join lateral (
    select case when s.origin = 'minted' then s.amount_cents
        else o.amount_cents end as amount_cents,
        case when s.origin = 'minted' then s.currency
        else o.currency end as currency) asked
cross join lateral (
    select case
    when r.named <> r.referred or o.order_id <> r.named
        or o.order_id <> r.referred
    then format('contradictory references: %s', concat_ws(', ',
        'session of order ' || s.order_id,
        'metadata names order ' || r.named,
        'client_reference_id names order ' || r.referred))
    when p.metadata_player_id <> o.player_id::text
    then format('metadata names player %s, order %s is for player %s',
        p.metadata_player_id, o.order_id, o.player_id)
    when p.metadata_product_id <> o.product_id::text
    then format('metadata names product %s, order %s is for product %s',
        p.metadata_product_id, o.order_id, o.product_id)
    when teamdues.payment_state(p) = 'free'
    then 'completed without anything to pay'
    when p.currency <> asked.currency
    then format('wrong currency: paid in %s, order %s is in %s',
        p.currency, o.order_id, asked.currency)
    when p.amount_cents <> asked.amount_cents
    then format('wrong amount: paid %s, order %s is %s %s',
        to_char(p.amount_cents / 100.0, 'FM999990.00'), o.order_id,
        to_char(asked.amount_cents / 100.0, 'FM999990.00'), asked.currency)
    when p.payment_intent_id is null
    then 'completed without a payment intent'
    when o.cancelled_at is not null
    then format('order %s was cancelled', o.order_id)
    end as fault) f
cross join lateral (
    select case
    when a.session_id is not null then 'order'
    when p.metadata_teamdues <> i.installation_id then 'foreign'
    when not p.is_our_mode then 'review'
    when d.doubt is not null then 'unmatched'
    when f.fault is not null then 'review'
    else 'order' end as place,
    case
    when a.session_id is not null then ''
    when p.metadata_teamdues <> i.installation_id
    then 'another installation''s'
    when not p.is_our_mode
    then format('made in %s mode',
        case when p.livemode then 'live' else 'test' end)
    when d.doubt is not null then 'session not known, ' || d.doubt
    else coalesce(f.fault, '') end as reason
    offset 0) m;
comment on view teamdues.payment_match is
	'Which order each payment is for, and why one is for none';

-- Where each payment stands by itself: what a person has said about one without
-- an order, a rule that tells another business's, and money that is gone or has
-- not come, for which nobody need be woken.
create or replace view teamdues.payment_standing as
select m.session_id, coalesce(x.place, m.place) as place,
    coalesce(x.reason, m.reason) as reason, m.matched_order_id,
    m.suggested_order_id
from teamdues.payment_match m
left join lateral (
    select y.place, y.reason
    from (
        select 1 as rank,
            case when d.is_not_ours then 'foreign' else 'settled' end
                as place,
            format('dismissed by %s: %s', d.actor, d.reason) as reason
        from teamdues.dismissals d
        where d.subject = m.session_id
        union all
        (select 2, 'foreign', format('rule %s: %s %s', r.rule_id, r.field,
            r.value)
        from teamdues.payments p
        join teamdues.foreign_rules r on r.removed_at is null
            and (r.field = 'payment_link' and r.value = p.payment_link
            or r.field = 'metadata' and r.value = any (p.metadata_keys))
        where p.session_id = m.session_id and m.place = 'unmatched'
        order by r.rule_id
        limit 1)
        union all
        select 3, 'settled', teamdues.money_gone(p)
        from teamdues.payments p
        where p.session_id = m.session_id and p.paid_at is not null
        and teamdues.money_gone(p) is not null
        union all
        select 4, 'waiting', 'not paid; ' || m.reason
        from teamdues.payments p
        where p.session_id = m.session_id
        and teamdues.payment_state(p) in ('unpaid', 'failed')) y
    order by y.rank
    limit 1) x on m.place in ('unmatched', 'review');
comment on view teamdues.payment_standing is
	'Where each payment stands by itself, whatever else its order was paid with';

-- Where each payment that matches an order stands beside the order's others: its
-- own counts, and so does one that is under way; any other that still holds money
-- is for a person to see.
create or replace view teamdues.matched_standing as
select p.session_id, p.matched_order_id,
    case
    when d.subject is not null and d.is_not_ours then 'foreign'
    when d.subject is not null then 'settled'
    when p.paid_at is null or p.session_id = own.session_id then 'order'
    when g.gone is not null then 'settled'
    else 'review' end as place,
    case
    when d.subject is not null
    then format('dismissed by %s: %s', d.actor, d.reason)
    when p.paid_at is null or p.session_id = own.session_id then ''
    when g.gone is not null then g.gone
    else format('order %s is already paid %s', p.matched_order_id,
        case when own.session_id is null then 'by other means'
        else 'by another payment' end) end as reason
from teamdues.payments p
left join lateral teamdues.own_payment(p.matched_order_id) own on true
left join teamdues.dismissals d on d.subject = p.session_id
    and p.paid_at is not null
    and p.session_id is distinct from own.session_id
cross join lateral (
    select case when p.paid_at is not null
        and p.session_id is distinct from own.session_id
        then teamdues.money_gone(p) end as gone
    offset 0) g
where p.matched_order_id is not null;
comment on view teamdues.matched_standing is
	'Where each payment that matches an order stands beside the order''s others';

-- What an order's columns must say, from the facts and the acts of people.
create or replace view teamdues.order_standing as
select o.order_id,
    case
    when r.order_id is not null then 'paid'
    when own.session_id is null and exists (
        select from teamdues.payments p
        where p.matched_order_id = o.order_id
        and teamdues.payment_state(p) = 'unpaid')
    then 'processing'
    when own.session_id is null and o.cancelled_at is not null
    then 'cancelled'
    when own.session_id is null then 'pending'
    when m.dispute = 'lost' then 'charged_back'
    when m.dispute = 'open' then 'disputed'
    when m.refunded_cents >= own.amount_cents then 'refunded'
    when m.refunded_cents > 0 then 'partially_refunded'
    else 'paid' end as status,
    case when r.order_id is not null then r.source
    when own.session_id is not null then 'stripe' end as payment_source,
    coalesce(r.recorded_at, own.paid_at) as paid_at,
    coalesce(m.refunded_cents, 0) as refunded_cents
from teamdues.orders o
left join teamdues.recorded_payments r on r.order_id = o.order_id
left join lateral teamdues.own_payment(o.order_id) own on true
left join lateral (
    select teamdues.dispute_state(own.payment_intent_id) as dispute,
        teamdues.refunded_cents(own.payment_intent_id) as refunded_cents
    offset 0) m on own.session_id is not null;
comment on view teamdues.order_standing is
	'What the status, source, time and refunds of each order must be';
