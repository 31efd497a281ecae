-- What an act at the desk comes to, as a treasurer would say it, before and
-- after it is done.  Every amount names its currency: lib/desk/money.c writes
-- it as on the rest of the page.

create or replace function teamdues.amount_text(
	p_cents bigint,
	p_currency text)
returns text
language sql immutable as $$
	select teamdues.money_text(p_cents) || ' ' || p_currency
$$;

-- A day without its hour; the year only where it is not this one.
create or replace function teamdues.desk_day(p_day date, p_zone text)
returns text
language sql stable as $$
	select to_char(p_day, case when extract(year from p_day)
	    = extract(year from now() at time zone p_zone)
	    then 'FMDD Mon' else 'FMDD Mon YYYY' end)
$$;

-- How recorded money came: "by cheque (no. 31)", or "in cash".
create or replace function teamdues.way_text(
	p_source text,
	p_reference text)
returns text
language sql immutable as $$
	select case p_source when 'cash' then 'in cash'
	    when 'transfer' then 'by bank transfer'
	    else 'by ' || p_source end
	    || coalesce(' (' || teamdues.told_reference(p_source, p_reference)
	        || ')', '')
$$;

create or replace function teamdues.record_words(
	p_order teamdues.orders,
	p_change jsonb)
returns text
language sql stable as $$
	select format('%s of %s is recorded as paid %s%s; %s left to pay',
	    teamdues.amount_text(c.cents, p_order.currency),
	    teamdues.amount_text(p_order.amount_cents, p_order.currency),
	    teamdues.way_text(p_change ->> 'source', p_change ->> 'reference'),
	    ' on ' || teamdues.desk_day(teamdues.earlier_day(p_change),
	        p_change ->> 'zone'),
	    case when c.cents = teamdues.left_cents(p_order) then 'nothing is'
	    else teamdues.amount_text(teamdues.left_cents(p_order) - c.cents,
	        p_order.currency) || ' is' end)
	from (select teamdues.part_cents(p_order, p_change) as cents) c
$$;

-- Of whom an order is, and for what.
create or replace function teamdues.order_about(p_order_id bigint)
returns text
language sql stable as $$
	select concat_ws(', ', y.name, coalesce(t.name, p.name))
	from teamdues.orders o
	join teamdues.players y on y.player_id = o.player_id
	join teamdues.products p on p.product_id = o.product_id
	left join teamdues.tournaments t on t.tournament_id = o.tournament_id
	where o.order_id = p_order_id
$$;

-- An act of order_acts.sql; the order as it was before.
create or replace function teamdues.change_words(
	p_order teamdues.orders,
	p_change jsonb)
returns text
language sql stable as $$
	select concat_ws(': ', teamdues.order_about(p_order.order_id),
	    case p_change ->> 'action'
	    when 'record payment' then teamdues.record_words(p_order, p_change)
	    when 'unrecord payment' then (
	        select format('%s, which came %s, is owed again',
	            teamdues.amount_text(r.amount_cents, p_order.currency),
	            teamdues.way_text(r.source, r.reference))
	        from teamdues.recorded_to_take_back(p_order.order_id,
	            p_change ->> 'reference') r)
	    when 'adjust' then format('%s instead of %s',
	        teamdues.amount_text((p_change ->> 'amount_cents')::bigint,
	            p_order.currency),
	        teamdues.amount_text(p_order.amount_cents, p_order.currency))
	    when 'reopen' then format('%s is owed again, as before it was %s',
	        teamdues.amount_text(p_order.amount_cents - p_order.paid_cents,
	            p_order.currency),
	        case when p_order.cancelled_at is not null
	        then 'taken off the list' else 'waived' end)
	    else concat_ws(', ', case p_change ->> 'action'
	            when 'cancel' then 'off the list' end,
	        teamdues.amount_text(teamdues.left_cents(p_order),
	            p_order.currency) || ' is not asked for any more') end,
	    p_change ->> 'reason')
$$;

-- What the act begins with that follows a change of an order: an undo with the
-- amount of now, what is recorded anew with what was taken back.  Cash without
-- a reference gets another number.
create or replace function teamdues.before_change(
	p_order teamdues.orders,
	p_change jsonb)
returns jsonb
language sql stable as $$
	select jsonb_build_object('amount_cents', p_order.amount_cents)
	where p_change ->> 'action' = 'adjust'
	union all
	select jsonb_build_object('amount_cents', r.amount_cents,
	    'source', r.source,
	    'reference', coalesce(teamdues.told_reference(r.source,
	        r.reference), ''),
	    'received_on', r.received_on)
	from teamdues.recorded_to_take_back(p_order.order_id,
	    p_change ->> 'reference') r
	where p_change ->> 'action' = 'unrecord payment'
$$;

-- How much a payment is, and what of that is still here where it is less.
create or replace function teamdues.held_text(p_payment teamdues.payments)
returns text
language sql stable as $$
	select coalesce(teamdues.money_text(nullif(
	    teamdues.held_cents(p_payment), p_payment.amount_cents)) || ' of ',
	    '') || teamdues.amount_text(p_payment.amount_cents,
	    p_payment.currency)
$$;

-- Of a payment: given to an order, or taken from it.  p_format has places for
-- whose money it is, what is paid and for which child.
create or replace function teamdues.payment_words(
	p_payment teamdues.payments,
	p_order_id bigint,
	p_format text)
returns text
language sql stable as $$
	select format(p_format, teamdues.held_text(p_payment)
	    || coalesce(' from ' || coalesce(nullif(p_payment.payer_name, ''),
	        p_payment.email), ''),
	    coalesce(t.name, d.name), y.name)
	from teamdues.orders o
	join teamdues.players y on y.player_id = o.player_id
	join teamdues.products d on d.product_id = o.product_id
	left join teamdues.tournaments t on t.tournament_id = o.tournament_id
	where o.order_id = p_order_id
$$;

-- The same of such an act, "attach" or "detach".
create or replace function teamdues.attach_words(
	p_payment teamdues.payments,
	p_order_id bigint,
	p_action text)
returns text
language sql stable as $$
	select teamdues.payment_words(p_payment, p_order_id,
	    case p_action when 'attach' then '%s pays %s for %s'
	    else '%s pays %s for %s no more' end)
$$;

-- Of what is dismissed: where its money is, and why.
create or replace function teamdues.dismiss_words(
	p_payment teamdues.payments,
	p_result text,
	p_detail text)
returns text
language sql stable as $$
	select concat('The ' || teamdues.amount_text(nullif(
	    teamdues.held_cents(p_payment), 0), p_payment.currency)
	    || case p_result when 'dismissed' then ' stays on the club''s '
	        'Stripe account, and is not the club''s: ' end, p_detail)
$$;

-- The way to give an order a payment that is more than what is owed; null where
-- there is none.
create or replace function teamdues.more_words(
	p_key text,
	p_order_id bigint)
returns text
language sql stable as $$
	select format('%s is more than the %s that is owed. Give %s back, then '
	    'use the rest', teamdues.money_text(p.amount_cents),
	    teamdues.money_text(teamdues.left_cents(o)),
	    teamdues.amount_text(teamdues.more_than_owed(p, o), o.currency))
	from teamdues.find_payment(p_key) p
	join teamdues.orders o on o.order_id = p_order_id
	where teamdues.more_than_owed(p, o) is not null
$$;

-- Why a payment is not given to an order names commands; this is what there is
-- at the desk instead.
create or replace function teamdues.at_the_desk(p_why text)
returns text
language sql immutable as $$
	select replace(replace(replace(p_why, 'adjust order',
	    'change the amount of order'), 'refund it at Stripe',
	    'give the payment back'), ' (`anyway` does it all the same)',
	    '. Tick the box below if you know that it is right')
$$;

-- What a request is about: an order, or somebody's payment.
create or replace function teamdues.desk_about(
	p_request teamdues.desk_requests)
returns text
language sql stable as $$
	select teamdues.order_about(p_request.order_id)
	where p_request.order_id is not null
	union all
	select 'Payment of ' || teamdues.person_text(s.payer_name, s.email)
	from teamdues.payments s
	where s.session_id = p_request.args ->> 'payment'
	and p_request.order_id is null
$$;

-- Where a request may have begun, but for the page of what it is about: with
-- the family, or at the tournament.
create or replace function teamdues.desk_ways(
	p_request teamdues.desk_requests)
returns jsonb
language sql stable as $$
	select jsonb_build_object(
	    'parent_id', coalesce(y.parent_id, -y.player_id),
	    'family', coalesce(r.name, y.name),
	    'tournament_id', t.tournament_id, 'tournament', t.name)
	from (select) one
	left join teamdues.orders o on o.order_id = p_request.order_id
	left join teamdues.players y on y.player_id = coalesce(o.player_id, (
	    select n.player_ids[1]
	    from teamdues.players_named(p_request.args ->> 'players') n
	    where cardinality(n.player_ids) = 1))
	left join teamdues.parents r on r.parent_id = y.parent_id
	left join teamdues.tournaments t
	    on t.tournament_id = o.tournament_id
$$;
