-- The ordinary payment, on a short path: the open session that we minted, paid
-- for what it asked, of an order that waits for just that and has no other
-- payment, with nothing known of the intent yet.  (Of an open session there is
-- nothing that could be known: whatever Stripe says of one completes or ends
-- it.)  It writes what record_round would, and no more needs to be asked;
-- whatever else there is to an item leaves it to that.

-- p_done with the plain ones of the items done, and their receipts queued for
-- p_day (null: none are wanted).  All receipts of an order are queued under its
-- lock, so that one which is not there is not about to be.
create or replace function teamdues.record_plain(
	p_items teamdues.fact_item[],
	p_payloads text[],
	p_done teamdues.done_item[],
	p_day date)
returns teamdues.done_item[]
language plpgsql as $$
declare
	v_places bigint[];
	v_orders bigint[];
begin
	if not exists (select from unnest(p_items) i
	    where i.disposition = 'fact' and i.word = 'paid'
	    and i.event_id is not null) then
		return p_done;
	end if;
	with item as (
		select x.*, s.order_id, s.origin = 'minted'
		    and s.status = 'open'
		    and s.amount_cents = x.amount_cents
		    and s.currency = x.currency
		    and x.disposition = 'fact' and x.word = 'paid'
		    and x.is_our_mode and x.payment_intent_id is not null
		    and x.event_id is not null as is_asked,
		    teamdues.reference_id(x.metadata_order_id) as named,
		    teamdues.reference_id(x.client_reference_id) as referred
		from unnest(p_items) with ordinality x
		left join lateral (
		    select *
		    from teamdues.checkout_sessions y
		    where y.session_id = x.session_id
		    offset 0) s on true
	), i as materialized (
		-- What it touches: hashes, of which a collision does no harm.
		select *, array[hashtextextended(item.event_id, 0),
		    hashtextextended(item.payment_intent_id, 1),
		    hashtextextended(item.session_id, 2), item.order_id,
		    nullif(item.named, item.order_id),
		    nullif(nullif(item.referred, item.order_id),
		        item.named)] as keys
		from item
	), shared as materialized (
		select array_agg(k.key) as keys
		from (
		    select x.key
		    from i
		    cross join lateral unnest(i.keys) x (key)
		    where x.key is not null
		    group by x.key
		    having count(*) > 1) k
	), plain as materialized (
		select i.*, o.player_id
		from i
		cross join shared s
		cross join teamdues.installation n
		cross join lateral (
		    select *
		    from teamdues.orders y
		    where y.order_id = i.order_id and y.status = 'pending'
		    and y.cancelled_at is null
		    and y.paid_cents = 0 and y.waived_cents = 0
		    and y.amount_cents <= i.amount_cents
		    offset 0) o
		where i.is_asked and not i.keys && coalesce(s.keys, '{}')
		and coalesce(i.named, o.order_id) = o.order_id
		and coalesce(i.referred, o.order_id) = o.order_id
		and coalesce(i.metadata_word = o.word, true)
		and coalesce(i.metadata_player_id = o.player_id::text, true)
		and coalesce(i.metadata_product_id = o.product_id::text, true)
		and coalesce(i.metadata_teamdues = n.installation_id, true)
		and not exists (select from teamdues.stripe_events e
		    where e.event_id = i.event_id offset 0)
		and not exists (select from teamdues.payments p
		    where p.payment_intent_id = i.payment_intent_id offset 0)
		and not exists (select from teamdues.payments p
		    where p.matched_order_id = i.order_id offset 0)
		and not exists (select from teamdues.refund_facts r
		    where r.payment_intent_id = i.payment_intent_id offset 0)
		and not exists (select from teamdues.charge_facts c
		    where c.payment_intent_id = i.payment_intent_id offset 0)
		and not exists (select from teamdues.dispute_facts d
		    where d.payment_intent_id = i.payment_intent_id offset 0)
	), event as (
		insert into teamdues.stripe_events (event_id, type, object_id,
		    livemode, api_version, disposition, session_id,
		    payment_intent_id, stripe_created, payload)
		select i.event_id, i.event_type, i.object_id, i.event_livemode,
		    i.api_version, i.disposition, i.session_id,
		    i.payment_intent_id, to_timestamp(i.event_created),
		    p_payloads[i.ordinality]
		from plain i
	), payment as (
		insert into teamdues.payments (session_id, payment_intent_id,
		    livemode, is_our_mode, amount_cents, currency,
		    stripe_created, customer_id, email, client_reference_id,
		    metadata_order_id, metadata_player_id,
		    metadata_product_id, metadata_teamdues, metadata_keys,
		    payment_link, payer_name, metadata_word, metadata_player,
		    metadata_product, metadata_tournament, paid_at, place,
		    matched_order_id)
		select i.session_id, i.payment_intent_id, i.livemode,
		    i.is_our_mode, i.amount_cents, i.currency,
		    to_timestamp(i.created), i.customer_id, i.email,
		    i.client_reference_id, i.metadata_order_id,
		    i.metadata_player_id, i.metadata_product_id,
		    i.metadata_teamdues, coalesce(i.metadata_keys, '{}'),
		    i.payment_link, i.payer_name, i.metadata_word,
		    i.metadata_player, i.metadata_product,
		    i.metadata_tournament, to_timestamp(i.at), 'order',
		    i.order_id
		from plain i
	), session as (
		update teamdues.checkout_sessions s
		set status = 'complete'
		from plain i
		where s.session_id = i.session_id
	), paid as (
		update teamdues.orders o
		set status = 'paid',
		    payment_source = 'stripe',
		    paid_at = to_timestamp(i.at),
		    paid_cents = i.amount_cents
		from plain i
		where o.order_id = i.order_id
	), listed as (
		delete from teamdues.listed_orders l
		using plain i
		where l.order_id = i.order_id
	), receipt as (
		insert into teamdues.emails (kind, player_id, order_id,
		    recipient, facts, day)
		select 'receipt', i.player_id, i.order_id, r.email,
		    teamdues.receipt_facts(i.amount_cents, i.currency), p_day
		from plain i
		cross join lateral (
		    select x.email
		    from teamdues.players y
		    join teamdues.parents x on x.parent_id = y.parent_id
		    where y.player_id = i.player_id and x.email is not null
		    offset 0) r
		where p_day is not null
		and not exists (select from teamdues.emails e
		    where coalesce(e.order_id, 0) = i.order_id
		    and e.kind = 'receipt' offset 0)
	)
	select array_agg(i.ordinality), array_agg(i.order_id)
	into v_places, v_orders
	from plain i;

	for n in 1 .. coalesce(cardinality(v_places), 0) loop
		p_done[v_places[n]] := row(null, '', v_orders[n], false);
	end loop;
	return p_done;
end
$$;
