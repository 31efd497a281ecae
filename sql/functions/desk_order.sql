-- One order, as the desk shows it and acts on it.

-- The acts that an order allows as it is, as the desk names them.
create or replace function teamdues.desk_possible(p_order teamdues.orders)
returns jsonb
language sql stable as $$
	select coalesce(jsonb_agg(x.action order by x.rank), '[]')
	from (values
	    (1, 'record_payment', p_order.status = 'pending'),
	    (2, 'remind', p_order.status = 'pending'
	        and p_order.kind in ('tournament', 'fee')),
	    (3, 'adjust', p_order.status = 'pending'),
	    (4, 'waive', p_order.status = 'pending'),
	    (5, 'cancel', p_order.status = 'pending'
	        and p_order.paid_cents = 0),
	    (6, 'refund', exists (
	        select from teamdues.refund_sources(p_order.order_id, null) s
	        where s.fault is null and s.amount_cents > s.refunded_cents)),
	    (7, 'unrecord_payment', exists (
	        select from teamdues.recorded_to_take_back(p_order.order_id,
	            null))),
	    (8, 'reopen', teamdues.change_fault(p_order,
	        '{"action": "reopen"}') is null),
	    (9, 'ask_stripe', exists (
	        select from teamdues.checkout_sessions s
	        where s.order_id = p_order.order_id)))
	    x (rank, action, is_possible)
	where x.is_possible
$$;

-- What an order is, of whom, and what of it is owed.
create or replace function teamdues.desk_order_head(
	p_user teamdues.desk_users,
	p_order_id bigint,
	p_zone text)
returns setof jsonb
language sql stable as $$
	select jsonb_build_object(
	    'user', teamdues.desk_user_json(p_user),
	    'seen', teamdues.order_seen(o.order_id),
	    'order_id', o.order_id,
	    'player', y.name,
	    'parent_id', r.parent_id,
	    'parent', r.name,
	    'email', r.email,
	    'phone', nullif(r.phone, ''),
	    'item', coalesce(t.name, p.name),
	    'day', to_char(t.held_on, 'FMDD Mon YYYY'),
	    'kind', o.kind,
	    'quantity', o.quantity,
	    'status', o.status,
	    'ordered', teamdues.desk_time(o.created_at, p_zone),
	    'currency', o.currency,
	    'whole_cents', o.amount_cents,
	    'left_cents', case when o.status in ('pending', 'processing')
	        then teamdues.left_cents(o) else 0 end,
	    'paid_cents', o.paid_cents,
	    'given_cents', o.refunded_cents,
	    'waived_cents', o.waived_cents)
	from teamdues.orders o
	join teamdues.players y on y.player_id = o.player_id
	left join teamdues.parents r on r.parent_id = y.parent_id
	join teamdues.products p on p.product_id = o.product_id
	left join teamdues.tournaments t on t.tournament_id = o.tournament_id
	where o.order_id = p_order_id
$$;

-- No row: there is no such order.
create or replace function teamdues.desk_order_subject(
	p_session bytea,
	p_order_id bigint,
	p_zone text)
returns setof jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return query
	select h from desk_order_head(v_user, p_order_id, p_zone) h;
end
$$;

create or replace function teamdues.desk_order(
	p_session bytea,
	p_order_id bigint,
	p_zone text)
returns setof jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return query
	select h || jsonb_build_object('possible', desk_possible(o))
	from desk_order_head(v_user, p_order_id, p_zone) h
	join orders o on o.order_id = p_order_id;
end
$$;
