-- The one place that says where a payment stands and what an order's status is:
-- recording, refreshing, the audit and what an event came to all read these.
--
-- `offset 0` in a lateral sub-query, here and in what writes, is a fence: it is
-- looked up by its key for each row, whatever the statistics say.  Without it a
-- plan that was made while the table was empty would read all of it for good.

-- Which order each payment is for, whatever else that order was paid with, and
-- what stands in the way: not ours at all, then nothing that ties it to an
-- order, then something wrong with it.  By the session that we know, then
-- metadata.order_id, then client_reference_id; a person's word (an attachment)
-- comes before everything.
create or replace view teamdues.payment_match as
select p.session_id, m.place, m.reason,
    case when m.place = 'order' then coalesce(a.order_id, o.order_id) end
        as matched_order_id,
    case when m.place in ('unmatched', 'review') and k.is_known
        then o.order_id end as suggested_order_id
from teamdues.payments p
join teamdues.installation i on i.singleton
left join teamdues.attachments a on a.session_id = p.session_id
    and a.taken_back_at is null
left join teamdues.checkout_sessions s on s.session_id = p.session_id
cross join lateral (
    select teamdues.reference_id(p.metadata_order_id) as named,
        teamdues.reference_id(p.client_reference_id) as referred,
        p.metadata_teamdues <> i.installation_id as is_other) r
left join lateral (
    select *
    from teamdues.orders x
    where x.order_id = coalesce(s.order_id, r.named, r.referred)
    offset 0) o on true
-- Whether that order is the one that the payment was made for: its number may
-- have been given again after a loss.  What teamdues minted says the order's
-- word; and nothing is made for an order that is younger.
cross join lateral (
    select s.session_id is not null
        or o.created_at < p.stripe_created + interval '1 second'
        and case when r.is_other then p.metadata_word = o.word
            when p.metadata_teamdues is null and p.metadata_word is null
            then true
            else p.metadata_word is not distinct from o.word end
        as is_known
    offset 0) k
-- Why a payment whose session is not known is not believed.  Anybody can write
-- an order_id into metadata, or add a client_reference_id to a Payment Link's
-- URL.  The books may get an order of that number later: it changes nothing.
cross join lateral (
    select case
    when s.session_id is not null or a.session_id is not null then null
    when coalesce(r.named, r.referred) is null
    then 'no reference to an order'
    when k.is_known is not true
    then format('made for an order %s that is not in these books',
        coalesce(r.named, r.referred))
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
-- order's amount was changed since; any other pays the whole order, or what the
-- treasurer has not received of it.  The figures are for the person who
-- decides.
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
    when p.metadata_word <> o.word
    then format('metadata has another word than order %s', o.order_id)
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
        and not (s.origin is distinct from 'minted' and p.amount_cents
            = o.amount_cents - o.waived_cents
            - teamdues.recorded_cents(o.order_id))
    then format('wrong amount: paid %s, order %s is %s %s',
        teamdues.money_text(p.amount_cents), o.order_id,
        teamdues.money_text(asked.amount_cents), asked.currency)
    when p.payment_intent_id is null
    then 'completed without a payment intent'
    when o.cancelled_at is not null
    then format('order %s was cancelled', o.order_id)
    end as fault) f
cross join lateral (
    select r.is_other and not exists (
        select from teamdues.other_installations n
        where n.installation_id = p.metadata_teamdues and n.is_ours)
        as is_foreign
    offset 0) h
cross join lateral (
    select case
    when a.session_id is not null then 'order'
    when h.is_foreign then 'foreign'
    when not p.is_our_mode then 'review'
    when d.doubt is not null then 'unmatched'
    when f.fault is not null then 'review'
    else 'order' end as place,
    case
    when a.session_id is not null then ''
    when h.is_foreign then 'another installation''s'
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
        where d.subject = m.session_id and d.taken_back_at is null
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
    where m.place in ('unmatched', 'review')
    order by y.rank
    limit 1) x on true;
comment on view teamdues.payment_standing is
	'Where each payment stands by itself, whatever else its order was paid '
	'with';

-- Where each payment that matches an order stands beside the order's others:
-- its own count, and so does one that is under way; any other that still holds
-- money is for a person to see.
create or replace view teamdues.matched_standing as
select p.session_id, p.matched_order_id,
    case
    when d.subject is not null and d.is_not_ours then 'foreign'
    when d.subject is not null then 'settled'
    when p.paid_at is null or own.is_own then 'order'
    when g.gone is not null then 'settled'
    else 'review' end as place,
    case
    when d.subject is not null
    then format('dismissed by %s: %s', d.actor, d.reason)
    when p.paid_at is null or own.is_own then ''
    when g.gone is not null then g.gone
    when l.cents > 0
    then format('wrong amount: paid %s, of order %s only %s are left',
        teamdues.money_text(p.amount_cents), p.matched_order_id,
        teamdues.money_text(l.cents))
    when own.is_any
    then format('order %s is already paid by another payment',
        p.matched_order_id)
    when exists (select from teamdues.orders o
        where o.order_id = p.matched_order_id and o.waived_cents > 0)
    then format('order %s was waived', p.matched_order_id)
    else format('order %s is already paid by other means',
        p.matched_order_id) end as reason
from teamdues.payments p
cross join lateral (
    select coalesce(bool_or(y.session_id = p.session_id), false) as is_own,
        count(*) > 0 as is_any,
        coalesce(sum(y.amount_cents), 0)::bigint as cents
    from teamdues.own_payments(p.matched_order_id) y) own
left join teamdues.dismissals d on d.subject = p.session_id
    and d.taken_back_at is null
    and p.paid_at is not null
    and not own.is_own
cross join lateral (
    select case when p.paid_at is not null and not own.is_own
        then teamdues.money_gone(p) end as gone
    offset 0) g
cross join lateral (
    select case when p.paid_at is not null and not own.is_own then (
        select o.amount_cents - o.waived_cents - own.cents
            - teamdues.recorded_cents(o.order_id)
        from teamdues.orders o
        where o.order_id = p.matched_order_id) end as cents
    offset 0) l
where p.matched_order_id is not null;
comment on view teamdues.matched_standing is
	'Where each payment that matches an order stands beside the order''s '
	'others';

-- What an order's columns must say, from the facts and the acts of people.
-- What was given back is not owed again; of a dispute that was lost for a part,
-- that part counts as given back.
create or replace view teamdues.order_standing as
select o.order_id, w.status,
    case when w.is_paid then coalesce(
        case when own.amount_cents is not null then 'stripe' end, r.source)
    end as payment_source,
    case when w.is_paid then greatest(r.recorded_at, own.paid_at) end
        as paid_at,
    own.refunded_cents + case when w.status = 'charged_back' then 0
        else own.lost_cents end as refunded_cents,
    t.paid_cents
from teamdues.orders o
left join lateral (
    select sum(y.amount_cents) as amount_cents,
        max(y.recorded_at) as recorded_at,
        (array_agg(y.source order by y.recorded_id desc))[1] as source
    from teamdues.recorded_payments y
    where y.order_id = o.order_id and y.taken_back_at is null
    offset 0) r on true
cross join lateral (
    select sum(y.amount_cents) as amount_cents, max(y.paid_at) as paid_at,
        coalesce(sum(teamdues.refunded_cents(y.payment_intent_id)),
            0)::bigint as refunded_cents,
        coalesce(sum(d.lost_cents), 0)::bigint as lost_cents,
        bool_or(d.is_open) as is_disputed
    from teamdues.own_payments(o.order_id) y
    cross join lateral (
        select *
        from teamdues.dispute_sums(y.payment_intent_id)
        offset 0) d
    offset 0) own
cross join lateral (
    select (coalesce(r.amount_cents, 0) + coalesce(own.amount_cents, 0))::bigint
        as paid_cents) t
cross join lateral (
    select case
    when t.paid_cents < o.amount_cents - o.waived_cents then
        case
        when exists (
            select from teamdues.payments p
            where p.matched_order_id = o.order_id
            and teamdues.payment_state(p) = 'unpaid')
        then 'processing'
        when o.cancelled_at is not null then 'cancelled'
        else 'pending' end
    when own.lost_cents > 0
        and own.lost_cents + own.refunded_cents >= own.amount_cents
    then 'charged_back'
    when own.is_disputed then 'disputed'
    when own.refunded_cents > 0 and own.refunded_cents >= t.paid_cents
    then 'refunded'
    when own.refunded_cents + own.lost_cents > 0 then 'partially_refunded'
    when o.waived_cents > 0 then 'waived'
    else 'paid' end as status
    offset 0) s
cross join lateral (
    select s.status, teamdues.order_is_paid(s.status) as is_paid) w;
comment on view teamdues.order_standing is
	'What the status, source, time, payments and refunds of each order '
	'must be';
