-- A reminder of one order, as the desk asks for it.

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
	    'reminder', p_zone) m
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

-- The order, and of its reminder (null where nobody is mailed) what
-- desk_show_mail() needs.  No row: there is no such order.
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
	select h || jsonb_build_object('reminder', (
	    select jsonb_build_object('player_id', m.player_id,
	        'order_id', m.order_id, 'facts', m.facts)
	    from order_reminder(p_order_id, p_zone) m
	    where m.reason = ''))
	from desk_order_head(v_user, p_order_id, p_zone) h;
end
$$;

create or replace function teamdues.desk_remind(
	p_request teamdues.desk_requests,
	p_actor text,
	p_zone text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_mail record;
begin
	select * into v_mail
	from teamdues.order_reminder(p_request.order_id, p_zone);
	state := case v_mail.reason when '' then 'done' else 'refused' end;
	words := case v_mail.reason when '' then format(
	        case when p_commit
	        then 'one mail goes to %s now; it asks for %s'
	        else 'one mail goes to %s; it asks for %s' end,
	        v_mail.recipient,
	        teamdues.amount_text(
	            (v_mail.facts ->> 'amount_cents')::bigint,
	            v_mail.facts ->> 'currency'))
	    else coalesce(v_mail.reason, 'there is no such order') end;
	if v_mail.reason <> '' or v_mail.reason is null or not p_commit then
		return;
	end if;
	insert into teamdues.audit_log (actor, action, order_id, detail)
	values (p_actor, 'mail reminder', p_request.order_id,
	    desk_remind.words);
	if teamdues.queue_email('reminder', v_mail.player_id, v_mail.order_id,
	    v_mail.facts, p_zone, null, false) is null then
		state := 'refused';
		words := 'mailed today already';
	end if;
end
$$;
