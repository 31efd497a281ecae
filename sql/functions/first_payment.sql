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
