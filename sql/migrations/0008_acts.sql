-- What people decide can be taken back, and an order may be paid in parts.
-- Nothing is deleted: an act that is taken back keeps its row, with the time, and
-- the audit log says who did either.

alter table teamdues.orders
	add column paid_cents bigint not null default 0,
	add column waived_cents bigint not null default 0,
	drop constraint orders_status_check,
	add constraint orders_status_check check (status in ('pending',
	    'processing', 'paid', 'partially_refunded', 'refunded', 'disputed',
	    'charged_back', 'cancelled', 'waived')),
	add constraint orders_paid_cents_check check (paid_cents >= 0),
	add constraint orders_waived_cents_check
	    check (waived_cents between 0 and amount_cents),
	add constraint orders_waived_check
	    check (status <> 'waived' or waived_cents > 0);
comment on column teamdues.orders.cancelled_at is
	'When a person cancelled it; null again once it was reopened';
comment on column teamdues.orders.paid_cents is
	'What has come for it, whatever was given back since; derived';
comment on column teamdues.orders.waived_cents is
	'How much of the amount a person has let go; 0 again once it was reopened';

-- What the treasurer received, part by part.
drop trigger append_only on teamdues.recorded_payments;
alter table teamdues.recorded_payments
	drop constraint recorded_payments_pkey,
	add column recorded_id bigint generated always as identity primary key,
	add column amount_cents bigint,
	add column taken_back_at timestamptz;
update teamdues.recorded_payments r
set amount_cents = o.amount_cents
from teamdues.orders o
where o.order_id = r.order_id;
alter table teamdues.recorded_payments
	alter column amount_cents set not null,
	add constraint recorded_payments_amount_cents_check
	    check (amount_cents between 1 and 99999999);
comment on table teamdues.recorded_payments is
	'What came for orders outside Stripe, as the treasurer recorded';
comment on column teamdues.recorded_payments.order_id is 'For which order';
comment on column teamdues.recorded_payments.recorded_id is 'In their order';
comment on column teamdues.recorded_payments.amount_cents is
	'How much of the order''s amount';
comment on column teamdues.recorded_payments.taken_back_at is
	'When it was taken back; null while it counts';
create index recorded_payments_order on teamdues.recorded_payments (order_id);
create trigger append_only before delete or truncate or update of recorded_id,
	order_id, amount_cents, source, reference, actor, recorded_at
	on teamdues.recorded_payments
	for each statement execute function teamdues.refuse_change();
create trigger take_back_once before update on teamdues.recorded_payments
	for each row when (old.taken_back_at is not null)
	execute function teamdues.refuse_change();

drop trigger append_only on teamdues.attachments;
alter table teamdues.attachments
	drop constraint attachments_pkey,
	add column attachment_id bigint generated always as identity
	    primary key,
	add column taken_back_at timestamptz;
comment on column teamdues.attachments.attachment_id is 'In their order';
comment on column teamdues.attachments.taken_back_at is
	'When the payment was detached; null while it holds';
create unique index attachments_holding on teamdues.attachments (session_id)
	where taken_back_at is null;
create trigger append_only before delete or truncate or update of
	attachment_id, session_id, order_id, actor, attached_at
	on teamdues.attachments
	for each statement execute function teamdues.refuse_change();
create trigger take_back_once before update on teamdues.attachments
	for each row when (old.taken_back_at is not null)
	execute function teamdues.refuse_change();

drop trigger append_only on teamdues.dismissals;
alter table teamdues.dismissals
	drop constraint dismissals_pkey,
	add column dismissal_id bigint generated always as identity primary key,
	add column taken_back_at timestamptz;
comment on column teamdues.dismissals.dismissal_id is 'In their order';
comment on column teamdues.dismissals.taken_back_at is
	'When it was reopened; null while it holds';
create unique index dismissals_holding on teamdues.dismissals (subject)
	where taken_back_at is null;
create trigger append_only before delete or truncate or update of
	dismissal_id, subject, reason, is_not_ours, actor, dismissed_at
	on teamdues.dismissals
	for each statement execute function teamdues.refuse_change();
create trigger take_back_once before update on teamdues.dismissals
	for each row when (old.taken_back_at is not null)
	execute function teamdues.refuse_change();

-- What is derived follows: what was paid of each order, and orders of which a
-- lost dispute took a part only.
update teamdues.orders o
set paid_cents = case when o.payment_source = 'stripe' then (
    select p.amount_cents
    from teamdues.payments p
    where p.matched_order_id = o.order_id and p.place = 'order'
    and p.paid_at is not null)
    else o.amount_cents end
where o.paid_at is not null;
update teamdues.orders o
set status = 'partially_refunded',
    refunded_cents = o.refunded_cents + l.cents
from (
    select d.payment_intent_id, sum(d.cents)::bigint as cents
    from (
	select f.payment_intent_id, max(f.amount_cents) as cents
	from teamdues.dispute_facts f
	group by f.payment_intent_id, f.dispute_id
	having bool_or(f.fact = 'lost') and not bool_or(f.fact in ('won',
	    'funds_reinstated'))) d
    group by d.payment_intent_id) l
join teamdues.payments p on p.payment_intent_id = l.payment_intent_id
where p.matched_order_id = o.order_id and p.place = 'order'
and o.status = 'charged_back'
and o.refunded_cents + l.cents < p.amount_cents;
