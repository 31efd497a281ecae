-- Deciding to send.  A mail is queued in the transaction that decided it.

-- The club's day now.
create or replace function teamdues.club_day(p_zone text) returns date
language sql stable as $$
	select (now() at time zone p_zone)::date
$$;

-- The end of a day's month in the club's zone.  (A date alone would be taken
-- for midnight in the session's.)
create or replace function teamdues.month_end(p_day date, p_zone text)
returns timestamptz
language sql stable as $$
	select (date_trunc('month', p_day::timestamp) + interval '1 month')
	    at time zone p_zone
$$;

-- What a mail can be; lib/mail/copy.c has the words of each.
create or replace function teamdues.mail_kinds()
returns text[]
language plpgsql immutable as $$
begin
	return array['first_payment', 'tournament', 'reminder', 'receipt',
	    'replaced_link', 'tryout'];
end
$$;

-- Queues mails of one kind, one for each place of p_player_ids, to be sent
-- after p_wait; p_again makes another copy of what was decided today.  Gives
-- those that were queued: a mail that was decided today already is none of
-- them.
create or replace function teamdues.queue_emails(
	p_kind text,
	p_player_ids bigint[],
	p_order_ids bigint[],
	p_facts jsonb[],
	p_zone text,
	p_batch_id bigint,
	p_again boolean,
	p_wait interval)
returns table (player_id bigint, order_id bigint, email_id bigint)
language sql as $$
	insert into teamdues.emails (batch_id, kind, player_id, order_id,
	    recipient, facts, day, copy, not_before)
	select p_batch_id, p_kind, y.player_id, m.order_id, r.email, m.facts,
	    teamdues.club_day(p_zone),
	    case when p_again then (
	        select count(*)
	        from teamdues.emails e
	        where e.kind = p_kind and e.player_id = y.player_id
	        and coalesce(e.order_id, 0) = coalesce(m.order_id, 0)
	        and e.day = teamdues.club_day(p_zone)) else 0 end,
	    now() + p_wait
	from unnest(p_player_ids, p_order_ids, p_facts)
	    as m (player_id, order_id, facts)
	join teamdues.players y on y.player_id = m.player_id
	join teamdues.parents r on r.parent_id = y.parent_id
	where r.email is not null
	on conflict do nothing
	returning player_id, order_id, email_id
$$;

-- The same for one mail.  Null: it was decided today already.
create or replace function teamdues.queue_email(
	p_kind text,
	p_player_id bigint,
	p_order_id bigint,
	p_facts jsonb,
	p_zone text,
	p_batch_id bigint,
	p_again boolean,
	p_wait interval default '0')
returns bigint
language sql as $$
	select q.email_id
	from teamdues.queue_emails(p_kind, array[p_player_id],
	    array[p_order_id], array[p_facts], p_zone, p_batch_id, p_again,
	    p_wait) q
$$;

-- Who may be asked for a first payment, and why the others may not: of one
-- player, or of all (p_player_id null).
create or replace function teamdues.first_payment_players(
	p_player_id bigint,
	p_zone text,
	p_again boolean)
returns table (player_id bigint, word text, player_name text, recipient text,
	monthly_fee_cents bigint, adjusted_cents bigint, day date,
	month_ends bigint, reason text)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select *
	from first_payment_asks(p_zone, p_again) f
	where p_player_id is null or f.player_id = p_player_id
	order by f.player_id
$$;

-- A batch of mails, and who asked for it.
create or replace function teamdues.open_email_batch(
	p_kind text,
	p_actor text,
	p_subject text)
returns bigint
language sql as $$
	insert into teamdues.audit_log (actor, action, subject)
	values (p_actor, 'mail ' || p_kind, p_subject);
	insert into teamdues.email_batches (kind, actor)
	values (p_kind, p_actor)
	returning batch_id
$$;

-- How many its mails are, once all of them are queued.
create or replace function teamdues.close_email_batch(p_batch_id bigint)
returns void
language sql as $$
	update teamdues.email_batches b
	set mails = (
	    select count(*)
	    from teamdues.emails e
	    where e.batch_id = b.batch_id)
	where b.batch_id = p_batch_id
$$;

-- Queues first payments: p_rows is [{ player_id, amount_cents, currency,
-- quoted, prorate, adjusted }].  With p_batch they become one batch.  email_id
-- is null for those that were mailed today already.
create or replace function teamdues.queue_first_payments(
	p_rows jsonb,
	p_zone text,
	p_again boolean,
	p_actor text,
	p_batch boolean)
returns table (player_id bigint, email_id bigint, recipient text,
	amount_cents bigint, currency text, batch_id bigint)
language plpgsql security definer
set search_path = teamdues, pg_temp
set plan_cache_mode = auto as $$
declare
	v_batch_id bigint;
begin
	if p_batch then
		v_batch_id := open_email_batch('first_payment', p_actor,
		    'first payments');
	else
		insert into audit_log (actor, action, subject)
		select p_actor, 'mail first_payment',
		    'player ' || (x ->> 'player_id')
		from jsonb_array_elements(p_rows) x;
	end if;
	return query
	with asked as materialized (
		select (x ->> 'player_id')::bigint as player_id, x as facts
		from jsonb_array_elements(p_rows) x
	), queued as materialized (
		select q.player_id, q.email_id
		from (select array_agg(a.player_id) as ids,
		    array_agg(a.facts - 'player_id') as facts
		    from asked a) x
		cross join lateral queue_emails('first_payment', x.ids, '{}',
		    x.facts, p_zone, v_batch_id, p_again, '0') q
	)
	select a.player_id, q.email_id, r.email,
	    (a.facts ->> 'amount_cents')::bigint, a.facts ->> 'currency',
	    v_batch_id
	from asked a
	join players y on y.player_id = a.player_id
	join parents r on r.parent_id = y.parent_id
	left join queued q on q.player_id = a.player_id;
	perform close_email_batch(v_batch_id);
end
$$;

-- Who of a tournament would get a mail of this kind about their order, and why
-- the others would not (reason; "" for those who would).  One mail a day about
-- an order is enough, of whatever kind.
create or replace function teamdues.tournament_mails(
	p_tournament_id bigint,
	p_kind text,
	p_zone text)
returns table (player_id bigint, order_id bigint, recipient text,
	amount_cents bigint, currency text, reason text)
language sql stable as $$
	select o.player_id, o.order_id, coalesce(r.email, ''),
	    teamdues.left_cents(o), o.currency,
	    case
	    when o.status <> 'pending' then o.status
	    when not y.active then 'not active'
	    when t.held_on < teamdues.club_day(p_zone)
	    then 'the tournament is over'
	    when r.parent_id is null then 'no parent known'
	    when r.email is null then 'parent has no e-mail address'
	    when w.fault is not null then w.fault
	    when exists (select from teamdues.emails e
	        where coalesce(e.order_id, 0) = o.order_id
	        and e.day = teamdues.club_day(p_zone)
	        and (e.kind = p_kind or e.state <> 'dropped'))
	    then 'mailed today already'
	    else coalesce(h.fault, '') end
	from teamdues.orders o
	cross join (select teamdues.asking_fault() as fault offset 0) h
	join teamdues.tournaments t on t.tournament_id = o.tournament_id
	join teamdues.players y on y.player_id = o.player_id
	left join teamdues.parents r on r.parent_id = y.parent_id
	left join lateral (
	    select teamdues.money_fault(o, y.parent_id) as fault
	    where o.status = 'pending'
	    and y.parent_id in (select d from teamdues.parents_in_doubt() d)
	    offset 0) w on true
	where o.tournament_id = p_tournament_id
	order by o.order_id
$$;

-- Mails about the orders of a tournament: their pay links (kind tournament), or
-- a reminder.  Without p_commit nothing is queued; with it, email_id is null
-- for those who get none.  No row: no such tournament, or nobody is in it.
create or replace function teamdues.queue_tournament(
	p_tournament_id bigint,
	p_kind text,
	p_zone text,
	p_actor text,
	p_commit boolean)
returns table (player_id bigint, order_id bigint, recipient text,
	amount_cents bigint, currency text, reason text, email_id bigint,
	batch_id bigint)
language plpgsql security definer
set search_path = teamdues, pg_temp
set plan_cache_mode = auto as $$
declare
	v_batch_id bigint;
begin
	if p_commit and exists (
	    select from tournament_mails(p_tournament_id, p_kind, p_zone) m
	    where m.reason = '') then
		v_batch_id := open_email_batch(p_kind, p_actor,
		    'tournament ' || p_tournament_id);
	end if;
	return query
	with m as materialized (
		select *
		from tournament_mails(p_tournament_id, p_kind, p_zone)
	), queued as materialized (
		select q.order_id, q.email_id
		from (select array_agg(m.player_id) as players,
		    array_agg(m.order_id) as orders,
		    array_agg(jsonb_build_object(
		        'amount_cents', m.amount_cents,
		        'currency', m.currency)) as facts
		    from m
		    where m.reason = '' and v_batch_id is not null) x
		cross join lateral queue_emails(p_kind, x.players, x.orders,
		    x.facts, p_zone, v_batch_id, false, '0') q
	)
	select m.*, q.email_id, v_batch_id
	from m
	left join queued q on q.order_id = m.order_id
	order by m.order_id;
	perform close_email_batch(v_batch_id);
end
$$;

-- Who was asked for a first payment and has not made it: each player's last
-- such mail, with its amount and rule; p_player_id null: of all players.
create or replace function teamdues.first_payment_reminders(
	p_player_id bigint,
	p_zone text)
returns table (player_id bigint, recipient text, facts jsonb, reason text)
language sql stable as $$
	select f.player_id, f.recipient,
	    -- What a click will be charged.
	    case when f.adjusted_cents is null then e.facts
	        else e.facts || jsonb_build_object('amount_cents',
	            f.adjusted_cents) end,
	    case when f.reason <> '' then f.reason
	    when teamdues.month_end((e.facts ->> 'quoted')::date, p_zone)
	        <= now()
	    then 'the month quoted is over'
	    when exists (select from teamdues.emails x
	        where coalesce(x.order_id, 0) = 0
	        and x.player_id = f.player_id
	        and x.day = teamdues.club_day(p_zone)
	        and (x.kind = 'reminder' or x.kind = 'first_payment'
	            and x.state <> 'dropped'))
	    then 'mailed today already'
	    else '' end
	from teamdues.first_payment_asks(p_zone, true) f
	cross join lateral (
	    select x.facts
	    from teamdues.emails x
	    where coalesce(x.order_id, 0) = 0
	    and x.player_id = f.player_id and x.kind = 'first_payment'
	    order by x.day desc, x.copy desc
	    limit 1) e
	where p_player_id is null or f.player_id = p_player_id
	order by f.player_id
$$;

create or replace function teamdues.queue_first_payment_reminders(
	p_zone text,
	p_actor text,
	p_commit boolean)
returns table (player_id bigint, recipient text, amount_cents bigint,
	currency text, reason text, email_id bigint, batch_id bigint)
language plpgsql security definer
set search_path = teamdues, pg_temp
set plan_cache_mode = auto as $$
declare
	v_batch_id bigint;
begin
	if p_commit and exists (
	    select from first_payment_reminders(null, p_zone) m
	    where m.reason = '') then
		v_batch_id := open_email_batch('reminder', p_actor,
		    'first payments');
	end if;
	return query
	with m as materialized (
		select *
		from first_payment_reminders(null, p_zone)
	), queued as materialized (
		select q.player_id, q.email_id
		from (select array_agg(m.player_id) as players,
		    array_agg(m.facts) as facts
		    from m
		    where m.reason = '' and v_batch_id is not null) x
		cross join lateral queue_emails('reminder', x.players, '{}',
		    x.facts, p_zone, v_batch_id, false, '0') q
	)
	select m.player_id, m.recipient,
	    (m.facts ->> 'amount_cents')::bigint, m.facts ->> 'currency',
	    m.reason, q.email_id, v_batch_id
	from m
	left join queued q on q.player_id = m.player_id
	order by m.player_id;
	perform close_email_batch(v_batch_id);
end
$$;

-- The mail that tells a family of its order's new link (`regenerate --email`).
create or replace function teamdues.queue_replaced_link(
	p_order_id bigint,
	p_zone text)
returns bigint
language sql security definer
set search_path = teamdues, pg_temp as $$
	select queue_email('replaced_link', o.player_id, o.order_id,
	    jsonb_build_object('amount_cents', left_cents(o),
	        'currency', o.currency), p_zone, null, false)
	from orders o
	join players y on y.player_id = o.player_id
	where o.order_id = p_order_id and o.status = 'pending'
	and money_fault(o, y.parent_id) is null
$$;
