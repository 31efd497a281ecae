-- Sessions that something else made for orders of ours.  p_lines is an array of
--   { "order_id", "session_id", "is_anyway",
--     "customer_id", "email", "payer_name": who pays, as far as is known,
--     "session": { url, amount_cents, currency, livemode, created,
--       expires_at }, absent when Stripe does not know it,
--     "item": what teamdues.record takes, absent while it is open }
-- All lines are adopted in one transaction, or none when one cannot be.
--
-- Gives a row per line, in their order.  result:
--   adopt    it is the order's session now
--   same     it was before
--   end      it is open, while its order has an open session or is not
--            pending: to be expired at Stripe, then brought again
--   first    it brings a payment, while open_session_id is the order's: that
--            one is to be expired first
--   other    it is known under known_order_id
--   unknown  there is no such order
--   lost     Stripe does not know it
--   doubt    another pays than the order's family, or the order needs no
--            payment, and is_anyway does not say that it is right: left out,
--            by reason
-- status and reason: how the order stands after it, and what is said against
-- the payment that it brought; order_status: how it stood before.
create or replace function teamdues.adopt_sessions(
	p_lines jsonb,
	p_actor text,
	p_commit boolean)
returns table (result text, known_order_id bigint, open_session_id text,
	status text, reason text, order_status text, player_name text,
	team text, product_name text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_rows jsonb[] := '{}';
	v_line jsonb;
	v_bad boolean := false;
begin
	begin
		-- A payment may have been recorded before its session is known.
		perform lock_books();
		for v_line in select x from jsonb_array_elements(p_lines) x
		loop
			v_rows := array_append(v_rows,
			    to_jsonb(adopt_session(v_line, p_commit)));
		end loop;
		select bool_or(x ->> 'result' not in ('adopt', 'same', 'doubt'))
		into v_bad
		from unnest(v_rows) x;
		if v_bad or not p_commit then
			raise exception using errcode = 'TD001';
		end if;
		insert into audit_log (actor, action, order_id, subject,
		    detail)
		select p_actor, 'adopt session', (l ->> 'order_id')::bigint,
		    l ->> 'session_id', coalesce(x.row ->> 'reason', '')
		from unnest(v_rows) with ordinality x (row, n)
		cross join lateral (
		    select p_lines -> (x.n - 1)::integer as l) y
		where x.row ->> 'result' = 'adopt'
		order by x.n;
	exception when sqlstate 'TD001' then
		null;
	end;
	return query
	select x.row ->> 'result', (x.row ->> 'known_order_id')::bigint,
	    x.row ->> 'open_session_id', x.row ->> 'status', x.row ->> 'reason',
	    x.row ->> 'order_status', y.name, y.team, c.name
	from unnest(v_rows) with ordinality x (row, n)
	left join orders o on o.order_id
	    = (p_lines -> (x.n - 1)::integer ->> 'order_id')::bigint
	left join players y on y.player_id = o.player_id
	left join products c on c.product_id = o.product_id
	order by x.n;
end
$$;

-- Whether Stripe has said anything of a session yet.
create or replace function teamdues.is_session_told(p_session_id text)
returns boolean
language sql stable as $$
	select exists (select from teamdues.payments p
	        where p.session_id = p_session_id)
	    or exists (select from teamdues.session_facts f
	        where f.session_id = p_session_id)
$$;

-- Whether a session brings a payment, as far as its line or the books tell.
create or replace function teamdues.brings_payment(
	p_session_id text,
	p_line jsonb)
returns boolean
language sql stable as $$
	select coalesce(p_line #>> '{item,word}' <> 'expired', false)
	    or exists (select from teamdues.payments p
	        where p.session_id = p_session_id)
$$;

-- Why a line is left out unless somebody insists: what was paid in it is
-- somebody else's or one payment too many; or, where nothing was, it is made
-- out to somebody else.  Null: it is not.
create or replace function teamdues.line_doubt(
	p_line jsonb,
	p_order teamdues.orders)
returns text
language sql stable as $$
	select case
	when coalesce((p_line ->> 'is_anyway')::boolean, false)
	    or p_line #>> '{item,word}' = 'expired' then null
	when p_line ? 'item' then coalesce(teamdues.settled_fault(p_order),
	    teamdues.stranger_fault(p_line ->> 'customer_id',
	        p_line ->> 'email', p_line ->> 'payer_name', p_order))
	when p_line ? 'customer_id' or p_line ? 'email'
	then teamdues.stranger_fault(p_line ->> 'customer_id',
	    p_line ->> 'email', p_line ->> 'payer_name', p_order) end
$$;

-- Without p_commit it is adopted whatever is open: all is undone again, and
-- what it comes to is known.
create or replace function teamdues.adopt_session(
	p_line jsonb,
	p_commit boolean,
	out result text,
	out known_order_id bigint,
	out open_session_id text,
	out status text,
	out reason text,
	out order_status text)
language plpgsql as $$
declare
	v_id text := p_line ->> 'session_id';
	v_order teamdues.orders;
	v_doubt text;
begin
	select * into v_order
	from teamdues.orders o
	where o.order_id = (p_line ->> 'order_id')::bigint;
	status := v_order.status;
	order_status := v_order.status;
	v_doubt := teamdues.line_doubt(p_line, v_order);
	select s.order_id into known_order_id
	from teamdues.checkout_sessions s
	where s.session_id = v_id;
	select s.session_id into open_session_id
	from teamdues.checkout_sessions s
	where s.order_id = v_order.order_id and s.status = 'open';
	result := case
	when known_order_id = v_order.order_id then 'same'
	when known_order_id is not null then 'other'
	when v_order.order_id is null then 'unknown'
	when not p_line ? 'session' then 'lost'
	when v_doubt is not null then 'doubt'
	when not p_line ? 'item' and not teamdues.is_session_told(v_id)
	    and (v_order.status <> 'pending' or open_session_id is not null)
	then 'end'
	when open_session_id is not null
	    and teamdues.brings_payment(v_id, p_line)
	then 'first'
	else 'adopt' end;
	reason := case when result = 'doubt' then v_doubt else '' end;
	if result <> 'adopt' and (result <> 'first' or p_commit) then
		return;
	end if;
	perform teamdues.take_session(v_id, v_order.order_id, p_line);
	select o.status into status
	from teamdues.orders o
	where o.order_id = v_order.order_id;
	select p.reason into reason
	from teamdues.payments p
	where p.session_id = v_id;
	reason := coalesce(reason, '');
end
$$;

-- With its item the session ends as Stripe shows it; without one it is open,
-- unless more was recorded of it meanwhile.
create or replace function teamdues.take_session(
	p_session_id text,
	p_order_id bigint,
	p_line jsonb)
returns void
language plpgsql as $$
declare
	v_session jsonb := p_line -> 'session';
begin
	insert into teamdues.checkout_sessions (session_id, order_id, origin,
	    livemode, amount_cents, currency, url, status, stripe_created,
	    expires_at)
	values (p_session_id, p_order_id, 'adopted',
	    (v_session ->> 'livemode')::boolean,
	    (v_session ->> 'amount_cents')::bigint, v_session ->> 'currency',
	    v_session ->> 'url',
	    case when p_line ? 'item' or teamdues.is_session_told(p_session_id)
	        then 'expired' else 'open' end,
	    to_timestamp((v_session ->> 'created')::bigint),
	    to_timestamp((v_session ->> 'expires_at')::bigint));
	if p_line ? 'item' then
		perform teamdues.record(
		    jsonb_build_array(p_line -> 'item'), '{}', null);
	end if;
	perform teamdues.refresh_sessions(array[p_session_id]);
	perform teamdues.refresh_payments(array[p_session_id]);
end
$$;

-- The sessions of an order, oldest first.
create or replace function teamdues.sessions_of_order(p_order_id bigint)
returns table (session_id text, status text, is_adopted boolean)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select s.session_id, s.status, s.origin = 'adopted'
	from checkout_sessions s
	where s.order_id = p_order_id
	order by s.stripe_created, s.session_id
$$;
