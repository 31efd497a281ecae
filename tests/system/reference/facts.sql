-- Facts: whether one contradicts what is known of its object, whether it is
-- known already, and adding it.

create function session_contradiction(i teamdues.fact_item) returns text
language sql stable as $$
	select concat_ws(', ',
	    case when p.amount_cents <> i.amount_cents
	    then format('amount %s, was %s', i.amount_cents, p.amount_cents) end,
	    case when p.currency <> i.currency
	    then format('currency %s, was %s', i.currency, p.currency) end,
	    case when p.payment_intent_id <> i.payment_intent_id
	    then format('payment intent %s, was %s', i.payment_intent_id,
	        p.payment_intent_id) end,
	    case when q.session_id is not null
	    then format('payment intent of session %s', q.session_id) end)
	from (select i.session_id) x
	left join payments p using (session_id)
	left join payments q on q.payment_intent_id = i.payment_intent_id
	    and q.session_id <> x.session_id
	where i.word <> 'expired'
$$;

-- How an item differs from what is known of its object; null when it does not.
create function contradiction(i teamdues.fact_item) returns text
language sql stable as $$
	select 'contradicts what is known of ' || case i.kind
	when 'session'
	then i.session_id || ': ' || nullif(session_contradiction(i), '')
	when 'refund' then (
	    select format('%s: %s of %s, was %s of %s', f.refund_id,
	        i.amount_cents, i.payment_intent_id, f.amount_cents,
	        f.payment_intent_id)
	    from refund_facts f
	    where f.refund_id = i.refund_id
	    and (f.amount_cents, f.payment_intent_id)
	        <> (i.amount_cents, i.payment_intent_id)
	    limit 1)
	when 'dispute' then (
	    select format('%s: of %s, was of %s', f.dispute_id,
	        i.payment_intent_id, f.payment_intent_id)
	    from dispute_facts f
	    where f.dispute_id = i.dispute_id
	    and f.payment_intent_id <> i.payment_intent_id
	    limit 1)
	end
$$;

create function dispute_words(i teamdues.fact_item) returns setof text
language sql immutable as $$
	select i.word
	union all select 'funds_withdrawn' where i.is_withdrawn
	union all select 'funds_reinstated' where i.is_reinstated
$$;

-- Whether an item says nothing new.
create function is_known(i teamdues.fact_item) returns boolean
language sql stable as $$
	select case i.kind
	when 'session' then exists (
	    select from session_facts f
	    where f.session_id = i.session_id and f.fact = i.word)
	when 'refund' then exists (
	    select from refund_facts f
	    where f.refund_id = i.refund_id and f.status = i.word)
	when 'charge' then exists (
	    select from charge_facts f
	    where f.payment_intent_id = i.payment_intent_id
	    and f.amount_refunded_cents >= i.amount_cents)
	when 'dispute' then not exists (
	    select from dispute_words(i) x
	    where not exists (select from dispute_facts f
	        where f.dispute_id = i.dispute_id and f.fact = x))
	when 'failure' then exists (
	    select from payment_failures f
	    where f.payment_intent_id = i.payment_intent_id
	    and f.stripe_time = to_timestamp(i.at) and f.message = i.message)
	else false end
$$;

-- The order that a failed intent was for: its metadata are ours, or name nothing
-- that we know.
create function failure_order(i teamdues.fact_item) returns bigint
language plpgsql stable as $$
begin
	return (
	    select o.order_id
	    from orders o
	    join teamdues.installation n on n.installation_id = i.metadata_teamdues
	    where i.kind = 'failure'
	    and o.order_id = reference_id(i.metadata_order_id)
	    and coalesce(o.word, '-') = coalesce(i.metadata_word, '-'));
end
$$;

create function add_fact(i teamdues.fact_item) returns void
language plpgsql as $$
begin
	insert into session_facts
	select i.session_id, i.word, to_timestamp(i.at)
	where i.kind = 'session'
	and not (i.word = 'expired' and i.event_id is null and exists (
	    select from session_facts f
	    where f.session_id = i.session_id and f.fact = 'expired'))
	on conflict do nothing;
	insert into payments (session_id, payment_intent_id, livemode,
	    is_our_mode, amount_cents, currency, stripe_created, customer_id,
	    email, client_reference_id, metadata_order_id, metadata_player_id,
	    metadata_product_id, metadata_teamdues, metadata_keys,
	    payment_link, metadata_word, metadata_player, metadata_product,
	    metadata_tournament)
	select i.session_id, i.payment_intent_id, i.livemode, i.is_our_mode,
	    i.amount_cents, i.currency, to_timestamp(i.created), i.customer_id,
	    i.email, i.client_reference_id, i.metadata_order_id,
	    i.metadata_player_id, i.metadata_product_id, i.metadata_teamdues,
	    coalesce(i.metadata_keys, '{}'), i.payment_link,
	    i.metadata_word, i.metadata_player, i.metadata_product,
	    i.metadata_tournament
	where i.kind = 'session' and i.word <> 'expired'
	on conflict (session_id) do nothing;
	insert into refund_facts (refund_id, status, payment_intent_id,
	    amount_cents)
	select i.refund_id, i.word, i.payment_intent_id, i.amount_cents
	where i.kind = 'refund'
	on conflict do nothing;
	insert into charge_facts (payment_intent_id, amount_refunded_cents)
	select i.payment_intent_id, i.amount_cents
	where i.kind = 'charge'
	on conflict do nothing;
	insert into dispute_facts (dispute_id, fact, payment_intent_id,
	    amount_cents)
	select i.dispute_id, x, i.payment_intent_id, i.amount_cents
	from dispute_words(i) x
	where i.kind = 'dispute'
	on conflict do nothing;
	insert into payment_failures (payment_intent_id, stripe_time, message,
	    order_id)
	select i.payment_intent_id, to_timestamp(i.at), i.message,
	    failure_order(i)
	where i.kind = 'failure'
	on conflict do nothing;
end
$$;
