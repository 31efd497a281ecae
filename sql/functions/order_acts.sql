-- What people decide about an order: each act as in payment_acts.sql.

-- The payments that stand where they do because of an order.
create or replace function teamdues.payments_of_order(p_order_id bigint)
returns setof teamdues.payments
language sql stable as $$
	select p.*
	from teamdues.payments p
	where p.matched_order_id = p_order_id
	union all
	select p.*
	from teamdues.payments p
	where p.suggested_order_id = p_order_id
	and p.matched_order_id is distinct from p_order_id
$$;

-- An order, locked with all that a change of it may move.
create or replace function teamdues.lock_order(p_order_id bigint)
returns teamdues.orders
language plpgsql as $$
declare
	v_intents text[];
	v_sessions text[];
	v_order teamdues.orders;
begin
	select array_agg(p.payment_intent_id), array_agg(p.session_id)
	into v_intents, v_sessions
	from teamdues.payments_of_order(p_order_id) p;
	perform teamdues.lock_intents(v_intents);
	perform teamdues.lock_sessions(v_sessions);
	perform teamdues.lock_orders(p_order_id || array(
	    select o from teamdues.orders_of_sessions(v_sessions) o));
	select * into v_order
	from teamdues.orders o
	where o.order_id = p_order_id;
	return v_order;
end
$$;

-- What stands where it does because of an order that was changed.
create or replace function teamdues.refresh_order(p_order_id bigint)
returns void
language plpgsql as $$
begin
	perform teamdues.refresh_payments(array(
	    select p.session_id from teamdues.payments_of_order(p_order_id) p));
	perform teamdues.refresh_orders(array[p_order_id]);
end
$$;

create or replace function teamdues.money_text(p_cents bigint) returns text
language sql immutable as $$
	select to_char(p_cents / 100.0, 'FM999990.00')
$$;

-- Who changed an order last, for whoever finds it other than expected.
create or replace function teamdues.last_act(p_order_id bigint) returns text
language sql stable as $$
	select format(' (%s by %s, %s UTC)', a.action, a.actor,
	    to_char(a.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'))
	from teamdues.audit_log a
	where a.order_id = p_order_id
	order by a.audit_id desc
	limit 1
$$;

-- Why an order cannot be unpaid again: a player has one of a kind at a time.
create or replace function teamdues.unpaid_fault(p_order_id bigint) returns text
language sql stable as $$
	select format('order %s cannot be owed again: the player has another '
	    'order for the same', p_order_id)
$$;

-- The recorded payment that is meant: of that reference, or the only one.
create or replace function teamdues.recorded_to_take_back(
	p_order_id bigint,
	p_reference text)
returns setof teamdues.recorded_payments
language sql stable as $$
	select *
	from teamdues.recorded_payments r
	where r.order_id = p_order_id and r.taken_back_at is null
	and (p_reference is null or r.reference = p_reference)
$$;

-- Cash needs no reference: without one it gets its number among what was
-- recorded of the order, by which it can be taken back.
create or replace function teamdues.with_reference(
	p_order_id bigint,
	p_change jsonb)
returns jsonb
language sql stable as $$
	select case when p_change ->> 'source' = 'cash'
	    and coalesce(p_change ->> 'reference', '') = ''
	    then p_change || jsonb_build_object('reference', (
	        select 'no. ' || min(n)
	        from generate_series(1, (
	            select count(*) + 1
	            from teamdues.recorded_payments r
	            where r.order_id = p_order_id)) n
	        where not exists (select from teamdues.recorded_payments r
	            where r.order_id = p_order_id
	            and r.reference = 'no. ' || n)))
	    else p_change end
$$;

-- The reference that somebody wrote down: not the number above, which says
-- nothing to who keeps the books.
create or replace function teamdues.told_reference(
	p_source text,
	p_reference text)
returns text
language sql immutable as $$
	select p_reference
	where p_reference <> ''
	and not (p_source = 'cash' and p_reference ~ '^no\. [0-9]+$')
$$;

-- The day on which recorded money came, in the club's zone; null when that is
-- today.
create or replace function teamdues.earlier_day(p_change jsonb) returns date
language sql stable as $$
	select nullif((p_change ->> 'received_on')::date,
	    (now() at time zone (p_change ->> 'zone'))::date)
$$;

-- Why recorded money cannot have come on that day.
create or replace function teamdues.day_fault(p_change jsonb) returns text
language sql stable as $$
	select case
	when d.day > d.today then format('%s is still to come',
	    teamdues.desk_day(d.day, p_change ->> 'zone'))
	when d.day < d.today - interval '2 years'
	then format('%s is more than two years ago',
	    teamdues.desk_day(d.day, p_change ->> 'zone')) end
	from (
	    select (p_change ->> 'received_on')::date as day,
	        (now() at time zone (p_change ->> 'zone'))::date as today) d
$$;

-- How a change is the case already; null when it is not.
create or replace function teamdues.change_made(
	p_order teamdues.orders,
	p_change jsonb)
returns text
language sql stable as $$
	select case p_change ->> 'action'
	when 'cancel' then
		case when p_order.status = 'cancelled'
		then format('order %s is cancelled', p_order.order_id) end
	when 'waive' then
		case when p_order.status = 'waived'
		then format('order %s is waived', p_order.order_id) end
	when 'adjust' then
		case when p_order.status = 'pending' and p_order.amount_cents
		    = (p_change ->> 'amount_cents')::bigint
		then format('order %s is %s %s', p_order.order_id,
		    teamdues.money_text(p_order.amount_cents),
		    p_order.currency) end
	when 'record payment' then (
	    select format('order %s is paid by %s, reference %s', r.order_id,
	        r.source, r.reference)
	    from teamdues.recorded_payments r
	    where r.order_id = p_order.order_id and r.taken_back_at is null
	    and r.source = p_change ->> 'source'
	    and r.reference = p_change ->> 'reference'
	    limit 1) end
$$;

-- Why an order cannot be changed so; null when it can.
create or replace function teamdues.change_fault(
	p_order teamdues.orders,
	p_change jsonb)
returns text
language sql stable as $$
	select case
	when p_change ->> 'action' = 'reopen' then
		case when p_order.cancelled_at is null
		    and p_order.waived_cents = 0
		then format('order %s is %s, neither cancelled nor waived',
		    p_order.order_id, p_order.status) end
	when p_change ->> 'action' = 'unrecord payment' then (
	    select case count(*)
		when 1 then null
		when 0 then format('order %s has no such recorded payment',
		    p_order.order_id)
		else format('order %s has several: name the reference, one '
		    'of %s', p_order.order_id,
		    string_agg(r.reference, ', ' order by r.recorded_id)) end
	    from teamdues.recorded_to_take_back(p_order.order_id,
	        p_change ->> 'reference') r)
	when p_change ->> 'action' = 'record payment'
	    and coalesce(p_change ->> 'reference', '') = ''
	then 'a cheque needs its number, and a transfer the bank''s reference'
	when p_change ->> 'action' = 'record payment'
	    and teamdues.day_fault(p_change) is not null
	then teamdues.day_fault(p_change)
	when p_order.status <> 'pending'
	then format('order %s is %s%s', p_order.order_id, p_order.status,
	    teamdues.last_act(p_order.order_id))
	when p_change ->> 'action' = 'cancel' and p_order.paid_cents > 0
	then format('order %s is paid in part: waive the rest, or take the '
	    'payment back', p_order.order_id)
	when p_change ->> 'action' = 'adjust'
	    and (p_change ->> 'amount_cents')::bigint
	        < p_order.paid_cents + p_order.waived_cents
	then format('%s of order %s are paid or waived already',
	    teamdues.money_text(p_order.paid_cents + p_order.waived_cents),
	    p_order.order_id)
	when p_change ->> 'action' = 'record payment'
	    and (p_change ->> 'amount_cents')::bigint
	        > teamdues.left_cents(p_order)
	then format('of order %s only %s %s are left to pay',
	    p_order.order_id,
	    teamdues.money_text(teamdues.left_cents(p_order)),
	    p_order.currency) end
$$;

-- What a person does to an order: cancel, waive, adjust and record payment only
-- while it is pending and no session of it is open (the caller expires it
-- first); reopen takes back what cancel and waive did, unrecord payment what
-- record payment did.  result: done, already, refused, unknown.
create or replace function teamdues.change_order(
	p_order_id bigint,
	p_change jsonb,
	p_actor text,
	p_commit boolean,
	out result text,
	out detail text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_order orders := lock_order(p_order_id);
begin
	result := 'refused';
	p_change := with_reference(p_order_id, p_change);
	detail := change_made(v_order, p_change);
	if detail is not null then
		result := 'already';
		detail := detail || coalesce(last_act(p_order_id), '');
	elsif v_order.order_id is null then
		result := 'unknown';
		detail := format('no such order: %s', p_order_id);
	else
		detail := change_fault(v_order, p_change);
	end if;
	if detail is not null then
		return;
	elsif p_commit and v_order.status = 'pending'
	    and open_fault(p_order_id) is not null then
		detail := open_fault(p_order_id);
		return;
	end if;
	result := 'done';
	detail := change_detail(v_order, p_change);
	perform make_change(v_order, p_change, p_actor);
	detail := concat_ws('; ', detail, reopened_as(p_order_id, p_change));
	insert into audit_log (actor, action, order_id, detail)
	values (p_actor, p_change ->> 'action', p_order_id,
	    change_order.detail);
	if not p_commit then
		raise sqlstate 'TD001';
	end if;
exception
when sqlstate 'TD001' then
	null;
when unique_violation then
	result := 'refused';
	detail := unpaid_fault(p_order_id);
end
$$;

-- What came for an order while nobody had to pay it counts for it once it is
-- reopened: how the order stands then, in words; null when it is owed.
create or replace function teamdues.reopened_as(
	p_order_id bigint,
	p_change jsonb)
returns text
language sql stable as $$
	select format('with what came for it before, it is %s',
	    replace(o.status, '_', ' '))
	from teamdues.orders o
	where o.order_id = p_order_id and o.status <> 'pending'
	and p_change ->> 'action' = 'reopen'
$$;

create or replace function teamdues.make_change(
	p_order teamdues.orders,
	p_change jsonb,
	p_actor text)
returns void
language plpgsql as $$
begin
	case p_change ->> 'action'
	when 'cancel' then
		update teamdues.orders o set cancelled_at = now()
		where o.order_id = p_order.order_id;
	when 'waive' then
		update teamdues.orders o
		set waived_cents = o.amount_cents - o.paid_cents
		where o.order_id = p_order.order_id;
	when 'reopen' then
		update teamdues.orders o
		set cancelled_at = null, waived_cents = 0, status = 'pending'
		where o.order_id = p_order.order_id;
	when 'adjust' then
		update teamdues.orders o
		set amount_cents = (p_change ->> 'amount_cents')::bigint
		where o.order_id = p_order.order_id;
	when 'record payment' then
		insert into teamdues.recorded_payments (order_id, source,
		    reference, amount_cents, actor, received_on)
		values (p_order.order_id, p_change ->> 'source',
		    p_change ->> 'reference',
		    teamdues.part_cents(p_order, p_change), p_actor,
		    teamdues.earlier_day(p_change));
	when 'unrecord payment' then
		update teamdues.recorded_payments r
		set taken_back_at = now()
		where r.recorded_id in (
		    select x.recorded_id
		    from teamdues.recorded_to_take_back(p_order.order_id,
		        p_change ->> 'reference') x);
	end case;
	-- What is said against a payment may be the order's amount, or that it
	-- was not cancelled.
	perform teamdues.refresh_order(p_order.order_id);
end
$$;

-- How much of an order a recorded payment is: all that is left, unless it says.
create or replace function teamdues.part_cents(
	p_order teamdues.orders,
	p_change jsonb)
returns bigint
language sql immutable as $$
	select coalesce(nullif((p_change ->> 'amount_cents')::bigint, 0),
	    teamdues.left_cents(p_order))
$$;

create or replace function teamdues.change_detail(
	p_order teamdues.orders,
	p_change jsonb)
returns text
language sql stable as $$
	select case p_change ->> 'action'
	when 'adjust' then format('%s to %s %s: %s',
	    teamdues.money_text(p_order.amount_cents),
	    teamdues.money_text((p_change ->> 'amount_cents')::bigint),
	    p_order.currency, p_change ->> 'reason')
	when 'waive' then format('%s %s: %s',
	    teamdues.money_text(teamdues.left_cents(p_order)),
	    p_order.currency, p_change ->> 'reason')
	when 'reopen' then concat_ws(': ', format(
	    '%s %s of order %s, which was %s',
	    teamdues.money_text(p_order.amount_cents - p_order.paid_cents),
	    p_order.currency, p_order.order_id,
	    case when p_order.cancelled_at is not null then 'cancelled'
	    else 'waived' end), p_change ->> 'reason')
	when 'record payment' then concat_ws(', ', format(
	    '%s of %s %s by %s, reference %s',
	    teamdues.money_text(teamdues.part_cents(p_order, p_change)),
	    teamdues.money_text(p_order.amount_cents), p_order.currency,
	    p_change ->> 'source', p_change ->> 'reference'),
	    'received on ' || to_char(teamdues.earlier_day(p_change),
	        'FMDD Mon YYYY'))
	when 'unrecord payment' then (
	    select concat_ws(': ', format('%s %s by %s, reference %s',
	        teamdues.money_text(r.amount_cents), p_order.currency, r.source,
	        r.reference), p_change ->> 'reason')
	    from teamdues.recorded_to_take_back(p_order.order_id,
	        p_change ->> 'reference') r)
	else p_change ->> 'reason' end
$$;
