-- What the books hold of a person: of a parent with the children, of a child
-- without a parent, or of a payer who is in no roster, who is known by an
-- address alone.  person_erase.sql takes it out.

-- Whose rows they are.  One of the three says who is meant, the others are
-- null; a player means the whole family.  Addresses are also those of before,
-- to which mails went, unless they are another family's now.
create or replace function teamdues.person_of(
	p_email text,
	p_parent_id bigint,
	p_player_id bigint)
returns teamdues.person
language plpgsql stable as $$
declare
	v_person teamdues.person;
begin
	v_person.parents := array(
	    select r.parent_id
	    from teamdues.parents r
	    where lower(r.email) = lower(p_email) or r.parent_id = p_parent_id
	    or r.parent_id = (
	        select y.parent_id
	        from teamdues.players y
	        where y.player_id = p_player_id));
	v_person.players := array(
	    select y.player_id
	    from teamdues.players y
	    where y.parent_id = any (v_person.parents)
	    or y.player_id = p_player_id);
	v_person.orders := array(
	    select o.order_id
	    from teamdues.orders o
	    where o.player_id = any (v_person.players)
	    order by o.order_id);
	v_person.customers := array(
	    select c.customer_id
	    from teamdues.stripe_customers c
	    where c.parent_id = any (v_person.parents));
	v_person.addresses := teamdues.person_addresses(p_email, v_person);
	v_person.sessions := array(
	    select s.session_id
	    from teamdues.checkout_sessions s
	    where s.order_id = any (v_person.orders)
	    union
	    select p.session_id
	    from teamdues.payments p
	    where p.matched_order_id = any (v_person.orders)
	    or p.customer_id = any (v_person.customers)
	    or lower(p.email) = any (v_person.addresses));
	v_person.intents := array(
	    select p.payment_intent_id
	    from teamdues.payments p
	    where p.session_id = any (v_person.sessions)
	    and p.payment_intent_id is not null
	    union
	    select f.payment_intent_id
	    from teamdues.payment_failures f
	    where f.order_id = any (v_person.orders));
	v_person.names := teamdues.person_names(v_person);
	return v_person;
end
$$;

create or replace function teamdues.person_addresses(
	p_email text,
	p_person teamdues.person)
returns text[]
language plpgsql stable as $$
begin
	return array(
	    select lower(p_email)
	    where p_email is not null
	    union
	    select lower(r.email)
	    from teamdues.parents r
	    where r.parent_id = any (p_person.parents) and r.email is not null
	    union
	    select lower(e.recipient)
	    from teamdues.emails e
	    where e.player_id = any (p_person.players)
	    and not exists (select from teamdues.parents r
	        where lower(r.email) = lower(e.recipient)
	        and not r.parent_id = any (p_person.parents)));
end
$$;

-- Whether a payment is for an order of another family: of such a one only who
-- paid it is this person's.
create or replace function teamdues.is_for_others(
	p_payment teamdues.payments,
	p_person teamdues.person)
returns boolean
language sql immutable as $$
	select p_payment.matched_order_id is not null
	and not p_payment.matched_order_id = any (p_person.orders)
$$;

-- Every name that was written for the family, in small letters.
create or replace function teamdues.person_names(p_person teamdues.person)
returns text[]
language plpgsql stable as $$
begin
	return array(
	    select lower(x.name)
	    from (
	        select r.name
	        from teamdues.parents r
	        where r.parent_id = any (p_person.parents)
	        union
	        select y.name
	        from teamdues.players y
	        where y.player_id = any (p_person.players)
	        union
	        select t.parent_name
	        from teamdues.tryout_registrations t
	        where t.order_id = any (p_person.orders)
	        union
	        select p.payer_name
	        from teamdues.payments p
	        where p.session_id = any (p_person.sessions)
	        union
	        select p.metadata_player
	        from teamdues.payments p
	        where p.session_id = any (p_person.sessions)
	        and not teamdues.is_for_others(p, p_person)) x
	    where x.name <> '');
end
$$;

-- The events that speak of the person: by what they are about, or because what
-- Stripe signed has the address or the customer in it as a whole string.
create or replace function teamdues.person_events(p_person teamdues.person)
returns text[]
language plpgsql stable as $$
declare
	v_strings text[] := array(
	    select lower(to_json(x)::text)
	    from unnest(p_person.addresses || p_person.customers) x);
begin
	return array(
	    select e.event_id
	    from teamdues.stripe_events e
	    where e.session_id = any (p_person.sessions)
	    or e.payment_intent_id = any (p_person.intents)
	    or exists (
	        select from unnest(v_strings) x
	        where position(x in lower(e.payload)) > 0)
	    order by e.event_id);
end
$$;

-- A text as its words, in small letters, a blank around each.
create or replace function teamdues.words_of(p_text text) returns text
language sql immutable as $$
	select replace(' ' || regexp_replace(lower(p_text), '[^[:alnum:]]+',
	    ' ', 'g') || ' ', '  ', ' ')
$$;

-- Whether a text has an address or a whole name of the person in it.
create or replace function teamdues.names_person(
	p_text text,
	p_person teamdues.person)
returns boolean
language sql immutable as $$
	select exists (
	    select from unnest(p_person.addresses || p_person.names) x
	    where position(teamdues.words_of(x) in teamdues.words_of(p_text))
	        > 0)
$$;

-- Whether it has as much as one word of a name in it, as a treasurer writes.
create or replace function teamdues.names_in_part(
	p_text text,
	p_person teamdues.person)
returns boolean
language sql immutable as $$
	select teamdues.names_person(p_text, p_person) or exists (
	    select from unnest(p_person.names) n
	    cross join lateral regexp_split_to_table(
	        trim(teamdues.words_of(n)), ' ') x
	    where length(x) > 1
	    and position(' ' || x || ' ' in teamdues.words_of(p_text)) > 0)
$$;

-- Whether an entry of the log is about the family: its orders, players,
-- payments, or it names somebody of it and is about no order.
create or replace function teamdues.is_act_about(
	p_act teamdues.audit_log,
	p_person teamdues.person)
returns boolean
language plpgsql stable as $$
begin
	return p_act.action <> 'erase person'
	and (p_act.order_id = any (p_person.orders)
	    or p_act.subject = any (p_person.sessions || p_person.events)
	    or exists (
	        select from unnest(p_person.players) y
	        where p_act.subject = 'player ' || y)
	    or exists (
	        select from teamdues.refund_facts f
	        where f.refund_id = p_act.subject
	        and f.payment_intent_id = any (p_person.intents))
	    or p_act.order_id is null
	    and teamdues.names_person(p_act.detail, p_person));
end
$$;

-- Of a roster's rows those that are the person's, or those that are not.
create or replace function teamdues.roster_part(
	p_rows jsonb,
	p_person teamdues.person,
	p_is_of boolean)
returns jsonb
language sql immutable as $$
	select coalesce(jsonb_agg(x.line order by x.n), '[]')
	from jsonb_array_elements(p_rows) with ordinality x (line, n)
	where p_is_of = (
	    coalesce(lower(x.line ->> 'parent_email')
	        = any (p_person.addresses), false)
	    or coalesce(lower(x.line ->> 'player_name') = any (p_person.names),
	        false)
	    and coalesce(lower(x.line ->> 'parent_name')
	        = any (p_person.names), true))
$$;

-- What a request of the desk's holds of a person, or is to hold without; a
-- roster that was imported there has other families' rows too.
create or replace function teamdues.request_part(
	p_args jsonb,
	p_person teamdues.person,
	p_is_of boolean)
returns jsonb
language sql immutable as $$
	select case
	    when p_args ? 'rows'
	    then p_args || jsonb_build_object('rows',
	        teamdues.roster_part(p_args -> 'rows', p_person, p_is_of))
	    when p_is_of then p_args
	    else '{}' end
$$;

create or replace function teamdues.is_request_about(
	p_request teamdues.desk_requests,
	p_person teamdues.person)
returns boolean
language sql immutable as $$
	select coalesce(p_request.order_id = any (p_person.orders), false)
	or coalesce(p_request.args ->> 'payment'
	    = any (p_person.sessions || p_person.events), false)
	or p_request.args ? 'rows' and teamdues.roster_part(
	    p_request.args -> 'rows', p_person, true) <> '[]'
	or p_request.order_id is null and teamdues.names_person(
	    concat_ws(' ', p_request.reason, p_request.words), p_person)
$$;

create or replace function teamdues.is_nobody(p_person teamdues.person)
returns boolean
language plpgsql stable as $$
begin
	return p_person.parents = '{}' and p_person.players = '{}'
	and p_person.sessions = '{}' and p_person.events = '{}'
	and not exists (select from teamdues.desk_requests q
	    where teamdues.is_request_about(q, p_person))
	and not exists (select from teamdues.emails e
	    where lower(e.recipient) = any (p_person.addresses))
	and not exists (select from teamdues.desk_users u
	    where lower(u.email) = any (p_person.addresses));
end
$$;

-- One JSON document: an array of rows for each table.  Null: the books hold
-- nothing of that person.
create or replace function teamdues.person_export(
	p_email text,
	p_parent_id bigint,
	p_player_id bigint)
returns text
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_person person := person_of(p_email, p_parent_id, p_player_id);
	v_document jsonb := '{}';
	v_table record;
	v_rows jsonb;
begin
	v_person.events := person_events(v_person);
	if is_nobody(v_person) then
		return null;
	end if;
	for v_table in
		select t.name, t.of_person, t.shown
		from person_tables() t
	loop
		execute format(
		    'select jsonb_agg(to_jsonb(t) - ''word'' || %s) '
		    'from teamdues.%I t where %s',
		    coalesce(v_table.shown, '''{}'''), v_table.name,
		    v_table.of_person)
		into v_rows using v_person;
		v_document := v_document || jsonb_build_object(v_table.name,
		    coalesce(v_rows, '[]'));
	end loop;
	return jsonb_pretty(v_document);
end
$$;
