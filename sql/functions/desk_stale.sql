-- Whether a page of the desk is too old to act on.

-- What an order looked like: another text once anything about it has changed.
create or replace function teamdues.order_seen(p_order_id bigint) returns text
language sql stable as $$
	select md5(concat_ws('|', o.status, o.amount_cents, o.waived_cents,
	    o.paid_cents, o.refunded_cents, (
	        select max(a.audit_id)
	        from teamdues.audit_log a
	        where a.order_id = o.order_id)))
	from teamdues.orders o
	where o.order_id = p_order_id
$$;

-- When something about an order changed last, as far as that is kept.
create or replace function teamdues.order_changed_at(p_order_id bigint)
returns timestamptz
language sql stable as $$
	select greatest((
	    select max(a.at)
	    from teamdues.audit_log a
	    where a.order_id = p_order_id), (
	    select max(greatest(p.recorded_at, (
	        select max(e.received_at)
	        from teamdues.stripe_events e
	        where coalesce(e.payment_intent_id, e.session_id)
	            = p.payment_intent_id)))
	    from teamdues.payments_of_order(p_order_id) p))
$$;

-- Why a page is too old to act on; null when it is not, or when it did not say
-- what it showed.
create or replace function teamdues.stale_fault(
	p_order_id bigint,
	p_seen text,
	p_zone text)
returns text
language sql stable as $$
	select format('order %s changed%s; look again', p_order_id,
	    coalesce(to_char(teamdues.order_changed_at(p_order_id)
	        at time zone p_zone, ' "at" HH24:MI'), ''))
	where teamdues.order_seen(p_order_id) <> p_seen
$$;

-- Whatever an act may change is locked before it is compared with what the page
-- showed, in the order of locks.sql.
create or replace function teamdues.desk_stale(
	p_request teamdues.desk_requests,
	p_seen text,
	p_zone text)
returns text
language plpgsql as $$
begin
	if p_seen is null then
		return null;
	elsif p_request.action in ('tournament_change', 'tournament_enter') then
		return teamdues.tournament_stale(p_request.args, p_seen);
	elsif p_request.action like 'product\_%' then
		return teamdues.product_stale(
		    (p_request.args ->> 'product_id')::bigint, p_seen);
	elsif p_request.order_id is null then
		return null;
	elsif p_request.action = 'attach' then
		perform teamdues.lock_payment(p_request.args ->> 'payment',
		    p_request.order_id);
	else
		perform teamdues.lock_order(p_request.order_id);
	end if;
	return teamdues.stale_fault(p_request.order_id, p_seen, p_zone);
end
$$;
