-- What the checkout programs ask and store.  billing/checkout.c decides; these
-- make each change of state atomic, and refuse the ones that came too late.

-- An order with all that minting its session takes.  No row: no such order.
-- spent: the attempt's session is stored and of no more use.  in_review: a
-- payment that may be for it waits for a person.  may_be_paid: its family's
-- money may be here (waiting.sql).
create or replace function teamdues.checkout_order(
	p_order_id bigint,
	p_livemode boolean)
returns table (order_id bigint, word text, kind text, player_id bigint,
	player_name text, product_id bigint,
	product_name text, tournament_name text, tournament_day text,
	quantity integer, status text,
	amount_cents bigint, left_cents bigint, currency text,
	attempt integer, spent boolean,
	parent_id bigint, parent_name text, parent_email text,
	parent_phone text, customer_id text, customer_attempt integer,
	installation_id text, session_id text, session_url text,
	session_amount_cents bigint, session_currency text,
	session_livemode boolean, session_expires_at bigint,
	in_review boolean, may_be_paid boolean, paid_at bigint,
	refunded_cents bigint, paid_cents bigint)
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
begin
	return query
	select o.order_id, coalesce(o.word, ''), o.kind, o.player_id, y.name,
	    o.product_id, p.name, coalesce(t.name, ''),
	    coalesce(t.held_on::text, ''), o.quantity, o.status, o.amount_cents,
	    left_cents(o), o.currency, o.attempt,
	    exists (select from checkout_sessions a
	        where a.order_id = o.order_id and a.attempt = o.attempt
	        and a.status <> 'open'),
	    r.parent_id, r.name, coalesce(r.email, ''), r.phone, c.customer_id,
	    r.customer_attempt, i.installation_id, s.session_id, s.url,
	    s.amount_cents, s.currency, s.livemode,
	    extract(epoch from s.expires_at)::bigint,
	    exists (select from payments m
	        where m.place = 'review'
	        and m.suggested_order_id = o.order_id)
	    or exists (select from payments m
	        where m.place = 'review'
	        and m.matched_order_id = o.order_id),
	    o.status = 'pending' and exists (
	        select from waiting_for(o, y.parent_id)),
	    extract(epoch from o.paid_at)::bigint, o.refunded_cents,
	    o.paid_cents
	from orders o
	join products p on p.product_id = o.product_id
	join players y on y.player_id = o.player_id
	join installation i on i.singleton
	left join tournaments t on t.tournament_id = o.tournament_id
	left join parents r on r.parent_id = y.parent_id
	left join stripe_customers c on c.parent_id = r.parent_id
	    and c.livemode = p_livemode and c.attempt = r.customer_attempt
	left join checkout_sessions s on s.order_id = o.order_id
	    and s.status = 'open'
	where o.order_id = p_order_id;
end
$$;

-- What has come and may be an order's: the newest of it, with its day in the
-- club's zone.  No row: nothing has.
create or replace function teamdues.waiting_payment(
	p_order_id bigint,
	p_zone text)
returns table (amount_cents bigint, currency text, email text, day text)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select w.amount_cents, w.currency, coalesce(w.email, ''),
	    (coalesce(w.paid_at, w.stripe_created)
	        at time zone p_zone)::date::text
	from orders o
	join players y on y.player_id = o.player_id
	cross join lateral waiting_for(o, y.parent_id) w
	where o.order_id = p_order_id
	order by coalesce(w.paid_at, w.stripe_created) desc
	limit 1
$$;

-- Stores a minted session.  result:
--   stored  it is the order's open session now, or was already
--   closed  it is known, and no longer open
--   follow  another open session is stored: use that one (its id and url)
--   moved   the order is no longer pending, or its amount or attempt moved
create or replace function teamdues.store_session(
	p_order_id bigint,
	p_attempt integer,
	p_session jsonb,
	out result text,
	out session_id text,
	out session_url text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_order orders;
	v_open checkout_sessions;
begin
	session_id := p_session ->> 'id';
	session_url := p_session ->> 'url';
	perform lock_sessions(array[session_id]);
	select * into v_order
	from orders o
	where o.order_id = p_order_id
	for no key update;
	select case s.status when 'open' then 'stored' else 'closed' end
	into result
	from checkout_sessions s
	where s.session_id = p_session ->> 'id' and s.order_id = p_order_id;
	if found then
		return;
	end if;
	if v_order.status <> 'pending' or v_order.attempt <> p_attempt
	    or left_cents(v_order) <> (p_session ->> 'amount_cents')::bigint
	    or v_order.currency <> p_session ->> 'currency' then
		result := 'moved';
		return;
	end if;
	select * into v_open
	from checkout_sessions s
	where s.order_id = p_order_id and s.status = 'open';
	if found then
		result := 'follow';
		session_id := v_open.session_id;
		session_url := v_open.url;
		return;
	end if;
	insert into checkout_sessions (session_id, order_id, origin, attempt,
	    livemode, amount_cents, currency, url, status, stripe_created,
	    expires_at)
	values (session_id, p_order_id, 'minted', p_attempt,
	    (p_session ->> 'livemode')::boolean,
	    (p_session ->> 'amount_cents')::bigint, p_session ->> 'currency',
	    session_url, 'open',
	    to_timestamp((p_session ->> 'created')::bigint),
	    to_timestamp((p_session ->> 'expires_at')::bigint));
	-- Its payment may have been quicker than we were.
	perform refresh_sessions(array[session_id]);
	perform refresh_payments(array[session_id]);
	result := 'stored';
end
$$;

-- Compare-and-swap: raises the attempt when it still is p_attempt, so that
-- racing clicks end on one number.  Gives the attempt that holds now.
create or replace function teamdues.raise_attempt(
	p_order_id bigint,
	p_attempt integer)
returns integer
language sql security definer
set search_path = teamdues, pg_temp as $$
	update orders o
	set attempt = o.attempt + 1
	where o.order_id = p_order_id and o.attempt = p_attempt;
	select o.attempt from orders o where o.order_id = p_order_id
$$;

create or replace function teamdues.raise_customer_attempt(
	p_parent_id bigint,
	p_attempt integer)
returns integer
language sql security definer
set search_path = teamdues, pg_temp as $$
	update parents r
	set customer_attempt = r.customer_attempt + 1
	where r.parent_id = p_parent_id and r.customer_attempt = p_attempt;
	select r.customer_attempt from parents r where r.parent_id = p_parent_id
$$;

-- Remembers a customer; gives the one that holds (the first that was stored).
create or replace function teamdues.store_customer(
	p_parent_id bigint,
	p_attempt integer,
	p_livemode boolean,
	p_customer_id text)
returns text
language sql security definer
set search_path = teamdues, pg_temp as $$
	insert into stripe_customers (customer_id, parent_id, livemode, attempt)
	values (p_customer_id, p_parent_id, p_livemode, p_attempt)
	on conflict do nothing;
	select c.customer_id
	from stripe_customers c
	where c.parent_id = p_parent_id and c.livemode = p_livemode
	and c.attempt = p_attempt
$$;

-- What a returning payer may know about a session.  No row: unknown here.
create or replace function teamdues.session_status(p_session_id text)
returns table (order_id bigint, order_status text, session_status text,
	place text, description text, amount_cents bigint, currency text)
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
begin
	return query
	select o.order_id, o.status, s.status, coalesce(m.place, ''),
	    case when o.quantity > 1 then o.quantity || ' × ' else '' end
	    || coalesce(t.name, p.name), s.amount_cents, s.currency
	from checkout_sessions s
	join orders o on o.order_id = s.order_id
	join products p on p.product_id = o.product_id
	left join tournaments t on t.tournament_id = o.tournament_id
	left join payments m on m.session_id = s.session_id
	where s.session_id = p_session_id;
end
$$;
