-- Sending: the mailer holds the row's lock from the claim to the end of its
-- transaction, so that a killed mailer gives it back at once and two never send
-- one mail.

-- What a mail says, and where its link leads; also of one that was not queued.
-- link_expires is null where it has none; word is that of the order, or else of
-- the player, whom it names.
create or replace function teamdues.email_facts(
	p_email teamdues.emails,
	p_zone text)
returns setof teamdues.outgoing_mail
language sql stable as $$
	select p_email.email_id, p_email.kind, p_email.order_id,
	    p_email.player_id, case when o.order_id is not null then o.word
	        else y.word end, coalesce(o.kind, 'fee'), p_email.recipient,
	    coalesce(r.name, ''), y.name,
	    -- An adjusted amount is not the fee of so many days.
	    coalesce(t.name, p.name,
	        case when (p_email.facts ->> 'adjusted')::boolean
	        then 'First month''s fee' end),
	    -- What is asked for is what a click will be charged.
	    coalesce(case when p_email.kind <> 'receipt'
	        then coalesce(teamdues.left_cents(o), f.amount_cents) end,
	        (p_email.facts ->> 'amount_cents')::bigint),
	    coalesce(o.currency, p_email.facts ->> 'currency'),
	    p_email.facts ->> 'quoted',
	    coalesce((p_email.facts ->> 'prorate')::boolean, false),
	    p_email.day::text, p_email.copy, p_email.attempts,
	    i.installation_id,
	    extract(epoch from now() - p_email.created_at)::bigint,
	    extract(epoch from l.ends)::bigint,
	    ((l.ends - interval '1 second') at time zone p_zone)::date::text,
	    coalesce((p_email.facts ->> 'left_cents')::bigint, 0)
	from teamdues.players y
	cross join lateral (
	    select teamdues.email_link_ends(p_email, p_zone) as ends) l
	cross join teamdues.installation i
	left join teamdues.parents r on r.parent_id = y.parent_id
	left join teamdues.orders o on o.order_id = p_email.order_id
	-- A fee that the treasurer adjusted is none of a month or a part of it.
	left join lateral (
	    select x.product_id, teamdues.adjusted_cents(x) as amount_cents
	    from teamdues.fee_order(y.player_id) x) f
	    on p_email.order_id is null and f.amount_cents is not null
	left join teamdues.products p
	    on p.product_id = coalesce(o.product_id, f.product_id)
	left join teamdues.tournaments t on t.tournament_id = o.tournament_id
	where y.player_id = p_email.player_id
$$;

-- While Stripe may know of payments that the books lack (notice.sql), nobody is
-- asked for money: only receipts are due.
--
-- The next mail that is due, locked, with all that its text needs, and marked
-- as sent already: once the server has it, nothing but the commit is left to
-- do.  One that is no longer true is dropped on the way.
create or replace function teamdues.claim_email(p_zone text)
returns table (email_id bigint, kind text, order_id bigint, player_id bigint,
	word text, order_kind text, recipient text, parent_name text,
	player_name text, item text, amount_cents bigint, currency text,
	quoted text,
	prorate boolean, day text, copy integer, attempts integer,
	installation_id text, age_s bigint, link_expires bigint,
	last_day text, left_cents bigint)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_email emails;
	v_fault text;
	v_holds boolean := asking_fault() is not null;
begin
	loop
		select * into v_email
		from emails e
		where e.state = 'queued' and e.not_before <= now()
		and (e.kind = 'receipt' or not v_holds)
		order by e.not_before, e.email_id
		limit 1
		for update skip locked;
		if not found then
			return;
		end if;
		v_fault := email_fault(v_email, p_zone);
		exit when v_fault is null;
		update emails e
		set state = 'dropped', last_error = v_fault
		where e.email_id = v_email.email_id;
	end loop;
	v_email.recipient := address_now(v_email);
	update emails e
	set state = 'sent', sent_at = clock_timestamp(),
	    attempts = e.attempts + 1, last_error = '',
	    recipient = v_email.recipient
	where e.email_id = v_email.email_id;
	return query select * from email_facts(v_email, p_zone);
end
$$;

-- The same, and behind it those that go with it as one mail: of one family,
-- decided together (they have one text in facts.together), p_most in all.
create or replace function teamdues.claim_emails(p_zone text, p_most integer)
returns setof teamdues.outgoing_mail
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_mail outgoing_mail;
	v_first emails;
	v_beside emails;
	v_fault text;
begin
	select c.* into v_mail
	from claim_email(p_zone) c;
	if not found then
		return;
	end if;
	return next v_mail;
	select * into v_first
	from emails e
	where e.email_id = v_mail.email_id;
	if not v_first.facts ? 'together' then
		return;
	end if;
	for v_beside in
		select *
		from emails e
		where e.state = 'queued' and e.not_before <= now()
		and e.facts ->> 'together' = v_first.facts ->> 'together'
		and e.facts ->> 'currency' = v_first.facts ->> 'currency'
		and address_now(e) = v_first.recipient
		and e.kind = v_first.kind
		order by e.email_id
		limit p_most - 1
		for update skip locked
	loop
		v_fault := email_fault(v_beside, p_zone);
		update emails e
		set state = case when v_fault is null then 'sent'
		        else 'dropped' end,
		    sent_at = case when v_fault is null
		        then clock_timestamp() end,
		    attempts = e.attempts
		        + case when v_fault is null then 1 else 0 end,
		    last_error = coalesce(v_fault, ''),
		    recipient = v_first.recipient
		where e.email_id = v_beside.email_id;
		if v_fault is null then
			v_beside.recipient := v_first.recipient;
			return query
			select * from email_facts(v_beside, p_zone);
		end if;
	end loop;
end
$$;

-- Where a mail goes: what asks for money to the family that the player has by
-- now, of whom it speaks; null when that has no address.  A receipt is for who
-- paid.
create or replace function teamdues.address_now(p_email teamdues.emails)
returns text
language sql stable as $$
	select case when p_email.kind = 'receipt' then p_email.recipient
	    else r.email end
	from teamdues.players y
	left join teamdues.parents r on r.parent_id = y.parent_id
	where y.player_id = p_email.player_id
$$;

-- Why what a mail asks for is not to be asked for any more; null when it is.
create or replace function teamdues.email_fault(
	p_email teamdues.emails,
	p_zone text)
returns text
language sql stable as $$
	select case
	when p_email.kind = 'receipt' then null
	when teamdues.email_link_ends(p_email, p_zone) <= now()
	    or o.status <> 'pending'
	then 'no longer true'
	when teamdues.address_now(p_email) is null
	then 'parent has no e-mail address'
	else teamdues.money_fault(o, y.parent_id) end
	from teamdues.players y
	left join teamdues.orders o
	    on o.order_id = coalesce(p_email.order_id, (
	        select f.order_id
	        from teamdues.fee_order(p_email.player_id) f))
	where y.player_id = p_email.player_id
$$;

-- When a mail's link ends, which counts from when the mail was decided.
create or replace function teamdues.email_link_ends(
	p_email teamdues.emails,
	p_zone text)
returns timestamptz
language sql stable as $$
	select case when p_email.kind <> 'receipt'
	then teamdues.link_ends(p_email.order_id,
	    (p_email.facts ->> 'quoted')::date, p_email.created_at, p_zone)
	end
$$;

-- It was not sent after all.  p_end: failed; later (after p_wait_s seconds).
create or replace function teamdues.finish_email(
	p_email_id bigint,
	p_end text,
	p_error text,
	p_wait_s integer)
returns boolean
language sql security definer
set search_path = teamdues, pg_temp as $$
	update emails e
	set state = case p_end when 'later' then 'queued' else p_end end,
	    sent_at = null, last_error = left(p_error, 1000),
	    not_before = now() + make_interval(secs => p_wait_s)
	where e.email_id = p_email_id
	returning true
$$;

-- The next link to sign in at the desk that is due, locked, and marked as sent
-- already.  One that would be of no use any more is dropped on the way.
create or replace function teamdues.desk_claim_entry()
returns table (entry_id bigint, name text, email text, attempts integer,
	link_expires bigint, installation_id text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_entry desk_entries;
	v_user desk_users;
begin
	loop
		select * into v_entry
		from desk_entries e
		where e.state = 'queued' and e.not_before <= now()
		order by e.not_before, e.entry_id
		limit 1
		for update skip locked;
		if not found then
			return;
		end if;
		select * into v_user
		from desk_users u
		where u.user_id = v_entry.user_id and u.removed_at is null;
		exit when found and v_entry.ends_at > now();
		update desk_entries e
		set state = 'dropped'
		where e.entry_id = v_entry.entry_id;
	end loop;
	update desk_entries e
	set state = 'sent', attempts = e.attempts + 1, last_error = ''
	where e.entry_id = v_entry.entry_id;
	return query
	select v_entry.entry_id, v_user.name, v_user.email, v_entry.attempts,
	    extract(epoch from v_entry.ends_at)::bigint, i.installation_id
	from installation i;
end
$$;

-- It was not sent after all.  p_end: failed; later (after p_wait_s seconds).
create or replace function teamdues.desk_finish_entry(
	p_entry_id bigint,
	p_end text,
	p_error text,
	p_wait_s integer)
returns boolean
language sql security definer
set search_path = teamdues, pg_temp as $$
	update desk_entries e
	set state = case p_end when 'later' then 'queued' else p_end end,
	    last_error = left(p_error, 1000),
	    not_before = now() + make_interval(secs => p_wait_s)
	where e.entry_id = p_entry_id
	returning true
$$;
