-- Facts: whether one contradicts what is known of its object, whether it is
-- known already, and adding it.

-- How an item differs from what is known of its object; null when it does not.
create or replace function teamdues.contradiction(p_item jsonb) returns text
language sql stable as $$
	select case
	when p_item ? 'session'
	then teamdues.session_contradiction(p_item -> 'session')
	when p_item ? 'refund' then (
	    select format('contradicts what is known of %s: %s of %s, was %s of %s',
	        f.refund_id, x.cents, x.intent, f.amount_cents,
	        f.payment_intent_id)
	    from teamdues.refund_facts f,
	    (select (p_item #>> '{refund,amount_cents}')::bigint as cents,
	        p_item #>> '{refund,payment_intent}' as intent) x
	    where f.refund_id = p_item #>> '{refund,id}'
	    and (f.amount_cents, f.payment_intent_id) <> (x.cents, x.intent)
	    limit 1)
	when p_item ? 'dispute' then (
	    select format('contradicts what is known of %s: of %s, was of %s',
	        f.dispute_id, p_item #>> '{dispute,payment_intent}',
	        f.payment_intent_id)
	    from teamdues.dispute_facts f
	    where f.dispute_id = p_item #>> '{dispute,id}'
	    and f.payment_intent_id <> p_item #>> '{dispute,payment_intent}'
	    limit 1)
	end
$$;

create or replace function teamdues.session_contradiction(p_session jsonb) returns text
language sql stable as $$
	select format('contradicts what is known of %s: %s', x.session_id,
	    concat_ws(', ',
	    case when p.amount_cents <> (p_session ->> 'amount_cents')::bigint
	        then format('amount %s, was %s', p_session ->> 'amount_cents',
	            p.amount_cents) end,
	    case when p.currency <> p_session ->> 'currency'
	        then format('currency %s, was %s', p_session ->> 'currency',
	            p.currency) end,
	    case when p.payment_intent_id <> p_session ->> 'payment_intent'
	        then format('payment intent %s, was %s',
	            p_session ->> 'payment_intent', p.payment_intent_id) end,
	    case when q.session_id is not null
	        then format('payment intent of session %s', q.session_id) end))
	from (select p_session ->> 'id' as session_id) x
	left join teamdues.payments p using (session_id)
	left join teamdues.payments q
	    on q.payment_intent_id = p_session ->> 'payment_intent'
	    and q.session_id <> x.session_id
	where p_session ->> 'fact' <> 'expired'
	and (p.amount_cents <> (p_session ->> 'amount_cents')::bigint
	    or p.currency <> p_session ->> 'currency'
	    or p.payment_intent_id <> p_session ->> 'payment_intent'
	    or q.session_id is not null)
$$;

-- Whether an item says nothing new.
create or replace function teamdues.is_known(p_item jsonb) returns boolean
language sql stable as $$
	select case
	when p_item ? 'session' then exists (
	    select from teamdues.session_facts f
	    where f.session_id = p_item #>> '{session,id}'
	    and f.fact = p_item #>> '{session,fact}')
	when p_item ? 'refund' then exists (
	    select from teamdues.refund_facts f
	    where f.refund_id = p_item #>> '{refund,id}'
	    and f.status = p_item #>> '{refund,status}')
	when p_item ? 'charge' then exists (
	    select from teamdues.charge_facts f
	    where f.payment_intent_id = p_item #>> '{charge,payment_intent}'
	    and f.amount_refunded_cents
	        >= (p_item #>> '{charge,amount_refunded_cents}')::bigint)
	when p_item ? 'dispute' then not exists (
	    select from jsonb_array_elements_text(p_item #> '{dispute,facts}') x
	    where not exists (select from teamdues.dispute_facts f
	        where f.dispute_id = p_item #>> '{dispute,id}'
	        and f.fact = x))
	when p_item ? 'failure' then exists (
	    select from teamdues.payment_failures f
	    where f.payment_intent_id = p_item #>> '{failure,payment_intent}'
	    and f.stripe_time
	        = to_timestamp((p_item #>> '{failure,at}')::bigint)
	    and f.message = p_item #>> '{failure,message}')
	else false end
$$;

-- Adds an item's fact and recomputes what follows.  True when more payments need
-- a person now than before.
create or replace function teamdues.record_fact(p_item jsonb) returns boolean
language plpgsql as $$
declare
	v_session_id text;
	v_before bigint;
begin
	select coalesce((select p.session_id
	    from teamdues.payments p
	    where p.payment_intent_id = teamdues.item_intent(p_item)),
	    p_item #>> '{session,id}')
	into v_session_id;
	v_before := teamdues.open_questions(v_session_id);

	if p_item ? 'session' then
		perform teamdues.add_session_fact(p_item -> 'session');
	elsif p_item ? 'failure' then
		perform teamdues.add_failure(p_item -> 'failure');
	else
		perform teamdues.add_money_fact(p_item);
	end if;
	perform teamdues.refresh_session(v_session_id);
	perform teamdues.refresh_payment(v_session_id);
	return teamdues.open_questions(v_session_id) > v_before;
end
$$;

-- How many payments wait for a person: the session's own, and those that match
-- the same order.
create or replace function teamdues.open_questions(p_session_id text) returns bigint
language sql stable as $$
	select count(*)
	from teamdues.payment_places pp
	where pp.place in ('unmatched', 'review')
	and (pp.session_id = p_session_id or pp.matched_order_id in (
	    select q.matched_order_id
	    from teamdues.payment_places q
	    where q.session_id = p_session_id))
$$;

-- Adds a fact about a session, and its payment when it is the first to tell of
-- one.
create or replace function teamdues.add_session_fact(p_session jsonb) returns void
language plpgsql as $$
declare
	v_id text := p_session ->> 'id';
begin
	insert into teamdues.session_facts (session_id, fact, stripe_time)
	values (v_id, p_session ->> 'fact',
	    to_timestamp((p_session ->> 'at')::bigint))
	on conflict do nothing;
	if p_session ->> 'fact' = 'expired' then
		return;
	end if;
	insert into teamdues.payments (session_id, payment_intent_id, livemode,
	    is_our_mode, amount_cents, currency, stripe_created, customer_id,
	    email, client_reference_id, metadata_order_id, metadata_player_id,
	    metadata_product_id, metadata_teamdues, metadata_keys,
	    payment_link)
	values (v_id, p_session ->> 'payment_intent',
	    (p_session ->> 'livemode')::boolean,
	    (p_session ->> 'is_our_mode')::boolean,
	    (p_session ->> 'amount_cents')::bigint, p_session ->> 'currency',
	    to_timestamp((p_session ->> 'created')::bigint),
	    p_session ->> 'customer', p_session ->> 'email',
	    p_session ->> 'client_reference_id', p_session ->> 'order_id',
	    p_session ->> 'player_id', p_session ->> 'product_id',
	    p_session ->> 'teamdues',
	    array(select jsonb_array_elements_text(p_session -> 'keys')),
	    p_session ->> 'payment_link')
	on conflict (session_id) do nothing;
end
$$;

create or replace function teamdues.add_money_fact(p_item jsonb) returns void
language sql as $$
	insert into teamdues.refund_facts (refund_id, status, payment_intent_id,
	    amount_cents)
	select p_item #>> '{refund,id}', p_item #>> '{refund,status}',
	    p_item #>> '{refund,payment_intent}',
	    (p_item #>> '{refund,amount_cents}')::bigint
	where p_item ? 'refund'
	on conflict do nothing;
	insert into teamdues.charge_facts (payment_intent_id,
	    amount_refunded_cents)
	select p_item #>> '{charge,payment_intent}',
	    (p_item #>> '{charge,amount_refunded_cents}')::bigint
	where p_item ? 'charge'
	on conflict do nothing;
	insert into teamdues.dispute_facts (dispute_id, fact, payment_intent_id,
	    amount_cents)
	select p_item #>> '{dispute,id}', x,
	    p_item #>> '{dispute,payment_intent}',
	    (p_item #>> '{dispute,amount_cents}')::bigint
	from jsonb_array_elements_text(p_item #> '{dispute,facts}') x
	where p_item ? 'dispute'
	on conflict do nothing;
$$;

create or replace function teamdues.add_failure(p_failure jsonb) returns void
language sql as $$
	insert into teamdues.payment_failures (payment_intent_id, stripe_time,
	    message, order_id)
	values (p_failure ->> 'payment_intent',
	    to_timestamp((p_failure ->> 'at')::bigint),
	    p_failure ->> 'message', teamdues.failure_order(p_failure))
	on conflict do nothing
$$;

-- The order that a failed intent was for: its metadata are ours, or name nothing
-- that we know.
create or replace function teamdues.failure_order(p_failure jsonb) returns bigint
language sql stable as $$
	select o.order_id
	from teamdues.orders o
	join teamdues.installation i
	    on i.installation_id = p_failure ->> 'teamdues'
	where o.order_id = teamdues.reference_id(p_failure ->> 'order_id')
$$;
