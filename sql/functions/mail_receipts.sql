-- Receipts: queued with what records a payment, in its transaction.

-- The day of receipts.  Null when none are wanted, or when the zone is none:
-- that one cannot be queued must not undo the payment.
create or replace function teamdues.receipt_day(p_zone text) returns date
language plpgsql stable as $$
begin
	return teamdues.club_day(p_zone);
exception when others then
	raise warning 'receipts are not queued: % (%)', sqlerrm, sqlstate;
	return null;
end
$$;

-- What a receipt tells.
create or replace function teamdues.receipt_facts(
	p_amount_cents bigint,
	p_currency text)
returns jsonb
language sql stable as $$
	select jsonb_build_object('amount_cents', p_amount_cents,
	    'currency', p_currency)
$$;

-- Receipts for what items of teamdues.record have just paid: one for an order,
-- or one for each payment of an order that is paid in parts, which says what is
-- left.
create or replace function teamdues.queue_receipts(
	p_items teamdues.fact_item[],
	p_done teamdues.done_item[],
	p_day date)
returns void
language plpgsql as $$
begin
	insert into teamdues.emails (kind, player_id, order_id, recipient,
	    facts, day, copy)
	select 'receipt', x.player_id, x.order_id, x.email,
	    teamdues.receipt_facts(x.amount_cents, x.currency)
	    || case when x.is_part
	    then jsonb_build_object('session_id', x.session_id,
	        'left_cents', x.left_cents) else '{}' end,
	    p_day, x.turn + case when x.is_part then (
	        select count(*)
	        from teamdues.emails e
	        where coalesce(e.order_id, 0) = x.order_id
	        and e.player_id = x.player_id and e.kind = 'receipt'
	        and e.day = p_day) else 0 end
	from (
	select o.player_id, o.order_id, r.email, p.amount_cents, o.currency,
	    i.session_id, i.ordinality, w.is_part,
	    teamdues.left_cents(o) as left_cents,
	    row_number() over (partition by o.order_id
	        order by i.ordinality) - 1 as turn
	from unnest(p_items) with ordinality i
	cross join lateral (
	    select *
	    from teamdues.payments x
	    where x.session_id = i.session_id
	    and x.payment_intent_id = i.payment_intent_id
	    and x.place = 'order' and x.paid_at is not null
	    offset 0) p
	cross join lateral (
	    select *
	    from teamdues.orders x
	    where x.order_id = p.matched_order_id
	    and x.status in ('paid', 'pending')
	    offset 0) o
	cross join lateral (
	    select o.status = 'pending' or o.paid_cents > p.amount_cents
	        as is_part) w
	cross join lateral (
	    select x.email
	    from teamdues.players y
	    join teamdues.parents x on x.parent_id = y.parent_id
	    where y.player_id = o.player_id and x.email is not null
	    offset 0) r
	where i.word = 'paid'
	and (p_done[i.ordinality]).settled is null
	and not exists (select from teamdues.emails e
	    where coalesce(e.order_id, 0) = o.order_id
	    and e.kind = 'receipt' and (not w.is_part
	    or e.facts ->> 'session_id' = i.session_id) offset 0)) x
	where x.turn = 0 or x.is_part
	order by x.order_id, x.ordinality
	on conflict do nothing;
end
$$;
