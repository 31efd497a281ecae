-- What a user of the desk asks for.  What needs no Stripe is done in the same
-- transaction, by the functions that the command uses; the rest waits for the
-- clerk (clerk.sql).  An answer is a state (done, queued, refused) and words.

-- As the audit log names a user.
create or replace function teamdues.desk_actor(p_user teamdues.desk_users)
returns text
language sql immutable as $$
	select p_user.name || ' (desk)'
$$;

-- Stripe would refuse the session, when the family is already clicking.
create or replace function teamdues.least_fault(
	p_order_id bigint,
	p_change jsonb,
	p_least_cents bigint)
returns text
language sql stable as $$
	select case p_change ->> 'action' when 'adjust'
	    then format('Stripe charges %s %s or more',
	        teamdues.money_text(p_least_cents), o.currency)
	    else format('the rest could not be paid online: Stripe charges '
	        '%s %s or more', teamdues.money_text(p_least_cents),
	        o.currency) end
	from teamdues.orders o
	cross join lateral (
	    select (p_change ->> 'amount_cents')::bigint as cents) c
	cross join lateral (
	    select case p_change ->> 'action'
	        when 'adjust' then c.cents
	        when 'record payment' then teamdues.left_cents(o) - c.cents
	        end as cents) x
	where o.order_id = p_order_id and c.cents > 0
	and x.cents > 0 and x.cents < p_least_cents
$$;

create or replace function teamdues.act_state(p_result text) returns text
language sql immutable as $$
	select case when p_result in ('refused', 'unknown') then 'refused'
	    else 'done' end
$$;

-- An act of order_acts.sql.  A session that is open is to be ended at Stripe
-- first, which is the clerk's to do.
create or replace function teamdues.desk_change(
	p_request teamdues.desk_requests,
	p_actor text,
	p_zone text,
	p_least_cents bigint,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_change jsonb := p_request.args || jsonb_build_object('action',
	    replace(p_request.action, '_', ' '), 'zone', p_zone,
	    'reason', nullif(p_request.reason, ''));
	v_fault text;
	v_result text;
	v_order teamdues.orders;
begin
	select c.result, c.detail into v_result, words
	from teamdues.change_order(p_request.order_id, v_change, p_actor,
	    false) c;
	state := teamdues.act_state(v_result);
	if v_result <> 'done' then
		return;
	end if;
	select * into v_order
	from teamdues.orders o
	where o.order_id = p_request.order_id;
	words := concat_ws('; ', teamdues.change_words(v_order, v_change),
	    substring(words from 'with what came for it before, it is .*'));
	if p_commit then
		perform teamdues.keep_before(p_request.request_id,
		    teamdues.before_change(v_order, v_change));
	end if;
	v_fault := teamdues.least_fault(p_request.order_id, v_change,
	    p_least_cents);
	if v_fault is not null then
		state := 'refused';
		words := v_fault;
	elsif v_order.status = 'pending'
	    and teamdues.open_fault(p_request.order_id) is not null then
		state := 'queued';
	elsif p_commit then
		perform teamdues.change_order(p_request.order_id, v_change,
		    p_actor, true);
	end if;
end
$$;

-- Acts of payment_acts.sql.
create or replace function teamdues.desk_attach(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_key text := p_request.args ->> 'payment';
	v_is_open boolean :=
	    teamdues.open_fault(p_request.order_id) is not null;
	v_short text := (
	    select teamdues.short_fault(teamdues.find_payment(v_key), o)
	    from teamdues.orders o
	    where o.order_id = p_request.order_id);
	v_result text;
begin
	select a.result, a.detail into v_result, words
	from teamdues.attach_payment(v_key, p_request.order_id, p_actor,
	    p_commit and not v_is_open, false,
	    coalesce((p_request.args ->> 'anyway')::boolean, false)) a;
	state := case when v_result = 'attached' and v_is_open then 'queued'
	    else teamdues.act_state(v_result) end;
	if v_result = 'attached' then
		words := teamdues.attach_words(teamdues.find_payment(v_key),
		    p_request.order_id, 'attach')
		    || coalesce('; ' || v_short, '');
	else
		words := coalesce(teamdues.more_words(v_key,
		    p_request.order_id), teamdues.at_the_desk(words));
	end if;
end
$$;

create or replace function teamdues.desk_payment(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_args jsonb := p_request.args;
	v_key text := v_args ->> 'payment';
	v_payment teamdues.payments;
begin
	case p_request.action
	when 'detach' then
		v_payment := teamdues.find_payment(v_key);
		select d.result, case d.result when 'detached'
		    then teamdues.attach_words(v_payment,
		        v_payment.matched_order_id, 'detach')
		    else d.detail end
		into state, words
		from teamdues.detach_payment(v_key, p_actor, p_commit) d;
	when 'undismiss' then
		select d.result, d.detail into state, words
		from teamdues.undismiss(v_key, p_actor, p_commit) d;
	when 'dismiss' then
		select d.result, teamdues.dismiss_words(
		    teamdues.find_payment(v_key), d.result, d.detail)
		into state, words
		from teamdues.dismiss(v_key, p_request.reason,
		    coalesce((v_args ->> 'not_ours')::boolean, false),
		    v_args ->> 'like_field', v_args ->> 'like_key', p_actor,
		    p_commit) d;
	end case;
	state := teamdues.act_state(state);
end
$$;

-- A refund as the books see it; Stripe is asked by the clerk, who may still
-- refuse it.
create or replace function teamdues.desk_refund(
	p_request teamdues.desk_requests,
	out state text,
	out words text)
language plpgsql stable as $$
declare
	v_cents bigint := coalesce((p_request.args ->> 'amount_cents')::bigint,
	    0);
	v_left_cents bigint;
	v_currency text;
begin
	select min(s.fault), min(s.currency),
	    sum(greatest(s.amount_cents - s.refunded_cents, 0))
	into words, v_currency, v_left_cents
	from teamdues.refund_sources(p_request.order_id,
	    p_request.args ->> 'payment') s;
	state := 'refused';
	if v_left_cents is null then
		words := 'there is no such payment';
	elsif words is null and v_left_cents = 0 then
		words := 'all of it was given back, or is on its way';
	elsif words is null and v_cents > v_left_cents then
		words := format('only %s is left to give back',
		    teamdues.amount_text(v_left_cents, v_currency));
	elsif words is null then
		state := 'queued';
		v_cents := coalesce(nullif(v_cents, 0), v_left_cents);
		words := format('%s: %s goes back, and %s stays',
		    teamdues.desk_about(p_request),
		    teamdues.amount_text(v_cents, v_currency),
		    case when v_cents < v_left_cents
		    then teamdues.amount_text(v_left_cents - v_cents,
		        v_currency) else 'nothing' end);
	end if;
end
$$;

create or replace function teamdues.desk_decide(
	p_request teamdues.desk_requests,
	p_actor text,
	p_zone text,
	p_least_cents bigint,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
begin
	case
	when p_request.action in ('record_payment', 'unrecord_payment',
	    'adjust', 'waive', 'cancel', 'reopen') then
		select d.state, d.words into state, words
		from teamdues.desk_change(p_request, p_actor, p_zone,
		    p_least_cents, p_commit) d;
	when p_request.action = 'attach' then
		select d.state, d.words into state, words
		from teamdues.desk_attach(p_request, p_actor, p_commit) d;
	when p_request.action in ('detach', 'dismiss', 'undismiss') then
		select d.state, d.words into state, words
		from teamdues.desk_payment(p_request, p_actor, p_commit) d;
	when p_request.action = 'refund' then
		select d.state, d.words into state, words
		from teamdues.desk_refund(p_request) d;
	when p_request.action = 'remind' then
		select d.state, d.words into state, words
		from teamdues.desk_remind(p_request, p_actor, p_zone,
		    p_commit) d;
	when p_request.action = 'tournament_add' then
		select d.state, d.words into state, words
		from teamdues.desk_tournament_add(p_request, p_actor,
		    p_least_cents, p_commit) d;
	when p_request.action = 'tournament_change' then
		select d.state, d.words into state, words
		from teamdues.desk_tournament_change(p_request, p_actor,
		    p_least_cents, p_commit) d;
	when p_request.action = 'tournament_leave' then
		select d.state, d.words into state, words
		from teamdues.desk_tournament_leave(p_request, p_actor,
		    p_commit) d;
	when p_request.action = 'tournament_enter' then
		select d.state, d.words into state, words
		from teamdues.desk_tournament_enter(p_request, p_actor,
		    p_commit) d;
	when p_request.action = 'product_add' then
		select d.state, d.words into state, words
		from teamdues.desk_product_add(p_request, p_actor,
		    p_least_cents, p_commit) d;
	when p_request.action = 'product_change' then
		select d.state, d.words into state, words
		from teamdues.desk_product_change(p_request, p_actor, p_zone,
		    p_least_cents, p_commit) d;
	when p_request.action in ('product_withdraw', 'product_return') then
		select d.state, d.words into state, words
		from teamdues.desk_product_withdraw(p_request, p_actor,
		    p_commit) d;
	when p_request.action = 'import_roster' then
		select d.state, d.words into state, words
		from teamdues.desk_roster(p_request, p_actor, p_commit) d;
	when p_request.action in ('add_family', 'remove_family',
	    'change_family', 'add_child', 'remove_child', 'save_child') then
		select d.state, d.words into state, words
		from teamdues.desk_family_act(p_request, p_actor, p_commit) d;
	when p_request.action = 'send' then
		select d.state, d.words into state, words
		from teamdues.desk_send(p_request, p_actor, p_zone,
		    p_commit) d;
	when p_request.action = 'retry' then
		select d.state, d.words into state, words
		from teamdues.desk_retry(p_request, p_actor, p_commit) d;
	when p_request.action = 'drop' then
		select d.state, d.words into state, words
		from teamdues.desk_drop(p_request, p_actor, p_commit) d;
	when p_request.action in ('put_away', 'bring_back') then
		select d.state, d.words into state, words
		from teamdues.desk_put_away(p_request, p_actor, p_commit) d;
	when p_request.action = 'remove_rule' then
		select d.state, d.words into state, words
		from teamdues.desk_remove_rule(p_request, p_actor, p_commit) d;
	when p_request.action = 'ask_stripe' then
		state := 'queued';
		words := 'Stripe is asked what it knows of it';
	else
		raise exception 'there is no action %', p_request.action
		    using errcode = '22023';
	end case;
end
$$;

-- A request, or without p_commit only what would become of it (request_id null
-- then).  p_form_id is the sent form's own: sent again it is the same request,
-- and what has become of that is said.  p_seen is what order_seen() was when
-- the page was made.  p_least_cents is the least that Stripe charges.
create or replace function teamdues.desk_act(
	p_session bytea,
	p_form_id text,
	p_action text,
	p_order_id bigint,
	p_args jsonb,
	p_reason text,
	p_seen text,
	p_zone text,
	p_least_cents bigint,
	p_commit boolean,
	out request_id bigint,
	out state text,
	out words text)
language plpgsql security definer
set search_path = teamdues, pg_temp
-- It may be about one order or about a whole club.
set plan_cache_mode = auto as $$
declare
	v_user desk_users := desk_writer(p_session);
	v_request desk_requests;
begin
	v_request.order_id := p_order_id;
	v_request.action := p_action;
	v_request.args := p_args;
	v_request.reason := p_reason;
	perform desk_lock(v_request);
	v_request.args := with_reference(p_order_id, p_args);
	words := coalesce(desk_stale(v_request, p_seen, p_zone),
	    busy_fault(v_request, p_zone));
	if p_commit then
		insert into desk_requests as r (form_id, user_id, order_id,
		    action, args, reason)
		-- The rows of what is done for many at once are not kept a
		-- second time.
		values (p_form_id, v_user.user_id, p_order_id, p_action,
		    v_request.args - 'rows', p_reason)
		on conflict (form_id) do nothing
		returning r.request_id into request_id;
		if request_id is null then
			select r.request_id, r.state, r.words
			into request_id, state, words
			from desk_requests r
			where r.form_id = p_form_id
			and r.user_id = v_user.user_id;
			return;
		end if;
		v_request.request_id := request_id;
	end if;
	state := 'refused';
	if words is null then
		select d.state, d.words into state, words
		from desk_decide(v_request, desk_actor(v_user), p_zone,
		    p_least_cents, p_commit) d;
	end if;
	if p_commit then
		-- The clerk's tries have words of their own, until it is done.
		update desk_requests r
		set state = desk_act.state, words = desk_act.words,
		    args = case desk_act.state when 'queued'
		        then r.args || jsonb_build_object('words',
		            desk_act.words) else r.args end,
		    ended_at = case when desk_act.state <> 'queued'
		        then now() end
		where r.request_id = desk_act.request_id;
	end if;
end
$$;

-- How a request stands, for whoever is signed in; undo has the values for the
-- form of the act that takes it back.  No row: there is no such request.
create or replace function teamdues.desk_request_shown(
	p_session bytea,
	p_request_id bigint)
returns setof jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return query
	select jsonb_build_object('user', desk_user_json(v_user),
	    'request_id', r.request_id, 'state', r.state, 'words', r.words,
	    'action', r.action, 'asked_by', u.name, 'order_id', r.order_id,
	    'about', desk_about(r), 'ways', desk_ways(r),
	    'next', desk_payment_next(r), 'progress', (
	        select batch_progress(b)
	        from email_batches b
	        where r.action = 'send'
	        and b.batch_id = (r.args -> 'made' ->> 'key')::bigint),
	    'undo', r.args || coalesce(r.args -> 'before', '{}')
	        || jsonb_build_object('order_id', r.order_id,
	        'seen', order_seen(r.order_id), 'reason', 'taken back'))
	from desk_requests r
	join desk_users u on u.user_id = r.user_id
	where r.request_id = p_request_id;
end
$$;
