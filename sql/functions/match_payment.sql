-- Which order a payment is for, from what is stored and nothing else: by the
-- session that we know, then metadata.order_id, then client_reference_id.
-- Whether another payment came first is not asked here (see refresh_order).

-- A reference that could be one of our ids: a decimal bigint.  Anything else
-- (a web shop's "WC-12") refers to something of somebody else's.
create or replace function teamdues.reference_id(p_text text) returns bigint
language sql immutable as $$
	select case when p_text ~ '^[1-9][0-9]{0,17}$' then p_text::bigint end
$$;

-- What stands in the way, in order: not ours at all, then nothing that ties it
-- to an order, then something wrong with it.  A person's word (an attachment)
-- comes before everything but the first.
create or replace function teamdues.match_payment(
	p_payment teamdues.payments,
	out place text,
	out reason text,
	out order_id bigint,
	out suggested_order_id bigint)
language plpgsql stable as $$
declare
	v_session teamdues.checkout_sessions;
	v_order teamdues.orders;
	v_reference bigint := coalesce(
	    teamdues.reference_id(p_payment.metadata_order_id),
	    teamdues.reference_id(p_payment.client_reference_id));
	v_ours boolean;
begin
	place := 'order';
	reason := '';
	select a.order_id into order_id
	from teamdues.attachments a
	where a.session_id = p_payment.session_id;
	if found then
		return;
	end if;

	select p_payment.metadata_teamdues = i.installation_id into v_ours
	from teamdues.installation i;
	if not coalesce(v_ours, true) then
		place := 'foreign';
		reason := 'another installation''s';
		return;
	end if;

	select * into v_session
	from teamdues.checkout_sessions s
	where s.session_id = p_payment.session_id;
	select * into v_order
	from teamdues.orders o
	where o.order_id = coalesce(v_session.order_id, v_reference);
	suggested_order_id := v_order.order_id;

	if not p_payment.is_our_mode then
		place := 'review';
		reason := format('made in %s mode',
		    case when p_payment.livemode then 'live' else 'test' end);
		return;
	end if;

	if v_session.session_id is null then
		place := 'unmatched';
		reason := teamdues.reference_doubt(p_payment, v_order,
		    v_reference, v_ours);
		if reason is not null then
			return;
		end if;
	end if;

	place := 'review';
	reason := coalesce(
	    teamdues.reference_fault(p_payment, v_session, v_order),
	    teamdues.payment_fault(p_payment, v_session, v_order));
	if reason is not null then
		return;
	end if;

	place := 'order';
	reason := '';
	order_id := v_order.order_id;
	suggested_order_id := null;
end
$$;

-- Why a payment whose session is not known is not believed to be for p_order;
-- null when it is.  Anybody can write an order_id into metadata, or add a
-- client_reference_id to a Payment Link's URL; and a payment that is older than
-- the order was for an order that a restored backup has forgotten.
create or replace function teamdues.reference_doubt(
	p_payment teamdues.payments,
	p_order teamdues.orders,
	p_reference bigint,
	p_ours boolean)
returns text
language sql stable as $$
	select 'session not known, ' || case
	when p_reference is null then
		'no reference to an order'
	when p_order.order_id is null then
		format('order %s not known', p_reference)
	when p_order.created_at >= p_payment.stripe_created + interval '1 second' then
		format('older than order %s', p_reference)
	when p_ours is null and not exists (
	    select from teamdues.stripe_customers c
	    join teamdues.players y on y.parent_id = c.parent_id
	    where c.customer_id = p_payment.customer_id
	    and y.player_id = p_order.player_id) then
		format('order %s named by somebody else', p_reference)
	end
$$;

-- References that disagree with each other or with the order.
create or replace function teamdues.reference_fault(
	p_payment teamdues.payments,
	p_session teamdues.checkout_sessions,
	p_order teamdues.orders)
returns text
language plpgsql stable as $$
declare
	v_named bigint := teamdues.reference_id(p_payment.metadata_order_id);
	v_referred bigint := teamdues.reference_id(p_payment.client_reference_id);
begin
	if v_named <> v_referred or p_order.order_id <> v_named
	    or p_order.order_id <> v_referred then
		return format('contradictory references: %s',
		    concat_ws(', ', 'session of order ' || p_session.order_id,
		    'metadata names order ' || v_named,
		    'client_reference_id names order ' || v_referred));
	elsif p_payment.metadata_player_id <> p_order.player_id::text then
		return format('metadata names player %s, order %s is for player %s',
		    p_payment.metadata_player_id, p_order.order_id,
		    p_order.player_id);
	elsif p_payment.metadata_product_id <> p_order.product_id::text then
		return format('metadata names product %s, order %s is for product %s',
		    p_payment.metadata_product_id, p_order.order_id,
		    p_order.product_id);
	end if;
	return null;
end
$$;

-- What makes a payment wrong for its order; null when nothing does.  The figures
-- are in the words, for the person who decides.
create or replace function teamdues.payment_fault(
	p_payment teamdues.payments,
	p_session teamdues.checkout_sessions,
	p_order teamdues.orders)
returns text
language plpgsql stable as $$
declare
	v_amount bigint := p_order.amount_cents;
	v_currency text := p_order.currency;
begin
	-- What we minted it for is what the family was asked for, even when the
	-- order's amount was changed since.
	if p_session.origin = 'minted' then
		v_amount := p_session.amount_cents;
		v_currency := p_session.currency;
	end if;
	if teamdues.session_state(p_payment.session_id) = 'free' then
		return 'completed without anything to pay';
	elsif p_payment.currency <> v_currency then
		return format('wrong currency: paid in %s, order %s is in %s',
		    p_payment.currency, p_order.order_id, v_currency);
	elsif p_payment.amount_cents <> v_amount then
		return format('wrong amount: paid %s, order %s is %s %s',
		    to_char(p_payment.amount_cents / 100.0, 'FM999990.00'),
		    p_order.order_id,
		    to_char(v_amount / 100.0, 'FM999990.00'), v_currency);
	elsif p_payment.payment_intent_id is null then
		return 'completed without a payment intent';
	elsif p_order.cancelled_at is not null then
		return format('order %s was cancelled', p_order.order_id);
	end if;
	return null;
end
$$;

-- What a person has said about a payment that is unmatched or under review, or
-- what became of its money; null when it still waits for somebody.
create or replace function teamdues.payment_settled(
	p_payment teamdues.payments,
	p_place text,
	out place text,
	out reason text)
language plpgsql stable as $$
begin
	select case when d.is_not_ours then 'foreign' else 'settled' end,
	    format('dismissed by %s: %s', d.actor, d.reason)
	into place, reason
	from teamdues.dismissals d
	where d.subject = p_payment.session_id;
	if found then
		return;
	end if;
	select 'foreign', format('rule %s: %s %s', r.rule_id, r.field, r.value)
	into place, reason
	from teamdues.foreign_rules r
	where p_place = 'unmatched' and r.removed_at is null
	and (r.field = 'payment_link' and r.value = p_payment.payment_link
	    or r.field = 'metadata' and r.value = any (p_payment.metadata_keys))
	order by r.rule_id
	limit 1;
	if found then
		return;
	end if;
	if teamdues.session_state(p_payment.session_id) = 'paid' then
		reason := teamdues.money_gone(p_payment);
		place := case when reason is not null then 'settled' end;
	end if;
end
$$;
