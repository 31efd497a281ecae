-- Whether a page of the desk is too old to act on, or something else is under
-- way.

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

-- The same of a payment.
create or replace function teamdues.payment_seen(p_payment teamdues.payments)
returns text
language sql stable as $$
	select md5(concat_ws('|', p_payment.place, p_payment.matched_order_id,
	    teamdues.refunded_cents(p_payment.payment_intent_id), (
	        select count(*)
	        from teamdues.dismissals d
	        where d.subject = p_payment.session_id
	        and d.taken_back_at is null)))
$$;

-- Why a payment's page is too old.  An act on a payment may begin at the order
-- that it stands at, too, or at one that it would be given to.
create or replace function teamdues.payment_stale(
	p_request teamdues.desk_requests,
	p_seen text,
	p_zone text)
returns text
language plpgsql stable as $$
declare
	v_payment teamdues.payments := teamdues.find_payment(
	    p_request.args ->> 'payment');
begin
	if p_seen = teamdues.payment_seen(v_payment)
	    or p_seen = teamdues.order_seen(v_payment.matched_order_id) then
		return null;
	elsif p_request.order_id is null then
		return 'this payment changed; look again';
	end if;
	return teamdues.stale_fault(p_request.order_id, p_seen, p_zone);
end
$$;

-- Whatever an act may change is locked before it is compared with what the page
-- showed, in the order of locks.sql.  What is done at once to a payment alone
-- locks by itself.
create or replace function teamdues.desk_lock(
	p_request teamdues.desk_requests)
returns void
language plpgsql as $$
begin
	if p_request.action = 'attach' or p_request.action = 'refund'
	    and p_request.order_id is null then
		perform teamdues.lock_payment(p_request.args ->> 'payment',
		    p_request.order_id);
	elsif p_request.order_id is not null then
		perform teamdues.lock_order(p_request.order_id);
	end if;
end
$$;

create or replace function teamdues.desk_stale(
	p_request teamdues.desk_requests,
	p_seen text,
	p_zone text)
returns text
language plpgsql as $$
begin
	if p_seen is null then
		return null;
	elsif p_request.action in ('tournament_add', 'tournament_change',
	    'tournament_enter') then
		return teamdues.tournament_stale(p_request.args, p_seen);
	elsif p_request.action like 'product\_%' then
		return teamdues.product_stale(
		    (p_request.args ->> 'product_id')::bigint, p_seen);
	elsif p_request.args ? 'payment' then
		return teamdues.payment_stale(p_request, p_seen, p_zone);
	end if;
	return teamdues.stale_fault(p_request.order_id, p_seen, p_zone);
end
$$;

-- The order that a request is about, or that its payment stands at.
create or replace function teamdues.request_order(
	p_request teamdues.desk_requests)
returns bigint
language sql stable as $$
	select coalesce(p_request.order_id, (teamdues.find_payment(
	    p_request.args ->> 'payment')).matched_order_id)
$$;

-- Why an act has to wait; null when it need not.  While the clerk has one to
-- do, nobody can say what a second would come to: it may be the same once more,
-- and one that waits for Stripe would be done after those that were asked for
-- later.
create or replace function teamdues.busy_fault(
	p_request teamdues.desk_requests,
	p_zone text)
returns text
language sql stable as $$
	select format('%s is under way, for which %s asked at %s; look again '
	    'when that has ended', replace(r.action, '_', ' '), u.name,
	    to_char(r.asked_at at time zone p_zone, 'HH24:MI'))
	from teamdues.desk_requests r
	join teamdues.desk_users u on u.user_id = r.user_id
	where r.state in ('queued', 'working') and r.action <> 'ask_stripe'
	and p_request.action not in ('ask_stripe', 'remind')
	and (teamdues.request_order(r) = teamdues.request_order(p_request)
	    or r.args ->> 'payment' = p_request.args ->> 'payment')
	order by r.request_id
	limit 1
$$;
