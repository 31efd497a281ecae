-- What the list of payments that wait advises.

-- The names of the metadata that we write, now or in the past.
create or replace function teamdues.our_keys() returns text[]
language sql immutable as $$
	select array['order_id', 'player_id', 'product_id', 'teamdues',
	    'parent_id', 'teamdues_word', 'teamdues_player',
	    'teamdues_product', 'teamdues_tournament']
$$;

-- The first metadata key of a payment that is none of ours: another business
-- made its session, probably; null when there is none.
create or replace function teamdues.foreign_key(p_payment teamdues.payments)
returns text
language sql immutable as $$
	select k
	from unnest(p_payment.metadata_keys) k
	where p_payment.metadata_teamdues is null
	and k <> all (teamdues.our_keys())
	order by k collate "C"
	limit 1
$$;

-- What a person can do about a payment that may be for an order, by what an
-- attempt to give it to that order would be told.
create or replace function teamdues.order_advice(
	p_payment teamdues.payments,
	p_order teamdues.orders,
	p_player_name text)
returns text
language plpgsql stable as $$
declare
	v_bar text := teamdues.attach_bar(p_payment, p_order);
begin
	return case
	when p_order.status = 'processing'
	then format('a bank payment for order %s of %s is under way: if it '
	    'arrives, refund this one at Stripe', p_order.order_id,
	    p_player_name)
	when p_order.status = 'waived'
	then format('order %s of %s was waived: refund it at Stripe, or '
	    'dismiss it', p_order.order_id, p_player_name)
	when not teamdues.order_is_unpaid(p_order.status)
	then format('%s has paid order %s already: probably twice: refund it '
	    'at Stripe', p_player_name, p_order.order_id)
	when v_bar is null
	then format('attach it to order %s of %s%s, or refund it at Stripe',
	    p_order.order_id, p_player_name,
	    case when teamdues.attach_doubt(p_payment, p_order) is not null
	        then coalesce(', although ' || teamdues.short_fault(p_payment,
	            p_order), ' if the payer is theirs') || ' (--anyway)' end)
	when p_payment.currency = p_order.currency
	    and p_payment.paid_at is not null
	    and p_payment.payment_intent_id is not null
	then format('%s of %s, then attach it, or refund it at Stripe',
	    teamdues.fitting_change(p_order, p_payment.amount_cents),
	    p_player_name)
	else format('%s: refund it at Stripe, or dismiss it', v_bar) end;
end
$$;

-- What a person can do about a payment that waits.
create or replace function teamdues.waiting_advice(
	p_payment teamdues.payments,
	p_order teamdues.orders,
	p_player_name text)
returns text
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_key text := foreign_key(p_payment);
	v_order text := case when p_order.order_id is not null
	    then order_advice(p_payment, p_order, p_player_name) end;
begin
	return case
	when p_payment.amount_cents = 0 then 'nothing was paid: dismiss it'
	when not p_payment.is_our_mode
	then 'the payment was made in another mode than ours: dismiss it'
	when v_key is not null
	then format('carries %s: probably another business''s: dismiss '
	    '--not-ours --like metadata:%s', v_key, v_key)
	    || coalesce('; if it is not: ' || v_order, '')
	when v_order is not null then v_order
	when p_payment.payment_link is not null
	then 'came by a Payment Link, which is none of ours: dismiss '
	    '--not-ours --like payment_link if another business made it, '
	    'else attach it to its order'
	else 'attach it to its order, refund it at Stripe, or dismiss it' end;
end
$$;

-- Whether a payment is just what is left to pay of an order, or what was paid
-- for it within a month of the payment.
create or replace function teamdues.may_be_for(
	p_payment teamdues.payments,
	p_order teamdues.orders)
returns boolean
language sql stable as $$
	select p_order.currency = p_payment.currency
	and case when teamdues.order_is_unpaid(p_order.status)
	then teamdues.payment_fits(p_payment, p_order)
	else p_order.status <> 'waived'
	    and p_order.amount_cents = p_payment.amount_cents
	    and abs(extract(epoch from coalesce(p_order.paid_at,
	        p_order.created_at) - p_payment.stripe_created)) < 30 * 86400
	end
$$;
