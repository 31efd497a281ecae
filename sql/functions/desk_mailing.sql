-- Asking families for money from the desk: who would be mailed and who not, the
-- very mail, and queueing it.

-- What may be chosen besides the first of each: the teams, the tournaments that
-- are not over, and a player by its number.
create or replace function teamdues.desk_mailing_choices(
	p_session bytea,
	p_player_id bigint,
	p_tournament_id bigint,
	p_zone text)
returns jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return jsonb_build_object('user', desk_user_json(v_user),
	    'choices', jsonb_build_object(
	        'team', (
	            select coalesce(jsonb_agg(jsonb_build_object(
	                'value', x.team, 'name', x.team) order by x.team), '[]')
	            from (
	                select distinct y.team
	                from players y
	                where y.active and y.team <> ''
	                limit 200) x),
	        'tournament_id', (
	            select coalesce(jsonb_agg(jsonb_build_object(
	                'value', x.tournament_id::text, 'name', x.name
	                    || to_char(x.held_on, ', FMDD Mon YYYY'))
	                order by x.held_on, x.tournament_id), '[]')
	            from (
	                select *
	                from tournaments t
	                where t.held_on >= club_day(p_zone)
	                or t.tournament_id = p_tournament_id
	                order by t.held_on, t.tournament_id
	                limit 100) x),
	        'what', jsonb_build_array(
	            jsonb_build_object('value', 'first_payments',
	                'name', 'First payments'),
	            jsonb_build_object('value', 'fee_reminders',
	                'name', 'Reminders of first payments'),
	            jsonb_build_object('value', 'tournament',
	                'name', 'First bill of a tournament'),
	            jsonb_build_object('value', 'tournament_reminders',
	                'name', 'Reminders of a tournament')),
	        'fee', jsonb_build_array(jsonb_build_object(
	            'value', 'month', 'name', 'Whole month')),
	        'asked', jsonb_build_array(jsonb_build_object(
	            'value', 'again', 'name', 'Also asked before'))),
	    'player', (
	        select y.name
	        from players y
	        where y.player_id = p_player_id));
end
$$;

-- A page of those that a mailing is for, by name: players, or a tournament's
-- orders.  The cancelled are none of them; whether there are few is asked of
-- all, as an index alone tells it.
create or replace function teamdues.desk_mailing_page(
	p_what text,
	p_tournament_id bigint,
	p_player_id bigint,
	p_team text,
	p_after bigint,
	p_limit bigint)
returns setof bigint
language plpgsql stable rows 50
-- Of one player, of a team, or by the names of all.
set plan_cache_mode = force_custom_plan as $$
declare
	v_name text := coalesce((
	    select lower(y.name)
	    from teamdues.players y
	    where y.player_id = p_after), '');
begin
	if p_what in ('first_payments', 'fee_reminders') then
		return query
		select y.player_id
		from teamdues.players y
		where (p_what <> 'first_payments'
		    or (p_player_id is null or y.player_id = p_player_id)
		    and (p_team is null or y.team = p_team))
		and (p_what <> 'fee_reminders' or (
		    select true
		    from teamdues.emails e
		    where coalesce(e.order_id, 0) = 0
		    and e.player_id = y.player_id
		    and e.kind = 'first_payment'
		    limit 1))
		and (lower(y.name), y.player_id) > (v_name,
		    coalesce(p_after, 0))
		order by lower(y.name), y.player_id
		limit p_limit;
	else
		return query
		select o.order_id
		from teamdues.desk_entrant_orders(p_tournament_id, null, (
		    select count(*) <= 500
		    from (
		        select
		        from teamdues.orders x
		        where x.tournament_id = p_tournament_id
		        limit 501) x), p_after, p_limit) o;
	end if;
end
$$;

-- Who of those that a mailing is for gets a mail, and why the others do not
-- (reason; "" for those who do), by name: a page of them, or all (p_limit
-- null).  p_what:
--   first_payments        of one player, a team, or all; p_again: also of those
--                         who were asked on an earlier day
--   fee_reminders         of all first payments that were asked for
--   tournament            the pay links of a tournament's orders that nobody
--                         was asked for yet
--   tournament_reminders  of all of its orders that are not paid
-- How much a first payment is, is computed by the program: such a row has what
-- first_payment_quote() needs in its place.
create or replace function teamdues.desk_mailing(
	p_session bytea,
	p_what text,
	p_tournament_id bigint,
	p_player_id bigint,
	p_team text,
	p_again boolean,
	p_zone text,
	p_after bigint,
	p_limit bigint)
returns setof json
language plpgsql stable security definer
set search_path = teamdues, pg_temp
-- Of few or of all.
set plan_cache_mode = force_custom_plan as $$
declare
	v_ids bigint[];
begin
	perform desk_reader(p_session);
	if p_limit is not null then
		v_ids := array(
		    select *
		    from desk_mailing_page(p_what, p_tournament_id,
		        p_player_id, p_team, p_after, p_limit));
	end if;
	if p_what = 'first_payments' then
		return query
		select json_build_object('key', y.player_id,
		    'player_id', y.player_id, 'word', f.word,
		    'player_name', y.name, 'team', y.team, 'parent', r.name,
		    'recipient', f.recipient,
		    'monthly_fee_cents', f.monthly_fee_cents,
		    'adjusted_cents', f.adjusted_cents, 'day', f.day,
		    'month_ends', f.month_ends, 'reason', case
		    when f.reason = '' and not p_again then coalesce((
		        -- Nobody is asked twice unless somebody says so.
		        select to_char(e.day, '"asked on "FMDD Mon')
		        from emails e
		        where coalesce(e.order_id, 0) = 0
		        and e.player_id = y.player_id
		        and e.kind = 'first_payment' and e.state <> 'dropped'
		        order by e.day desc
		        limit 1), '')
		    else f.reason end)
		from first_payment_asks(p_zone, false) f
		join players y on y.player_id = f.player_id
		left join parents r on r.parent_id = y.parent_id
		where (v_ids is null or f.player_id = any (v_ids))
		and (p_player_id is null or f.player_id = p_player_id)
		and (p_team is null or y.team = p_team)
		order by lower(y.name), y.player_id;
	else
		return query
		select json_build_object('key',
		    coalesce(m.order_id, m.player_id),
		    'player_id', m.player_id, 'order_id', m.order_id,
		    'player_name', y.name, 'team', y.team, 'parent', r.name,
		    'recipient', m.recipient, 'facts', m.facts,
		    'amount_cents', m.facts -> 'amount_cents',
		    'currency', m.facts -> 'currency', 'reason', m.reason,
		    'is_unbilled', case
		    when p_what = 'tournament_reminders' and m.reason = ''
		    and (
		        select true
		        from emails e
		        where coalesce(e.order_id, 0) = m.order_id
		        and e.kind in ('tournament', 'reminder')
		        and e.state <> 'dropped'
		        limit 1) is null
		    then 'yes' end)
		from desk_asked_for(p_what, p_tournament_id, p_zone, v_ids) m
		join players y on y.player_id = m.player_id
		left join parents r on r.parent_id = y.parent_id
		order by lower(y.name), y.player_id, m.order_id;
	end if;
end
$$;

-- The same for money whose amount is known.
create or replace function teamdues.desk_asked_for(
	p_what text,
	p_tournament_id bigint,
	p_zone text,
	p_ids bigint[])
returns table (player_id bigint, order_id bigint, recipient text, facts jsonb,
	reason text)
language plpgsql stable
set plan_cache_mode = force_custom_plan as $$
begin
	if p_what = 'fee_reminders' then
		return query
		select f.player_id, null::bigint, f.recipient, f.facts, f.reason
		from teamdues.first_payment_reminders(null, p_zone) f
		where p_ids is null or f.player_id = any (p_ids);
	else
		return query
		select m.player_id, m.order_id, m.recipient,
		    jsonb_build_object('amount_cents', m.amount_cents,
		        'currency', m.currency),
		    case when m.reason = '' and p_what = 'tournament'
		    then coalesce(teamdues.order_asked(m.order_id), '')
		    else m.reason end
		from teamdues.tournament_mails(p_tournament_id,
		    teamdues.tournament_kind(p_what), p_zone) m
		where m.reason <> 'cancelled'
		and (p_ids is null or m.order_id = any (p_ids));
	end if;
end
$$;

-- When a family was asked for an order last; null: not yet.
create or replace function teamdues.order_asked(p_order_id bigint)
returns text
language sql stable as $$
	select to_char(max(e.day), '"asked on "FMDD Mon')
	from teamdues.emails e
	where coalesce(e.order_id, 0) = p_order_id
	and e.kind in ('tournament', 'reminder') and e.state <> 'dropped'
$$;

-- The kind of the mails of what is asked for already.
create or replace function teamdues.tournament_kind(p_what text) returns text
language sql immutable as $$
	select case p_what when 'tournament' then 'tournament'
	    else 'reminder' end
$$;

-- A mail as it would be sent, were it decided now.
create or replace function teamdues.desk_show_mail(
	p_session bytea,
	p_kind text,
	p_player_id bigint,
	p_order_id bigint,
	p_facts jsonb,
	p_zone text)
returns setof teamdues.outgoing_mail
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_email emails;
begin
	perform desk_reader(p_session);
	select r.email into v_email.recipient
	from players y
	join parents r on r.parent_id = y.parent_id
	where y.player_id = p_player_id;
	v_email.kind := p_kind;
	v_email.player_id := p_player_id;
	v_email.order_id := p_order_id;
	v_email.facts := p_facts;
	v_email.day := club_day(p_zone);
	v_email.created_at := now();
	return query select * from email_facts(v_email, p_zone);
end
$$;

-- Queues a mailing: of the request's arguments, `what` and `tournament_id` as
-- above, and of first payments `rows`, as queue_first_payments() takes them.
-- What takes it back needs the batch.  is_old: the page did not show all of
-- those whom it would go to.
create or replace function teamdues.desk_send(
	p_request teamdues.desk_requests,
	p_actor text,
	p_zone text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_args jsonb := p_request.args;
	v_what text := coalesce(v_args ->> 'what', 'first_payments');
	v_count bigint := 0;
	v_batch_id bigint;
begin
	if (v_args ->> 'is_old')::boolean then
		state := 'refused';
		words := 'the list of players changed meanwhile; look again';
		return;
	elsif v_what <> 'first_payments' then
		select count(*), max(q.batch_id) into v_count, v_batch_id
		from teamdues.desk_queue(v_what,
		    (v_args ->> 'tournament_id')::bigint, p_zone, p_actor,
		    p_commit) q
		where q.email_id is not null or not p_commit;
	elsif not p_commit then
		v_count := jsonb_array_length(v_args -> 'rows');
	elsif v_args -> 'rows' <> '[]' then
		select count(q.email_id), max(q.batch_id)
		into v_count, v_batch_id
		from teamdues.queue_first_payments(v_args -> 'rows', p_zone,
		    false, p_actor, true) q;
	end if;
	if v_batch_id is not null then
		update teamdues.desk_requests r
		set args = r.args || jsonb_build_object('batch_id', v_batch_id)
		where r.request_id = p_request.request_id;
		perform teamdues.keep_made(p_request.request_id, b.batch_id,
		    teamdues.batch_title(b))
		from teamdues.email_batches b
		where b.batch_id = v_batch_id;
	end if;
	state := case when v_count > 0 then 'done' else 'refused' end;
	words := coalesce(teamdues.mails_text(v_count, 'goes out', 'go out')
	    || case when p_commit then ' now' else '' end,
	    'nobody is to be mailed');
end
$$;

-- The same of what is asked for already: a row for each who is mailed, without
-- a mail unless p_commit.
create or replace function teamdues.desk_queue(
	p_what text,
	p_tournament_id bigint,
	p_zone text,
	p_actor text,
	p_commit boolean)
returns table (email_id bigint, batch_id bigint)
language plpgsql as $$
declare
	v_kind text := teamdues.tournament_kind(p_what);
	v_player_ids bigint[];
	v_order_ids bigint[];
	v_facts jsonb[];
	v_batch_id bigint;
begin
	select array_agg(m.player_id), array_agg(m.order_id),
	    array_agg(m.facts)
	into v_player_ids, v_order_ids, v_facts
	from teamdues.desk_asked_for(p_what, p_tournament_id, p_zone, null) m
	where m.reason = '';
	if v_player_ids is null or not p_commit then
		return query
		select null::bigint, null::bigint
		from unnest(v_player_ids);
		return;
	end if;
	v_batch_id := teamdues.open_email_batch(v_kind, p_actor,
	    case p_what when 'fee_reminders' then 'first payments'
	    else 'tournament ' || p_tournament_id end);
	return query
	select q.email_id, v_batch_id
	from teamdues.queue_emails(v_kind, v_player_ids, v_order_ids, v_facts,
	    p_zone, v_batch_id, false, '0') q;
	perform teamdues.close_email_batch(v_batch_id);
end
$$;
