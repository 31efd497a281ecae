-- The rules, item by item, as they were before they were made set-wise: slow,
-- and what the fast ones are held to (test_equivalence.c).  They read the club
-- and what people have decided where teamdues has it, and write tables of their
-- own.  Whoever changes a rule in sql/functions on purpose changes it here.
--
-- Only this schema is searched: whatever is not teamdues' by name is here, so
-- that no rule can be held to itself.
drop schema if exists reference cascade;
create schema reference;
set search_path = reference;

-- As the programs' own functions have it (sql/grants.sql).
set jit = off;
set enable_seqscan = off;
set enable_hashjoin = off;
set enable_mergejoin = off;
set plan_cache_mode = force_generic_plan;

create table orders (like teamdues.orders including defaults including indexes,
	payment_intent_id text);
create table checkout_sessions (like teamdues.checkout_sessions
	including defaults including indexes);
create table stripe_events (like teamdues.stripe_events
	including defaults including indexes);
create table session_facts (like teamdues.session_facts including indexes);
create table refund_facts (like teamdues.refund_facts including indexes);
create table charge_facts (like teamdues.charge_facts including indexes);
create table dispute_facts (like teamdues.dispute_facts including indexes);
create table payment_failures (like teamdues.payment_failures
	including indexes);
create table emails (like teamdues.emails including defaults
	including indexes including identity);
create table payments (like teamdues.payments including defaults
	including indexes);
alter table payments drop column paid_at, drop column place, drop column reason,
	drop column matched_order_id, drop column suggested_order_id;
create table payment_places (
	session_id text primary key,
	place text not null,
	reason text not null,
	order_id bigint,
	matched_order_id bigint,
	suggested_order_id bigint
);
create index on payment_places (matched_order_id);

create function reference_id(p_text text) returns bigint
language sql immutable as $$
	select case when p_text ~ '^[1-9][0-9]{0,17}$' then p_text::bigint end
$$;

-- What the facts about one thing amount to, by rank and never by arrival.

create function session_state(p_session_id text) returns text
language plpgsql stable as $$
begin
	return (
	    select f.fact
	    from session_facts f
	    where f.session_id = p_session_id
	    order by array_position(
	        array['paid', 'free', 'failed', 'unpaid', 'expired'], f.fact)
	    limit 1);
end
$$;

create function refunded_cents(p_payment_intent_id text) returns bigint
language plpgsql stable as $$
begin
	return (
	    with refund as (
		select f.refund_id, max(f.amount_cents) as amount_cents,
		    bool_or(f.status in ('failed', 'canceled')) as is_failed
		from refund_facts f
		where f.payment_intent_id = p_payment_intent_id
		group by f.refund_id
	    ), total as (
		select coalesce(sum(r.amount_cents) filter
		    (where not r.is_failed), 0) as good,
		    coalesce(sum(r.amount_cents) filter
		    (where r.is_failed), 0) as failed
		from refund r
	    )
	    select greatest(t.good, coalesce((
	        select max(c.amount_refunded_cents)
	        from charge_facts c
	        where c.payment_intent_id = p_payment_intent_id), 0) - t.failed,
	        0)::bigint
	    from total t);
end
$$;

-- What one dispute that was lost took, and whether one is open.
create function dispute_states(p_payment_intent_id text)
returns table (state text, cents bigint)
language sql stable as $$
	select case
	when 'won' = any (d.facts) then 'closed'
	when 'lost' = any (d.facts) and 'funds_reinstated' = any (d.facts)
	then 'closed'
	when 'lost' = any (d.facts) then 'lost'
	when d.facts && array['warning_closed', 'prevented', 'charge_refunded']
	then 'closed'
	when d.facts && array['needs_response', 'under_review'] then 'open'
	else 'closed' end, d.cents
	from (select array_agg(f.fact) as facts, max(f.amount_cents) as cents
	    from dispute_facts f
	    where f.payment_intent_id = p_payment_intent_id
	    group by f.dispute_id) d
$$;

create function lost_cents(p_payment_intent_id text) returns bigint
language sql stable as $$
	select coalesce(sum(d.cents), 0)::bigint
	from dispute_states(p_payment_intent_id) d
	where d.state = 'lost'
$$;

create function money_gone(p_payment payments) returns text
language sql stable as $$
	select case
	when lost_cents(p_payment.payment_intent_id) = 0
	    and refunded_cents(p_payment.payment_intent_id)
	        >= greatest(p_payment.amount_cents, 1)
	then 'refunded in full'
	when lost_cents(p_payment.payment_intent_id)
	    + refunded_cents(p_payment.payment_intent_id)
	        >= greatest(p_payment.amount_cents, 1)
	then 'charged back' end
$$;

create function recorded_cents(p_order_id bigint) returns bigint
language sql stable as $$
	select coalesce(sum(r.amount_cents), 0)::bigint
	from teamdues.recorded_payments r
	where r.order_id = p_order_id and r.taken_back_at is null
$$;

-- The sessions of the payments that count for an order: one after the other,
-- while something is left to pay.
create function own_sessions(p_order_id bigint) returns text[]
language plpgsql stable as $$
declare
	v_own text[] := '{}';
	v_payment payments;
	v_came bigint := recorded_cents(p_order_id);
	v_left bigint;
begin
	select o.amount_cents - o.waived_cents - v_came
	into v_left
	from orders o
	where o.order_id = p_order_id;
	for v_payment in
		select p.*
		from payment_places pp
		join payments p using (session_id)
		where pp.matched_order_id = p_order_id
		and session_state(p.session_id) = 'paid'
		order by money_gone(p) is not null, p.stripe_created,
		    p.payment_intent_id collate "C"
	loop
		exit when v_left <= 0;
		continue when v_payment.amount_cents > v_left and v_came > 0;
		v_came := v_came + v_payment.amount_cents;
		v_own := v_own || v_payment.session_id;
		v_left := v_left - v_payment.amount_cents;
	end loop;
	return v_own;
end
$$;

-- Which order a payment is for.

-- Whether a payment whose session is not known was made for p_order, and not for
-- one that had its number before.
create function is_made_for(
	p_payment payments,
	p_order orders,
	p_ours boolean)
returns boolean
language plpgsql stable as $$
begin
	if p_order.order_id is null or p_order.created_at
	    >= p_payment.stripe_created + interval '1 second' then
		return false;
	elsif not p_ours and p_order.word is null then
		return false;
	elsif p_ours is null and p_payment.metadata_word is null then
		return true;
	end if;
	return coalesce(p_payment.metadata_word, '-')
	    = coalesce(p_order.word, '-');
end
$$;

-- Why such a payment is not believed to be for p_order.
create function reference_doubt(
	p_payment payments,
	p_order orders,
	p_reference bigint,
	p_ours boolean)
returns text
language sql stable as $$
	select 'session not known, ' || case
	when p_reference is null then 'no reference to an order'
	when not is_made_for(p_payment, p_order, p_ours)
	then format('made for an order %s that is not in these books',
	    p_reference)
	when p_ours is null and not exists (
	    select from teamdues.stripe_customers c
	    join teamdues.players y on y.parent_id = c.parent_id
	    where c.customer_id = p_payment.customer_id
	    and y.player_id = p_order.player_id)
	then format('order %s named by somebody else', p_reference)
	end
$$;

create function reference_fault(
	p_payment payments,
	p_session checkout_sessions,
	p_order orders)
returns text
language plpgsql stable as $$
declare
	v_named bigint := reference_id(p_payment.metadata_order_id);
	v_referred bigint := reference_id(p_payment.client_reference_id);
begin
	if v_named <> v_referred or p_order.order_id <> v_named
	    or p_order.order_id <> v_referred then
		return format('contradictory references: %s',
		    concat_ws(', ', 'session of order ' || p_session.order_id,
		    'metadata names order ' || v_named,
		    'client_reference_id names order ' || v_referred));
	elsif p_payment.metadata_word <> p_order.word then
		return format('metadata has another word than order %s',
		    p_order.order_id);
	elsif p_payment.metadata_player_id <> p_order.player_id::text then
		return format('metadata names player %s, order %s is for player %s',
		    p_payment.metadata_player_id, p_order.order_id,
		    p_order.player_id);
	elsif p_payment.metadata_product_id <> p_order.product_id::text then
		return format('metadata names product %s, order %s is for product %s',
		    p_payment.metadata_product_id, p_order.order_id,
		    p_order.product_id);
	end if;
	return null;
end
$$;

create function payment_fault(
	p_payment payments,
	p_session checkout_sessions,
	p_order orders)
returns text
language plpgsql stable as $$
declare
	v_amount bigint := p_order.amount_cents;
	v_currency text := p_order.currency;
begin
	if p_session.origin = 'minted' then
		v_amount := p_session.amount_cents;
		v_currency := p_session.currency;
	end if;
	if session_state(p_payment.session_id) = 'free' then
		return 'completed without anything to pay';
	elsif p_payment.currency <> v_currency then
		return format('wrong currency: paid in %s, order %s is in %s',
		    p_payment.currency, p_order.order_id, v_currency);
	elsif p_payment.amount_cents <> v_amount
	    and not (coalesce(p_session.origin, '') <> 'minted'
	    and p_payment.amount_cents = v_amount - p_order.waived_cents
	        - recorded_cents(p_order.order_id)) then
		return format('wrong amount: paid %s, order %s is %s %s',
		    to_char(p_payment.amount_cents / 100.0, 'FM999990.00'),
		    p_order.order_id,
		    to_char(v_amount / 100.0, 'FM999990.00'), v_currency);
	elsif p_payment.payment_intent_id is null then
		return 'completed without a payment intent';
	elsif p_order.cancelled_at is not null then
		return format('order %s was cancelled', p_order.order_id);
	end if;
	return null;
end
$$;

create function match_payment(
	p_payment payments,
	out place text,
	out reason text,
	out order_id bigint,
	out suggested_order_id bigint)
language plpgsql stable as $$
declare
	v_session checkout_sessions;
	v_order orders;
	v_reference bigint := coalesce(
	    reference_id(p_payment.metadata_order_id),
	    reference_id(p_payment.client_reference_id));
	v_ours boolean;
begin
	place := 'order';
	reason := '';
	select a.order_id into order_id
	from teamdues.attachments a
	where a.session_id = p_payment.session_id and a.taken_back_at is null;
	if found then
		return;
	end if;

	select p_payment.metadata_teamdues = i.installation_id into v_ours
	from teamdues.installation i;
	if not coalesce(v_ours, true) and not exists (
	    select from teamdues.other_installations n
	    where n.installation_id = p_payment.metadata_teamdues
	    and n.is_ours) then
		place := 'foreign';
		reason := 'another installation''s';
		return;
	end if;

	select * into v_session
	from checkout_sessions s
	where s.session_id = p_payment.session_id;
	select * into v_order
	from orders o
	where o.order_id = coalesce(v_session.order_id, v_reference);
	if v_session.session_id is not null
	    or is_made_for(p_payment, v_order, v_ours) then
		suggested_order_id := v_order.order_id;
	end if;

	if not p_payment.is_our_mode then
		place := 'review';
		reason := format('made in %s mode',
		    case when p_payment.livemode then 'live' else 'test' end);
		return;
	end if;
	if v_session.session_id is null then
		place := 'unmatched';
		reason := reference_doubt(p_payment, v_order, v_reference,
		    v_ours);
		if reason is not null then
			return;
		end if;
	end if;
	place := 'review';
	reason := coalesce(reference_fault(p_payment, v_session, v_order),
	    payment_fault(p_payment, v_session, v_order));
	if reason is not null then
		return;
	end if;
	place := 'order';
	reason := '';
	order_id := v_order.order_id;
	suggested_order_id := null;
end
$$;

-- What a person has said about a payment that matches no order, or what became
-- of its money; null when it still waits for somebody.
create function payment_settled(
	p_payment payments,
	p_place text,
	out place text,
	out reason text)
language plpgsql stable as $$
begin
	select case when d.is_not_ours then 'foreign' else 'settled' end,
	    format('dismissed by %s: %s', d.actor, d.reason)
	into place, reason
	from teamdues.dismissals d
	where d.subject = p_payment.session_id and d.taken_back_at is null;
	if found then
		return;
	end if;
	select 'foreign', format('rule %s: %s %s', r.rule_id, r.field, r.value)
	into place, reason
	from teamdues.foreign_rules r
	where p_place = 'unmatched' and r.removed_at is null
	and (r.field = 'payment_link' and r.value = p_payment.payment_link
	    or r.field = 'metadata' and r.value = any (p_payment.metadata_keys))
	order by r.rule_id
	limit 1;
	if found then
		return;
	end if;
	if session_state(p_payment.session_id) = 'paid' then
		reason := money_gone(p_payment);
		place := case when reason is not null then 'settled' end;
	end if;
end
$$;

-- Where a payment stands by itself, whatever else its order was paid with.
create function payment_standing(
	p_payment payments,
	out place text,
	out reason text,
	out order_id bigint,
	out suggested_order_id bigint)
language plpgsql stable as $$
declare
	v_match record := match_payment(p_payment);
	v_settled record;
begin
	place := v_match.place;
	reason := v_match.reason;
	order_id := v_match.order_id;
	suggested_order_id := v_match.suggested_order_id;
	if place not in ('unmatched', 'review') then
		return;
	end if;
	v_settled := payment_settled(p_payment, place);
	if v_settled.place is not null then
		place := v_settled.place;
		reason := v_settled.reason;
	elsif session_state(p_payment.session_id) in ('unpaid', 'failed') then
		place := 'waiting';
		reason := 'not paid; ' || reason;
	end if;
end
$$;
