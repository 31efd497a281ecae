-- The locks of everything that changes where money stands, in the order that
-- everybody keeps: payment intents, then sessions, each in the order of their
-- locks, then orders by ascending id; all of them to the end of the
-- transaction.
--
-- A session or an intent need not be known to be locked: the lock is on its id.
-- That makes "the session becomes known" and "its payment arrives" see each
-- other, whichever commits first; and so a refund and its payment.  Two ids
-- whose hashes collide only wait for each other.  What concerns all payments at
-- once (a rule) locks the books instead: everybody else shares these.

create or replace function teamdues.lock_books() returns void
language sql as $$
	select pg_advisory_xact_lock(hashtextextended('teamdues books', 0))
$$;

create or replace function teamdues.share_books() returns void
language sql as $$
	select pg_advisory_xact_lock_shared(
	    hashtextextended('teamdues books', 0))
$$;

create or replace function teamdues.lock_intents(p_ids text[]) returns void
language plpgsql as $$
begin
	perform teamdues.share_books();
	perform pg_advisory_xact_lock(x.key)
	from (select distinct hashtextextended(i, 1) as key
	    from unnest(p_ids) i
	    where i is not null
	    order by 1) x;
end
$$;

create or replace function teamdues.lock_sessions(p_ids text[]) returns void
language plpgsql as $$
begin
	perform teamdues.share_books();
	perform pg_advisory_xact_lock(x.key)
	from (select distinct hashtextextended(s, 2) as key
	    from unnest(p_ids) s
	    where s is not null
	    order by 1) x;
end
$$;

create or replace function teamdues.lock_orders(p_ids bigint[]) returns void
language plpgsql as $$
begin
	perform from teamdues.orders o
	where o.order_id = any (p_ids)
	order by o.order_id
	for no key update;
end
$$;

-- A reference that could be one of our ids: a decimal bigint.  Anything else
-- (a web shop's "WC-12") refers to something of somebody else's.
create or replace function teamdues.reference_id(p_text text) returns bigint
language sql immutable as $$
	select case when p_text ~ '^[1-9][0-9]*$' and length(p_text) <= 18
	    then p_text::bigint end
$$;

-- Every order that known sessions may concern: by the session itself, by what
-- its payment matched, and by what its payment names.
create or replace function teamdues.orders_of_sessions(p_ids text[])
returns setof bigint
language sql stable as $$
	select s.order_id
	from teamdues.checkout_sessions s
	where s.session_id = any (p_ids)
	union all
	select r.order_id
	from teamdues.payments p
	cross join lateral unnest(array[p.matched_order_id,
	    teamdues.reference_id(p.metadata_order_id),
	    teamdues.reference_id(p.client_reference_id)]) r (order_id)
	where p.session_id = any (p_ids) and r.order_id is not null
$$;

-- All that items of teamdues.record may touch.  A payment that is known by its
-- intent is so after the intent is locked, and its session with it.
create or replace function teamdues.lock_items(p_items teamdues.fact_item[])
returns void
language plpgsql as $$
declare
	v_intents text[];
	v_sessions text[];
	v_named bigint[];
begin
	select array_agg(i.payment_intent_id), array_agg(i.session_id),
	    array_agg(teamdues.reference_id(i.metadata_order_id))
	    || array_agg(teamdues.reference_id(i.client_reference_id))
	into v_intents, v_sessions, v_named
	from unnest(p_items) i;
	perform teamdues.lock_intents(v_intents);
	v_sessions := v_sessions || array(select p.session_id
	    from teamdues.payments p
	    where p.payment_intent_id = any (v_intents));
	perform teamdues.lock_sessions(v_sessions);
	perform teamdues.lock_orders(v_named || array(
	    select o from teamdues.orders_of_sessions(v_sessions) o));
end
$$;
