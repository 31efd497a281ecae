-- The payments that wait for the treasurer, as the desk lists them.

-- Why a payment waits, for who does not know how payments are matched.
create or replace function teamdues.waiting_why(p_payment teamdues.payments)
returns text
language sql immutable as $$
	select replace(replace(p_payment.reason, 'session not known, ', ''),
	    'no reference to an order', 'nothing in it names an order')
$$;

-- What to do about it, as a word that the desk has a sentence for.
create or replace function teamdues.waiting_step(
	p_payment teamdues.payments,
	p_candidates jsonb)
returns text
language plpgsql stable as $$
begin
	return case
	when (teamdues.dispute_sums(p_payment.payment_intent_id)).is_open
	then 'disputed'
	when p_payment.amount_cents = 0 or not p_payment.is_our_mode
	then 'nothing'
	when p_candidates -> 0 ->> 'give' is not null then 'more'
	when p_candidates -> 0 ->> 'bar' is null
	    and p_candidates -> 0 ->> 'status' = 'pending'
	then 'attach'
	when not teamdues.order_is_unpaid(p_candidates -> 0 ->> 'status')
	then 'twice'
	when jsonb_array_length(p_candidates) > 0 then 'choose'
	when teamdues.foreign_key(p_payment) is not null
	    or p_payment.payment_link is not null
	then 'foreign'
	else 'search' end;
end
$$;

-- How much of a payment has to be given back before what is left of it pays an
-- order; null where that is not all that stands in the way.
create or replace function teamdues.more_than_owed(
	p_payment teamdues.payments,
	p_order teamdues.orders)
returns bigint
language plpgsql stable as $$
declare
	v_left_cents bigint := teamdues.left_cents(p_order);
	v_cents bigint := teamdues.held_cents(p_payment) - v_left_cents;
	v_as_much teamdues.orders := p_order;
begin
	v_as_much.amount_cents := p_order.amount_cents - v_left_cents
	    + p_payment.amount_cents;
	return case
	when v_cents > 0 and p_order.status = 'pending'
	    and p_order.paid_cents = 0
	    and p_payment.place in ('unmatched', 'review')
	    and teamdues.attach_bar(p_payment, v_as_much) is null
	    and teamdues.refund_fault(p_payment) is null
	then v_cents end;
end
$$;

-- An order as one that the payment may be given to: what it is, what stands in
-- the way (bar), what asks for a second look (doubt), and the refund that would
-- leave just what is owed of the payment (give).
create or replace function teamdues.desk_candidate(
	p_payment teamdues.payments,
	p_order_id bigint)
returns jsonb
language plpgsql stable as $$
declare
	v_order teamdues.orders;
	v_bar text;
	v_more_cents bigint;
begin
	select * into v_order
	from teamdues.orders o
	where o.order_id = p_order_id;
	v_bar := teamdues.attach_bar(p_payment, v_order);
	v_more_cents := teamdues.more_than_owed(p_payment, v_order);
	return (
	    select jsonb_build_object(
	        'payment', p_payment.session_id,
	        'order_id', p_order_id,
	        'player', y.name,
	        'team', nullif(y.team, ''),
	        'item', coalesce(t.name, d.name),
	        'parent', r.name,
	        'email', r.email,
	        'status', v_order.status,
	        'left_cents', teamdues.left_cents(v_order),
	        'whole_cents', v_order.amount_cents,
	        'currency', v_order.currency,
	        'bar', case when v_more_cents is null
	            then teamdues.at_the_desk(v_bar) end,
	        'give', case when v_more_cents is not null
	            then jsonb_build_object('payment', p_payment.session_id,
	                'amount_cents', v_more_cents,
	                'currency', v_order.currency,
	                'reason', 'more than was owed',
	                'seen', teamdues.payment_seen(p_payment)) end,
	        'doubt', case when v_bar is null
	            then teamdues.attach_doubt(p_payment, v_order) end,
	        'seen', teamdues.order_seen(p_order_id))
	    from teamdues.players y
	    left join teamdues.parents r on r.parent_id = y.parent_id
	    join teamdues.products d on d.product_id = v_order.product_id
	    left join teamdues.tournaments t
	        on t.tournament_id = v_order.tournament_id
	    where y.player_id = v_order.player_id);
end
$$;

-- Those that it is probably for, and why.
create or replace function teamdues.desk_candidates(
	p_payment teamdues.payments,
	p_count integer)
returns jsonb
language plpgsql stable as $$
begin
	return coalesce((
	    select jsonb_agg(teamdues.desk_candidate(p_payment, c.order_id)
	        || jsonb_build_object('rank', c.rank) order by c.n)
	    from teamdues.payment_candidates(p_payment, 7, p_count)
	        with ordinality c (order_id, player_name, parent_email, rank,
	        n)), '[]');
end
$$;

-- A payment, with so many candidates where it waits.
create or replace function teamdues.desk_payment_json(
	p_payment teamdues.payments,
	p_candidates integer,
	p_zone text)
returns jsonb
language plpgsql stable as $$
declare
	v_candidates jsonb := case
	    when p_payment.place in ('unmatched', 'review')
	    then teamdues.desk_candidates(p_payment, p_candidates)
	    else '[]' end;
begin
	return jsonb_build_object(
	    'key', p_payment.session_id,
	    'payment', p_payment.session_id,
	    'intent', p_payment.payment_intent_id,
	    'amount_cents', p_payment.amount_cents,
	    'given_cents', nullif(teamdues.refunded_cents(
	        p_payment.payment_intent_id), 0),
	    'left_cents', case
	        when p_payment.place in ('unmatched', 'review')
	        then nullif(nullif(teamdues.held_cents(p_payment),
	            p_payment.amount_cents), 0) end,
	    'currency', p_payment.currency,
	    'payer', coalesce(nullif(p_payment.payer_name, ''),
	        p_payment.email, 'somebody unknown'),
	    'email', p_payment.email,
	    'at', teamdues.desk_time(coalesce(p_payment.paid_at,
	        p_payment.stripe_created), p_zone),
	    'time', teamdues.local_text(coalesce(p_payment.paid_at,
	        p_payment.stripe_created), p_zone),
	    'card', (
	        select 'ending in ' || c.card_last4
	        from teamdues.charges c
	        where c.payment_intent_id = p_payment.payment_intent_id),
	    'place', p_payment.place,
	    'stands', case p_payment.place when 'unmatched'
	        then 'Not placed yet' when 'review' then 'Under review' end,
	    'why', teamdues.waiting_why(p_payment),
	    'paid_for', teamdues.paid_for(p_payment),
	    'step', teamdues.waiting_step(p_payment, v_candidates),
	    'candidates', v_candidates);
end
$$;

-- All that waits and holds a text in the payer's name or address, or has that
-- amount; the oldest first.  p_after null: from the first on.
create or replace function teamdues.waiting_page(
	p_place text,
	p_text text,
	p_after text,
	p_limit bigint)
returns setof teamdues.payments
language plpgsql stable
set plan_cache_mode = force_custom_plan as $$
declare
	v_created timestamptz := (
	    select p.stripe_created
	    from teamdues.payments p
	    where p.session_id = p_after);
begin
	return query
	select p.*
	from teamdues.payments p
	where p.place in ('unmatched', 'review')
	and (p_place = '' or p.place = p_place)
	and (p_text = '' or position(lower(p_text) in lower(concat_ws(' ',
	    p.payer_name, p.email, teamdues.money_text(p.amount_cents)))) > 0)
	and (p_after is null
	    or (p.stripe_created, p.session_id) > (v_created, p_after))
	order by p.stripe_created, p.session_id
	limit p_limit;
end
$$;

create or replace function teamdues.desk_unmatched(
	p_session bytea,
	p_place text,
	p_text text,
	p_after text,
	p_zone text,
	p_limit bigint)
returns jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return jsonb_build_object(
	    'user', desk_user_json(v_user),
	    'choices', jsonb_build_object('place', jsonb_build_array(
	        jsonb_build_object('value', 'unmatched',
	            'name', 'Not placed yet'),
	        jsonb_build_object('value', 'review',
	            'name', 'Under review'))),
	    'rows', (
	        select coalesce(jsonb_agg(desk_payment_json(p, 3, p_zone)
	            || jsonb_build_object('role', v_user.role)
	            order by p.stripe_created, p.session_id), '[]')
	        from waiting_page(p_place, p_text, p_after, p_limit) p),
	    'sums', (
	        select coalesce(jsonb_agg(jsonb_build_object('count', s.count,
	            'amount_cents', s.cents, 'currency', s.currency)
	            order by s.currency), '[]')
	        from (
	            select p.currency, count(*) as count,
	                sum(p.amount_cents) as cents
	            from waiting_page(p_place, p_text, null, null) p
	            group by p.currency) s));
end
$$;
