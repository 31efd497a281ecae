-- A reminder of an order, or of all that a family owes, as the desk asks for
-- it.

-- Of a tournament's order that no family was mailed about the first mail is its
-- bill.
create or replace function teamdues.order_mail_kind(p_order_id bigint)
returns text
language sql stable as $$
	select case when o.kind = 'tournament'
	    and teamdues.order_asked(o.order_id) is null then 'tournament'
	    else 'reminder' end
	from teamdues.orders o
	where o.order_id = p_order_id
$$;

-- 'yes' of what is owed and has had no bill; else null.
create or replace function teamdues.is_unbilled(p_order teamdues.orders)
returns text
language sql stable as $$
	select 'yes'
	where p_order.status = 'pending'
	and teamdues.order_mail_kind(p_order.order_id) = 'tournament'
$$;

-- Whom a reminder of an order goes to, and why nobody is mailed (reason; ""
-- when somebody is).  Of jerseys and tryouts there are none.
create or replace function teamdues.order_reminder(
	p_order_id bigint,
	p_zone text)
returns table (player_id bigint, order_id bigint, recipient text, facts jsonb,
	reason text)
language sql stable as $$
	select m.player_id, m.order_id, m.recipient,
	    jsonb_build_object('amount_cents', m.amount_cents,
	        'currency', m.currency), m.reason
	from teamdues.orders o
	cross join lateral teamdues.tournament_mails(o.tournament_id,
	    teamdues.order_mail_kind(o.order_id), p_zone) m
	where o.order_id = p_order_id and o.kind = 'tournament'
	and m.order_id = p_order_id
	union all
	select f.player_id, null, f.recipient, f.facts,
	    case when o.status <> 'pending' then o.status else f.reason end
	from teamdues.orders o
	cross join lateral teamdues.first_payment_reminders(o.player_id,
	    p_zone) f
	where o.order_id = p_order_id and o.kind = 'fee'
	union all
	select o.player_id, null, null, null,
	    case o.kind when 'fee' then 'nobody was asked for it yet'
	    else format('no reminders are sent for a %s: send its pay link',
	        o.kind) end
	from teamdues.orders o
	where o.order_id = p_order_id and o.kind <> 'tournament'
	limit 1
$$;

-- The same of all that a family owes: of its orders that are pending, and of
-- the first months that it was asked for and has no order of.  of_order is the
-- order that it is about, also where the mail names the player.
create or replace function teamdues.family_reminders(
	p_parent_id bigint,
	p_zone text)
returns table (player_id bigint, order_id bigint, recipient text, facts jsonb,
	reason text, of_order bigint)
language plpgsql stable as $$
begin
	return query
	select m.*, o.order_id
	from teamdues.players y
	join teamdues.orders o on o.player_id = y.player_id
	cross join lateral teamdues.order_reminder(o.order_id, p_zone) m
	where y.parent_id = p_parent_id and o.status = 'pending'
	union all
	select f.player_id, null, f.recipient, f.facts, f.reason, null
	from teamdues.players y
	cross join lateral teamdues.first_payment_reminders(y.player_id,
	    p_zone) f
	where y.parent_id = p_parent_id
	and not exists (
	    select from teamdues.orders o
	    where o.player_id = y.player_id and o.kind = 'fee');
end
$$;

-- What desk_show_mail() needs of those that would be mailed.
create or replace function teamdues.shown_reminder(
	p_player_id bigint,
	p_order_id bigint,
	p_facts jsonb)
returns jsonb
language sql immutable as $$
	select jsonb_build_object('player_id', p_player_id,
	    'order_id', p_order_id, 'facts', p_facts)
$$;

-- The order, with `reminders`: none where nobody is mailed.  No row: there is
-- no such order.
create or replace function teamdues.desk_reminder(
	p_session bytea,
	p_order_id bigint,
	p_zone text)
returns setof jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return query
	select h || jsonb_build_object(
	    'mail_kind', order_mail_kind(p_order_id), 'reminders', (
	    select coalesce(jsonb_agg(shown_reminder(m.player_id, m.order_id,
	        m.facts)), '[]')
	    from order_reminder(p_order_id, p_zone) m
	    where m.reason = ''))
	from desk_order_head(v_user, p_order_id, p_zone) h;
end
$$;

-- The same of a family.
create or replace function teamdues.desk_family_reminders(
	p_session bytea,
	p_parent_id bigint,
	p_zone text)
returns setof jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
begin
	return query
	select f || jsonb_build_object('reminders', (
	    select coalesce(jsonb_agg(shown_reminder(m.player_id, m.order_id,
	        m.facts) order by m.of_order), '[]')
	    from family_reminders(p_parent_id, p_zone) m
	    where m.reason = ''))
	from desk_family_subject(p_session, p_parent_id) f;
end
$$;

-- What a request is to remind of.
create or replace function teamdues.asked_reminders(
	p_request teamdues.desk_requests,
	p_zone text)
returns table (player_id bigint, order_id bigint, recipient text, facts jsonb,
	reason text, of_order bigint)
language plpgsql stable as $$
begin
	if p_request.order_id is not null then
		return query
		select m.*, p_request.order_id
		from teamdues.order_reminder(p_request.order_id, p_zone) m;
	else
		return query
		select m.player_id, m.order_id, m.recipient,
		    m.facts || jsonb_build_object('together',
		        p_request.request_id::text), m.reason, m.of_order
		from teamdues.family_reminders(
		    (p_request.args ->> 'parent_id')::bigint, p_zone) m;
	end if;
end
$$;

-- Of an order, or of a family (args.parent_id).
create or replace function teamdues.desk_remind(
	p_request teamdues.desk_requests,
	p_actor text,
	p_zone text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_mails record;
	v_why text;
	v_kind text := coalesce(teamdues.order_mail_kind(p_request.order_id),
	    'reminder');
begin
	select array_agg(m.player_id order by m.of_order) as players,
	    array_agg(m.order_id order by m.of_order) as orders,
	    array_agg(m.of_order order by m.of_order) as of_orders,
	    array_agg(m.facts order by m.of_order) as facts,
	    min(m.recipient) as recipient,
	    string_agg(teamdues.amount_text(
	        (m.facts ->> 'amount_cents')::bigint, m.facts ->> 'currency'),
	        ' and ' order by m.of_order) as amounts
	into v_mails
	from teamdues.asked_reminders(p_request, p_zone) m
	where m.reason = '';
	v_why := (
	    select string_agg(distinct m.reason, '; ')
	    from teamdues.asked_reminders(p_request, p_zone) m
	    where m.reason <> '');
	if v_mails.players is null then
		state := 'refused';
		words := coalesce(v_why, 'nothing is owed that is asked for '
		    'by mail');
		return;
	end if;
	state := 'done';
	words := concat_ws('; ', format(case when p_commit
	    then 'one mail goes to %s now' else 'one mail goes to %s' end,
	    v_mails.recipient), 'it asks for ' || v_mails.amounts,
	    'left out: ' || v_why);
	if not p_commit then
		return;
	elsif not exists (
	    select from teamdues.queue_emails(v_kind, v_mails.players,
	        v_mails.orders, v_mails.facts, p_zone, null, false, '0')) then
		state := 'refused';
		words := 'mailed today already';
		return;
	end if;
	insert into teamdues.audit_log (actor, action, order_id, subject,
	    detail)
	select p_actor, 'mail ' || v_kind, x.order_id,
	    case when x.order_id is null then 'player ' || x.player_id
	    else '' end, desk_remind.words
	from unnest(v_mails.players, v_mails.of_orders)
	    x (player_id, order_id);
end
$$;
