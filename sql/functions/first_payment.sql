-- A click on a first payment's link: the player's one order of kind fee, with
-- the amount that the link carries.  result:
--   ready   order_id may be paid for that amount, or is settled
--   close   its open session asks for another amount: expire it first
--   unknown no such player
-- An order that the treasurer adjusted keeps the adjusted amount, and one that
-- is paid or waived in part its own.
create or replace function teamdues.open_fee_order(
	p_player_id bigint,
	p_amount_cents bigint,
	p_currency text,
	out result text,
	out order_id bigint,
	out session_id text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_order orders;
begin
	insert into orders (player_id, product_id, kind, amount_cents, currency)
	select y.player_id, p.product_id, p.kind, p_amount_cents, p_currency
	from players y
	cross join products p
	where y.player_id = p_player_id and p.kind = 'fee'
	and not exists (select from orders o
	    where o.player_id = p_player_id and o.kind = 'fee')
	on conflict do nothing;
	select f.order_id into order_id
	from fee_order(p_player_id) f;
	if not found then
		result := 'unknown';
		return;
	end if;
	result := 'ready';
	v_order := lock_order(order_id);
	if v_order.status <> 'pending'
	    or (v_order.amount_cents, v_order.currency)
	        = (p_amount_cents, p_currency)
	    or adjusted_cents(v_order) is not null then
		return;
	end if;
	select s.session_id into session_id
	from checkout_sessions s
	where s.order_id = v_order.order_id and s.status = 'open';
	if found then
		result := 'close';
		return;
	end if;
	update orders o
	set amount_cents = p_amount_cents, currency = p_currency
	where o.order_id = v_order.order_id;
	-- A payment may wait for just this amount.
	perform refresh_order(v_order.order_id);
end
$$;

-- That a person opened it, before its family did: once for an order.
create or replace function teamdues.fee_opened(p_order_id bigint, p_actor text)
returns boolean
language sql security definer
set search_path = teamdues, pg_temp as $$
	insert into audit_log (actor, action, order_id, detail)
	select p_actor, 'open fee', o.order_id,
	    money_text(o.amount_cents) || ' ' || o.currency
	from orders o
	where o.order_id = p_order_id
	and not exists (select from audit_log a
	    where a.order_id = o.order_id and a.action = 'open fee')
	returning true
$$;

-- A player's one order of kind fee; of several the one that was not cancelled.
create or replace function teamdues.fee_order(p_player_id bigint)
returns setof teamdues.orders
language sql stable as $$
	select *
	from teamdues.orders o
	where o.player_id = p_player_id and o.kind = 'fee'
	order by o.cancelled_at nulls first, o.order_id desc
	limit 1
$$;

-- What is asked for an order whose amount is the treasurer's: adjusted, or paid
-- or waived in part; null for any other.
create or replace function teamdues.adjusted_cents(p_order teamdues.orders)
returns bigint
language sql stable as $$
	select teamdues.left_cents(p_order)
	where p_order.paid_cents > 0 or p_order.waived_cents > 0 or exists (
	    select from teamdues.audit_log a
	    where a.order_id = p_order.order_id and a.action = 'adjust')
$$;

-- Who may be asked for a first payment, and why the others may not (reason; ""
-- for those who may); p_again: having been asked today is no reason.
-- adjusted_cents is what the treasurer made of the player's order, whatever the
-- fee.  Only who has no fee order but cancelled ones is looked up in those.
create or replace function teamdues.first_payment_asks(
	p_zone text,
	p_again boolean)
returns table (player_id bigint, word text, player_name text, recipient text,
	monthly_fee_cents bigint, adjusted_cents bigint, day date,
	month_ends bigint, reason text)
language sql stable as $$
	select y.player_id, coalesce(y.word, ''), y.name,
	    coalesce(r.email, ''), y.monthly_fee_cents,
	    case when o.status = 'pending' then teamdues.adjusted_cents(o) end,
	    d.day,
	    extract(epoch from teamdues.month_end(d.day, p_zone))::bigint,
	    case
	    when not y.active then 'not active'
	    when r.parent_id is null then 'no parent known'
	    when r.email is null then 'parent has no e-mail address'
	    when coalesce(o.status, c.status) <> 'pending'
	    then 'first payment ' || coalesce(o.status, c.status)
	    when w.fault is not null then w.fault
	    when not p_again and (
	        select true
	        from teamdues.emails e
	        where coalesce(e.order_id, 0) = 0
	        and e.kind = 'first_payment' and e.player_id = y.player_id
	        and e.day = d.day
	        limit 1)
	    then 'mailed today already'
	    else coalesce(h.fault, '') end
	from teamdues.players y
	cross join (select teamdues.asking_fault() as fault offset 0) h
	cross join (select teamdues.club_day(p_zone) as day offset 0) d
	left join teamdues.parents r on r.parent_id = y.parent_id
	left join teamdues.orders o on o.player_id = y.player_id
	    and o.kind = 'fee' and o.cancelled_at is null
	left join lateral (
	    select f.status
	    from teamdues.fee_order(y.player_id) f
	    where o.order_id is null
	    offset 0) c on true
	left join lateral (
	    select teamdues.money_fault(o, y.parent_id) as fault
	    where r.email is not null and y.active
	    and coalesce(o.status, c.status, 'pending') = 'pending'
	    and y.parent_id in (select d from teamdues.parents_in_doubt() d)
	    offset 0) w on true
$$;
