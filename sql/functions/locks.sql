-- The locks of teamdues.record, in the order that everybody keeps: the anchor
-- rows of sessions by ascending id, then orders by ascending id.

create function teamdues.lock_session(p_session_id text) returns void
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

create function teamdues.lock_sessions(p_items jsonb) returns void
language plpgsql as $$
declare
	v_id text;
begin
	for v_id in
		select distinct (i #>> '{session,id}') collate "C" as id
		from jsonb_array_elements(p_items) i
		where i #>> '{session,id}' is not null
		order by id
	loop
		perform teamdues.lock_session(v_id);
	end loop;
end
$$;

-- Every order that an item may concern: what its session, its references or an
-- earlier match say.
create function teamdues.lock_orders(p_items jsonb) returns void
language plpgsql as $$
begin
	perform from teamdues.orders o
	where o.order_id in (
	    select s.order_id
	    from jsonb_array_elements(p_items) i
	    join teamdues.checkout_sessions s
	        on s.session_id = i #>> '{session,id}'
	    union
	    select pp.matched_order_id
	    from jsonb_array_elements(p_items) i
	    join teamdues.payment_places pp
	        on pp.session_id = i #>> '{session,id}'
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
