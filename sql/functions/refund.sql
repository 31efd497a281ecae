-- Giving money back through Stripe: which payments it can come from.  What went
-- back before is asked of Stripe itself, at the time; what the books say of it
-- is for whoever only looks.

-- Why nothing can be given back from a payment; null when something can.
create or replace function teamdues.refund_fault(p_payment teamdues.payments)
returns text
language plpgsql stable as $$
declare
	v_disputes record := teamdues.dispute_sums(p_payment.payment_intent_id);
begin
	return case
	when p_payment.place = 'foreign'
	then 'the payment is another''s'
	when not p_payment.is_our_mode
	then format('the payment was made in %s mode',
	    case when p_payment.livemode then 'live' else 'test' end)
	when p_payment.paid_at is null or p_payment.payment_intent_id is null
	    or p_payment.amount_cents = 0
	then 'nothing was paid'
	when v_disputes.is_open
	then 'the payment is disputed: answer it at Stripe, and do not '
	    'refund it'
	when v_disputes.lost_cents > 0
	then 'the payment was charged back' end;
end
$$;

-- The same of an order that no payment through Stripe counts for.
create or replace function teamdues.refund_order_fault(p_order teamdues.orders)
returns text
language sql stable as $$
	select coalesce((
	    select format('order %s was paid by %s, not through Stripe: give '
	        'it back by hand and take the record back', p_order.order_id,
	        string_agg(distinct r.source, ' and '))
	    from teamdues.recorded_payments r
	    where r.order_id = p_order.order_id and r.taken_back_at is null
	    having count(*) > 0),
	    case p_order.status when 'processing'
	    then format('the payment of order %s is on its way to us',
	        p_order.order_id)
	    else format('no payment through Stripe counts for order %s',
	        p_order.order_id) end)
$$;

-- The payments of an order, the newest first, or else the one under a key; each
-- with why it cannot be given back.  No row: there is no such thing.
create or replace function teamdues.refund_sources(
	p_order_id bigint,
	p_key text)
returns table (order_id bigint, session_id text, payment_intent_id text,
	amount_cents bigint, currency text, refunded_cents bigint,
	installation_id text, fault text)
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
#variable_conflict use_column
declare
	v_order orders;
begin
	return query
	select case when p.place = 'order' then p.matched_order_id end,
	    p.session_id, p.payment_intent_id, p.amount_cents, p.currency,
	    refunded_cents(p.payment_intent_id), i.installation_id,
	    refund_fault(p)
	from payments p
	cross join installation i
	where case when p_order_id is not null
	    then p.matched_order_id = p_order_id and p.place = 'order'
	        and p.paid_at is not null
	    else p.session_id = (find_payment(p_key)).session_id end
	order by p.stripe_created desc, p.session_id;
	if found or p_order_id is null then
		return;
	end if;
	select * into v_order from orders o where o.order_id = p_order_id;
	if found then
		return query
		select v_order.order_id, null, null, 0::bigint,
		    v_order.currency, 0::bigint, i.installation_id,
		    refund_order_fault(v_order)
		from installation i;
	end if;
end
$$;

-- Who gave it back.  Said again of the same refund it is one entry.
create or replace function teamdues.note_refund(
	p_session_id text,
	p_refund_id text,
	p_actor text,
	p_detail text)
returns boolean
language sql security definer
set search_path = teamdues, pg_temp as $$
	insert into audit_log (actor, action, order_id, subject, detail)
	select p_actor, 'refund',
	    case when p.place = 'order' then p.matched_order_id end,
	    p_refund_id, p_detail
	from payments p
	where p.session_id = p_session_id
	on conflict (subject) where action = 'refund' do nothing
	returning true
$$;
