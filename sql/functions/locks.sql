-- The locks of everything that changes a standing, in the order that everybody
-- keeps: the anchor rows of payment intents, then of sessions, then orders, each
-- by ascending id.

create or replace function teamdues.lock_session(p_session_id text) returns void
language plpgsql as $$
begin
	insert into teamdues.stripe_sessions (session_id)
	values (p_session_id)
	on conflict do nothing;
	perform from teamdues.stripe_sessions s
	where s.session_id = p_session_id
	for no key update;
end
$$;

create or replace function teamdues.lock_intent(p_payment_intent_id text) returns void
language plpgsql as $$
begin
	insert into teamdues.payment_intents (payment_intent_id)
	values (p_payment_intent_id)
	on conflict do nothing;
	perform from teamdues.payment_intents i
	where i.payment_intent_id = p_payment_intent_id
	for no key update;
end
$$;

-- All that the items of teamdues.record may touch.  A payment that is known by
-- its intent is so after the intent is locked, and its session with it.
create or replace function teamdues.lock_items(p_items jsonb) returns void
language plpgsql as $$
declare
	v_intents text[];
	v_sessions text[];
	v_id text;
begin
	select array_agg(distinct teamdues.item_intent(i)) into v_intents
	from jsonb_array_elements(p_items) i
	where teamdues.item_intent(i) is not null;
	for v_id in
		select x from unnest(v_intents) x order by x collate "C"
	loop
		perform teamdues.lock_intent(v_id);
	end loop;

	select array_agg(x.id) into v_sessions
	from (select i #>> '{session,id}' as id
	    from jsonb_array_elements(p_items) i
	    union
	    select p.session_id
	    from teamdues.payments p
	    where p.payment_intent_id = any (v_intents)) x
	where x.id is not null;
	for v_id in
		select x from unnest(v_sessions) x order by x collate "C"
	loop
		perform teamdues.lock_session(v_id);
	end loop;

	perform from teamdues.orders o
	where o.order_id in (
	    select teamdues.session_orders(x) from unnest(v_sessions) x
	    union
	    select teamdues.reference_id(i #>> '{session,order_id}')
	    from jsonb_array_elements(p_items) i
	    union
	    select teamdues.reference_id(i #>> '{session,client_reference_id}')
	    from jsonb_array_elements(p_items) i)
	order by o.order_id
	for no key update;
end
$$;

-- Every order that a known session may concern: by the session itself, by what
-- it matched, and by what its payment names.
create or replace function teamdues.session_orders(p_session_id text)
returns setof bigint
language sql stable as $$
	select s.order_id
	from teamdues.checkout_sessions s
	where s.session_id = p_session_id
	union
	select pp.matched_order_id
	from teamdues.payment_places pp
	where pp.session_id = p_session_id
	union
	select x
	from teamdues.payments p
	cross join lateral unnest(array[
	    teamdues.reference_id(p.metadata_order_id),
	    teamdues.reference_id(p.client_reference_id)]) x
	where p.session_id = p_session_id
$$;
