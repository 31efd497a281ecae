-- Who did what: the audit log, as the desk lists it.

-- The acts in plain words.
create or replace function teamdues.acts()
returns table (action text, words text)
language sql immutable as $$
	select x.action, x.words
	from (values
	    ('add child', 'Added a child'),
	    ('add family', 'Added a family'),
	    ('adjust', 'Changed the amount of an order'),
	    ('adopt installation', 'Took payments of another installation '
	        'as ours'),
	    ('adopt session', 'Took a payment page made elsewhere as ours'),
	    ('add rule', 'Made a rule for payments that are not ours'),
	    ('attach', 'Gave a payment to an order'),
	    ('bring back', 'Had Today show again what had failed'),
	    ('cancel', 'Cancelled an order'),
	    ('change child', 'Changed a child'),
	    ('change family', 'Changed a family'),
	    ('desk add', 'Let somebody use the desk'),
	    ('desk remove', 'Let somebody use the desk no more'),
	    ('detach', 'Took a payment from its order'),
	    ('disown installation', 'Took payments of another installation '
	        'as not ours'),
	    ('dismiss', 'Closed what waited'),
	    ('import roster', 'Read a list of players'),
	    ('mail again', 'Had mails sent again'),
	    ('mail drop', 'Had a mail not sent'),
	    ('mail first_payment', 'Had a first payment mailed'),
	    ('mail reminder', 'Had a reminder mailed'),
	    ('mail tournament', 'Had the bill mailed'),
	    ('open fee', 'Made a first fee''s order'),
	    ('player leave', 'Took a player as gone'),
	    ('player return', 'Took a player as back'),
	    ('product add', 'Added a product'),
	    ('product change', 'Changed a product'),
	    ('put away', 'Had seen what had failed'),
	    ('record payment', 'Recorded a payment'),
	    ('refund', 'Gave money back'),
	    ('remove rule', 'Removed a rule for payments that are not ours'),
	    ('reopen', 'Opened again what was closed'),
	    ('return product', 'Put a product on sale again'),
	    ('split', 'Split an order'),
	    ('tournament add', 'Added a tournament'),
	    ('tournament change', 'Changed a tournament'),
	    ('tournament roster', 'Entered players in a tournament'),
	    ('unrecord payment', 'Took the record of a payment back'),
	    ('waive', 'Let go what was owed'),
	    ('withdraw product', 'Took a product off sale'))
	    x (action, words)
$$;

-- Whom, or what, a subject such as "player 29" means; null for another, and for
-- one that is not there any more.
create or replace function teamdues.subject_name(p_subject text)
returns text
language plpgsql stable as $$
declare
	v_id bigint := substring(p_subject from '^[a-z]+ (\d{1,18})$')::bigint;
begin
	return case split_part(p_subject, ' ', 1)
	when 'player' then (
	    select y.name from teamdues.players y where y.player_id = v_id)
	when 'family' then (
	    select r.name from teamdues.parents r where r.parent_id = v_id)
	when 'tournament' then (
	    select t.name
	    from teamdues.tournaments t
	    where t.tournament_id = v_id)
	when 'product' then (
	    select p.name
	    from teamdues.products p
	    where p.product_id = v_id) end;
end
$$;

-- What an act was about, in words; null when its detail says so itself.
create or replace function teamdues.act_subject(p_act teamdues.audit_log)
returns text
language plpgsql stable as $$
begin
	return coalesce((
	    select format('%s: %s (order %s)', y.name, coalesce(t.name, c.name),
	        o.order_id)
	    from teamdues.orders o
	    join teamdues.players y on y.player_id = o.player_id
	    join teamdues.products c on c.product_id = o.product_id
	    left join teamdues.tournaments t
	        on t.tournament_id = o.tournament_id
	    where o.order_id = p_act.order_id), (
	    select format('%s %s from %s', teamdues.money_text(p.amount_cents),
	        p.currency, teamdues.person_text(p.payer_name, p.email))
	    from teamdues.payments p
	    where p.session_id = p_act.subject),
	    case when p_act.action in ('mail reminder', 'mail tournament')
	        and p_act.subject like 'tournament %'
	        then 'the families of ' end
	    || teamdues.subject_name(p_act.subject),
	    teamdues.subject_name(p_act.subject),
	    nullif(p_act.subject, ''));
end
$$;

-- What it came to, as the desk said it then: the log's own words of a payment
-- have Stripe's number of it.
create or replace function teamdues.act_detail(p_act teamdues.audit_log)
returns text
language plpgsql stable as $$
begin
	return coalesce((
	    select teamdues.attach_words(p, p_act.order_id, p_act.action)
	    from teamdues.payments p
	    where p.session_id = p_act.subject
	    and p_act.action in ('attach', 'detach')), p_act.detail);
end
$$;

-- Everybody whom the log names, without reading all of it.
create or replace function teamdues.log_actors() returns setof text
language sql stable as $$
	with recursive x (name) as (
		select min(a.actor)
		from teamdues.audit_log a
		union all
		select (
		    select min(a.actor)
		    from teamdues.audit_log a
		    where a.actor > x.name)
		from x
		where x.name is not null
	)
	select x.name
	from x
	where x.name is not null
$$;

-- A page of it, the newest first; what is null filters nothing.  The plan is
-- made for what is asked: each filter has an index in this order.
create or replace function teamdues.log_page(
	p_actor text,
	p_action text,
	p_from timestamptz,
	p_until timestamptz,
	p_order_id bigint,
	p_after bigint,
	p_limit bigint)
returns setof teamdues.audit_log
language plpgsql stable
set plan_cache_mode = force_custom_plan
set jit = off as $$
declare
	v_at timestamptz := (
	    select a.at
	    from teamdues.audit_log a
	    where a.audit_id = p_after);
begin
	return query
	select a.*
	from teamdues.audit_log a
	where (p_actor is null or a.actor = p_actor)
	and (p_action is null or a.action = p_action)
	and (p_from is null or a.at >= p_from)
	and (p_until is null or a.at < p_until)
	and (p_order_id is null or a.order_id = p_order_id)
	and (p_after is null or (a.at, a.audit_id) < (v_at, p_after))
	order by a.at desc, a.audit_id desc
	limit p_limit;
end
$$;

create or replace function teamdues.desk_log(
	p_session bytea,
	p_actor text,
	p_action text,
	p_day date,
	p_order_id bigint,
	p_after bigint,
	p_zone text,
	p_limit bigint)
returns jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return jsonb_build_object(
	    'user', desk_user_json(v_user),
	    'choices', jsonb_build_object(
	        'who', (
	            select coalesce(jsonb_agg(jsonb_build_object('value', x,
	                'name', x) order by lower(x)), '[]')
	            from log_actors() x),
	        'what', (
	            select jsonb_agg(jsonb_build_object('value', x.action,
	                'name', x.words) order by x.words)
	            from acts() x)),
	    'rows', (
	        select coalesce(jsonb_agg(jsonb_build_object('key', a.audit_id,
	            'at', desk_time(a.at, p_zone),
	            'time', local_text(a.at, p_zone), 'who', a.actor,
	            'what', coalesce(x.words, a.action),
	            'about', act_subject(a), 'detail', act_detail(a),
	            'order_id', a.order_id)
	            order by a.at desc, a.audit_id desc), '[]')
	        from log_page(p_actor, p_action,
	            p_day::timestamp at time zone p_zone,
	            (p_day + 1)::timestamp at time zone p_zone, p_order_id,
	            p_after, p_limit) a
	        left join acts() x on x.action = a.action));
end
$$;
