-- From the facts to what follows from them.  Callers hold the locks: the anchor
-- rows of intent and session, and the order's.

-- One payment: where it stands by itself, then its order with all the others.
create or replace function teamdues.refresh_payment(p_session_id text) returns void
language plpgsql as $$
declare
	v_previous bigint;
	v_matched bigint;
begin
	select pp.matched_order_id into v_previous
	from teamdues.payment_places pp
	where pp.session_id = p_session_id;

	insert into teamdues.payment_places as pp (session_id, place, reason,
	    order_id, matched_order_id, suggested_order_id)
	select p.session_id, s.place, s.reason, s.order_id, s.order_id,
	    s.suggested_order_id
	from teamdues.payments p
	cross join lateral teamdues.payment_standing(p) s
	where p.session_id = p_session_id
	on conflict (session_id) do update
	set place = excluded.place,
	    reason = excluded.reason,
	    order_id = excluded.order_id,
	    matched_order_id = excluded.matched_order_id,
	    suggested_order_id = excluded.suggested_order_id
	returning pp.matched_order_id into v_matched;

	if v_previous is distinct from v_matched then
		perform teamdues.refresh_order(v_previous);
	end if;
	perform teamdues.refresh_order(v_matched);
end
$$;

-- Where a payment stands by itself, whatever else its order was paid with.
create or replace function teamdues.payment_standing(
	p_payment teamdues.payments,
	out place text,
	out reason text,
	out order_id bigint,
	out suggested_order_id bigint)
language plpgsql stable as $$
declare
	v_match record := teamdues.match_payment(p_payment);
	v_settled record;
begin
	place := v_match.place;
	reason := v_match.reason;
	order_id := v_match.order_id;
	suggested_order_id := v_match.suggested_order_id;
	if place not in ('unmatched', 'review') then
		return;
	end if;
	v_settled := teamdues.payment_settled(p_payment, place);
	if v_settled.place is not null then
		place := v_settled.place;
		reason := v_settled.reason;
	elsif teamdues.session_state(p_payment.session_id)
	    in ('unpaid', 'failed') then
		-- Nobody need be woken for money that has not come.
		place := 'waiting';
		reason := 'not paid; ' || reason;
	end if;
end
$$;

-- One order: its columns, and where each payment that matches it stands.
create or replace function teamdues.refresh_order(p_order_id bigint) returns void
language plpgsql as $$
declare
	v_order teamdues.orders;
	v_standing record;
begin
	select * into v_order
	from teamdues.orders o
	where o.order_id = p_order_id;
	if not found then
		return;
	end if;
	update teamdues.payment_places pp
	set place = g.place,
	    reason = g.reason,
	    order_id = case when g.place = 'order' then p_order_id end,
	    suggested_order_id = case when g.place <> 'order'
	        then p_order_id end
	from teamdues.order_payments(p_order_id) g
	where pp.session_id = g.session_id
	and (pp.place, pp.reason) <> (g.place, g.reason);

	v_standing := teamdues.order_standing(v_order);
	update teamdues.orders o
	set status = v_standing.status,
	    payment_source = v_standing.payment_source,
	    payment_intent_id = v_standing.payment_intent_id,
	    paid_at = v_standing.paid_at,
	    refunded_cents = v_standing.refunded_cents
	where o.order_id = p_order_id
	and (o.status, o.payment_source, o.payment_intent_id, o.paid_at,
	    o.refunded_cents) is distinct from (v_standing.status,
	    v_standing.payment_source, v_standing.payment_intent_id,
	    v_standing.paid_at, v_standing.refunded_cents);
end
$$;

-- The payments that match an order: its own counts, and so does one that is
-- under way; any other that still holds money is for a person to see.
create or replace function teamdues.order_payments(p_order_id bigint)
returns table (session_id text, place text, reason text)
language sql stable as $$
	select p.session_id,
	    case
	    when d.place is not null then d.place
	    when teamdues.session_state(p.session_id) <> 'paid'
	        or p.session_id = own.session_id then 'order'
	    when teamdues.money_gone(p) is not null then 'settled'
	    else 'review' end,
	    case
	    when d.place is not null then d.reason
	    when teamdues.session_state(p.session_id) <> 'paid'
	        or p.session_id = own.session_id then ''
	    when teamdues.money_gone(p) is not null
	    then teamdues.money_gone(p)
	    else format('order %s is already paid %s', p_order_id,
	        case when own.session_id is null then 'by other means'
	        else 'by another payment' end) end
	from teamdues.payment_places pp
	join teamdues.payments p using (session_id)
	cross join teamdues.own_payment(p_order_id) own
	left join lateral (
	    select case when x.is_not_ours then 'foreign' else 'settled' end
	        as place,
	        format('dismissed by %s: %s', x.actor, x.reason) as reason
	    from teamdues.dismissals x
	    where x.subject = p.session_id
	    and teamdues.session_state(p.session_id) = 'paid'
	    and p.session_id is distinct from own.session_id) d on true
	where pp.matched_order_id = p_order_id
$$;

-- The status of a session of ours follows its facts; without any it stays.
create or replace function teamdues.refresh_session(p_session_id text) returns void
language sql as $$
	update teamdues.checkout_sessions s
	set status = case teamdues.session_state(p_session_id)
	    when 'expired' then 'expired' else 'complete' end
	where s.session_id = p_session_id
	and teamdues.session_state(p_session_id) is not null
$$;
