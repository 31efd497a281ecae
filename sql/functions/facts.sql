-- Facts, all of a round at once (record.sql): whether one contradicts what is
-- known of its object, whether it is known already, and adding it.
--
-- What an item has beside its kind:
--   session: session_id, word (paid, free, unpaid, failed, expired), at,
--     created, livemode, is_our_mode, amount_cents, currency,
--     payment_intent_id, customer_id, email, payer_name, client_reference_id,
--     metadata_order_id, _player_id, _product_id, _teamdues, _keys,
--     _word, _player, _product, _tournament, payment_link
--   refund: refund_id, word (its status), payment_intent_id, amount_cents,
--     created
--   charge: payment_intent_id, amount_cents (given back in all)
--   dispute: dispute_id, word (its status), is_withdrawn, is_reinstated,
--     payment_intent_id, amount_cents, created, due_by
--   warning: warning_id, word (actionable, settled), payment_intent_id,
--     message (the type of fraud), created
--   failure: payment_intent_id, at, message, metadata_order_id, _teamdues,
--     _word

-- Those of a round's facts that bring nothing: place is the item's, fault how
-- it differs from what is known of its object, or null when it is only known.
create or replace function teamdues.judge_facts(p_items teamdues.fact_item[])
returns table (place bigint, fault text)
language plpgsql stable as $$
begin
	return query
	select i.ordinality, case
	    when c.differences <> ''
	    then format('contradicts what is known of %s: %s',
	        coalesce(i.refund_id, i.dispute_id, i.warning_id, i.session_id),
	        c.differences)
	    end
	from unnest(p_items) with ordinality i
	cross join lateral (
	    select case i.kind
	    when 'session' then (
	        select concat_ws(', ',
	            case when p.amount_cents <> i.amount_cents
	            then format('amount %s, was %s', i.amount_cents,
	                p.amount_cents) end,
	            case when p.currency <> i.currency
	            then format('currency %s, was %s', i.currency,
	                p.currency) end,
	            case when p.payment_intent_id <> i.payment_intent_id
	            then format('payment intent %s, was %s',
	                i.payment_intent_id, p.payment_intent_id) end,
	            case when q.session_id is not null
	            then format('payment intent of session %s',
	                q.session_id) end)
	        from (select) one
	        left join lateral (
	            select *
	            from teamdues.payments y
	            where y.session_id = i.session_id
	            offset 0) p on true
	        left join lateral (
	            select *
	            from teamdues.payments y
	            where y.payment_intent_id = i.payment_intent_id
	            and y.session_id <> i.session_id
	            offset 0) q on true
	        where i.word <> 'expired')
	    when 'refund' then (
	        select format('%s of %s, was %s of %s', i.amount_cents,
	            i.payment_intent_id, f.amount_cents, f.payment_intent_id)
	        from teamdues.refund_facts f
	        where f.refund_id = i.refund_id
	        and (f.amount_cents, f.payment_intent_id)
	            <> (i.amount_cents, i.payment_intent_id)
	        limit 1)
	    when 'warning' then (
	        select format('of %s, was of %s', i.payment_intent_id,
	            f.payment_intent_id)
	        from teamdues.fraud_warnings f
	        where f.warning_id = i.warning_id
	        and f.payment_intent_id <> i.payment_intent_id
	        limit 1)
	    when 'dispute' then (
	        select format('of %s, was of %s', i.payment_intent_id,
	            f.payment_intent_id)
	        from teamdues.dispute_facts f
	        where f.dispute_id = i.dispute_id
	        and f.payment_intent_id <> i.payment_intent_id
	        limit 1)
	    end as differences
	    offset 0) c
	where i.disposition = 'fact' and (c.differences <> ''
	or case i.kind
	    when 'session' then exists (
	        select from teamdues.session_facts f
	        where f.session_id = i.session_id and f.fact = i.word)
	        or i.word = 'paid' and exists (
	        select from teamdues.payments p
	        where p.session_id = i.session_id and p.paid_at is not null)
	    when 'refund' then exists (
	        select from teamdues.refund_facts f
	        where f.refund_id = i.refund_id and f.status = i.word)
	    when 'charge' then exists (
	        select from teamdues.charge_facts f
	        where f.payment_intent_id = i.payment_intent_id
	        and f.amount_refunded_cents >= i.amount_cents)
	    when 'dispute' then not exists (
	        select from teamdues.dispute_words(i.word, i.is_withdrawn,
	            i.is_reinstated) w (word)
	        where not exists (select from teamdues.dispute_facts f
	            where f.dispute_id = i.dispute_id and f.fact = w.word))
	        and (i.due_by is null or exists (
	        select from teamdues.dispute_dues f
	        where f.dispute_id = i.dispute_id
	        and f.due_at = to_timestamp(i.due_by)))
	    when 'warning' then exists (
	        select from teamdues.fraud_warnings f
	        where f.warning_id = i.warning_id
	        and f.is_actionable = (i.word = 'actionable'))
	    when 'failure' then exists (
	        select from teamdues.payment_failures f
	        where f.payment_intent_id = i.payment_intent_id
	        and f.stripe_time = to_timestamp(i.at)
	        and f.message = i.message)
	    end);
end
$$;

-- A dispute's status, and the moves of its funds.
create or replace function teamdues.dispute_words(
	p_status text,
	p_is_withdrawn boolean,
	p_is_reinstated boolean)
returns setof text
language sql immutable as $$
	select x
	from unnest(array[p_status,
	    case when p_is_withdrawn then 'funds_withdrawn' end,
	    case when p_is_reinstated then 'funds_reinstated' end]) x
	where x is not null
$$;

-- The order that a failed intent was for: its metadata are ours, or name
-- nothing that we know.
create or replace function teamdues.failure_order(
	p_metadata_order_id text,
	p_metadata_teamdues text,
	p_metadata_word text)
returns bigint
language plpgsql stable as $$
begin
	return (
	    select o.order_id
	    from teamdues.orders o
	    join teamdues.installation i
	        on i.installation_id = p_metadata_teamdues
	    where o.order_id = teamdues.reference_id(p_metadata_order_id)
	    and o.word is not distinct from p_metadata_word);
end
$$;

-- Adds what a round's items say.  A word that is said again may carry an
-- earlier time, and paid_at is the earliest.
create or replace function teamdues.add_facts(p_items teamdues.fact_item[])
returns void
language plpgsql as $$
begin
	insert into teamdues.session_facts (session_id, fact, stripe_time)
	select i.session_id, i.word, to_timestamp(i.at)
	from unnest(p_items) i
	where i.kind = 'session' and i.word <> 'paid'
	-- Of one that is gone our clock tells the time, each time another.
	and not (i.word = 'expired' and i.event_id is null and exists (
	    select from teamdues.session_facts f
	    where f.session_id = i.session_id and f.fact = 'expired'))
	on conflict do nothing;

	insert into teamdues.payments as p (session_id, payment_intent_id,
	    livemode, is_our_mode, amount_cents, currency, stripe_created,
	    customer_id, email, client_reference_id, metadata_order_id,
	    metadata_player_id, metadata_product_id, metadata_teamdues,
	    metadata_keys, payment_link, payer_name, metadata_word,
	    metadata_player, metadata_product, metadata_tournament, paid_at)
	select i.session_id, i.payment_intent_id, i.livemode, i.is_our_mode,
	    i.amount_cents, i.currency, to_timestamp(i.created), i.customer_id,
	    i.email, i.client_reference_id, i.metadata_order_id,
	    i.metadata_player_id, i.metadata_product_id, i.metadata_teamdues,
	    coalesce(i.metadata_keys, '{}'), i.payment_link, i.payer_name,
	    i.metadata_word, i.metadata_player, i.metadata_product,
	    i.metadata_tournament,
	    case when i.word = 'paid' then to_timestamp(i.at) end
	from unnest(p_items) i
	where i.kind = 'session' and i.word <> 'expired'
	order by i.session_id collate "C"
	on conflict (session_id) do update
	set paid_at = least(p.paid_at, excluded.paid_at)
	where least(p.paid_at, excluded.paid_at) is distinct from p.paid_at;

	if not exists (select from unnest(p_items) i where i.kind <> 'session')
	then
		return;
	end if;
	insert into teamdues.refund_facts (refund_id, status,
	    payment_intent_id, amount_cents, stripe_created)
	select i.refund_id, i.word, i.payment_intent_id, i.amount_cents,
	    to_timestamp(i.created)
	from unnest(p_items) i
	where i.kind = 'refund'
	on conflict do nothing;
	insert into teamdues.charge_facts (payment_intent_id,
	    amount_refunded_cents)
	select i.payment_intent_id, i.amount_cents
	from unnest(p_items) i
	where i.kind = 'charge'
	on conflict do nothing;
	insert into teamdues.dispute_facts (dispute_id, fact,
	    payment_intent_id, amount_cents, stripe_created)
	select i.dispute_id, w.word, i.payment_intent_id, i.amount_cents,
	    to_timestamp(i.created)
	from unnest(p_items) i
	cross join lateral teamdues.dispute_words(i.word, i.is_withdrawn,
	    i.is_reinstated) w (word)
	where i.kind = 'dispute'
	on conflict do nothing;
	insert into teamdues.dispute_dues (dispute_id, due_at)
	select i.dispute_id, to_timestamp(i.due_by)
	from unnest(p_items) i
	where i.kind = 'dispute' and i.due_by is not null
	on conflict do nothing;
	insert into teamdues.fraud_warnings (warning_id, is_actionable,
	    payment_intent_id, fraud_type, stripe_created)
	select i.warning_id, i.word = 'actionable', i.payment_intent_id,
	    i.message, to_timestamp(i.created)
	from unnest(p_items) i
	where i.kind = 'warning'
	on conflict do nothing;
	insert into teamdues.payment_failures (payment_intent_id, stripe_time,
	    message, order_id)
	select i.payment_intent_id, to_timestamp(i.at), i.message,
	    teamdues.failure_order(i.metadata_order_id, i.metadata_teamdues,
	        i.metadata_word)
	from unnest(p_items) i
	where i.kind = 'failure'
	on conflict do nothing;
end
$$;
