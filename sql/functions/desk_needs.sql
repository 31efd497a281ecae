-- What waits for the treasurer.  A row of a kind says of one thing, or of count
-- of them, since when it waits; the desk puts it into words (lib/desk/needs.c).

create or replace function teamdues.desk_needs()
returns table (kind text, at timestamptz, count bigint, amount_cents bigint,
	currency text, who text, detail text, order_id bigint, key text,
	due_at timestamptz)
language plpgsql stable as $$
begin
	return query
	select * from teamdues.desk_needs_money()
	union all
	select * from teamdues.desk_needs_desk()
	union all
	select * from teamdues.desk_needs_mail()
	union all
	select * from teamdues.desk_needs_books();
end
$$;

-- Payments that wait, the oldest of them (there may be very many, and each
-- costs a search); disputes, warnings, and refunds that came to nothing.
create or replace function teamdues.desk_needs_money()
returns table (kind text, at timestamptz, count bigint, amount_cents bigint,
	currency text, who text, detail text, order_id bigint, key text,
	due_at timestamptz)
language plpgsql stable as $$
begin
	return query
	select p.place, p.stripe_created, 1::bigint, p.amount_cents, p.currency,
	    teamdues.person_text(p.payer_name, p.email),
	    case p.place when 'review' then p.reason
	    else (select s.player_name
	        from teamdues.payment_suggestion s
	        where s.session_id = p.session_id) end,
	    coalesce(p.matched_order_id, p.suggested_order_id), p.session_id,
	    null::timestamptz
	from (
	    select x.*
	    from teamdues.payments x
	    where x.place in ('unmatched', 'review')
	    order by x.stripe_created, x.session_id
	    limit 10) p
	union all
	select 'more', x.at, x.count, null, null, null, null, null, null, null
	from (
	    select count(*) - 10 as count, max(p.stripe_created) as at
	    from teamdues.payments p
	    where p.place in ('unmatched', 'review')) x
	where x.count > 0
	union all
	select 'event', min(e.received_at), count(*), null, null, null, null,
	    null, null, null
	from teamdues.refused_events e
	having count(*) > 0
	union all
	select w.kind, w.stripe_created, 1, w.amount_cents, w.currency,
	    coalesce(w.player_name, teamdues.person_text(w.payer_name,
	        w.email)), w.reason, w.order_id, w.id, w.due_at
	from teamdues.waiting_at_stripe() w;
end
$$;

-- What was asked for at the desk and came to nothing, until the same was done
-- after all or somebody put it away (of what moves no money, for two weeks); or
-- was not begun.
create or replace function teamdues.desk_needs_desk()
returns table (kind text, at timestamptz, count bigint, amount_cents bigint,
	currency text, who text, detail text, order_id bigint, key text,
	due_at timestamptz)
language plpgsql stable as $$
begin
	return query
	select 'request failed', r.ended_at, 1::bigint, null::bigint,
	    null::text, u.name, concat_ws(': ', concat_ws(' for ',
	        replace(r.action, '_', ' '), teamdues.desk_about(r)),
	        r.args ->> 'words'), r.order_id,
	    r.request_id::text, null::timestamptz
	from teamdues.desk_requests r
	join teamdues.desk_users u on u.user_id = r.user_id
	where r.state = 'failed' and not r.args ? 'put_away'
	and (r.ended_at > now() - interval '14 days' or r.action = 'refund')
	and not exists (
	    select from teamdues.desk_requests d
	    where d.state = 'done' and d.request_id > r.request_id
	    and d.action = r.action
	    and d.order_id is not distinct from r.order_id
	    and d.args ->> 'payment' is not distinct from
	        r.args ->> 'payment'
	    and d.args ->> 'amount_cents' is not distinct from
	        r.args ->> 'amount_cents')
	union all
	select 'requests wait', min(r.asked_at), count(*), null, null, null,
	    null, null, null, null
	from teamdues.desk_requests r
	where r.state in ('queued', 'working')
	and r.asked_at < now() - interval '2 minutes'
	having count(*) > 0;
end
$$;

create or replace function teamdues.desk_needs_mail()
returns table (kind text, at timestamptz, count bigint, amount_cents bigint,
	currency text, who text, detail text, order_id bigint, key text,
	due_at timestamptz)
language plpgsql stable as $$
begin
	return query
	select 'mails failed', min(e.created_at), count(*), null::bigint,
	    null::text, case count(*) when 1 then min(e.recipient) end,
	    case count(*) when 1 then min(e.last_error) end, null::bigint,
	    null::text, null::timestamptz
	from teamdues.emails e
	where e.state = 'failed' and e.created_at > now() - interval '14 days'
	having count(*) > 0
	union all
	select 'mails wait', min(e.created_at), count(*), null, null, null,
	    null, null, null, null
	from teamdues.emails e
	where e.state = 'queued'
	and e.created_at < now() - interval '15 minutes'
	having count(*) > 0;
end
$$;

-- That the books may lack something, as `teamdues watch` looks at it.
create or replace function teamdues.desk_needs_books()
returns table (kind text, at timestamptz, count bigint, amount_cents bigint,
	currency text, who text, detail text, order_id bigint, key text,
	due_at timestamptz)
language plpgsql stable as $$
begin
	return query
	select 'unheard', coalesce((
	    select min(s.seen_at)
	    from teamdues.stripe_sights s
	    where s.value > 0
	    and s.name in ('paid_unseen', 'undelivered', 'webhook_down')),
	    now()), 1::bigint, null::bigint, null::text, null::text, x,
	    null::bigint, null::text, null::timestamptz
	from teamdues.unheard_sign() x
	where x is not null
	union all
	select r.name || ' late', r.at, 1, null, null, null, null, null, null,
	    null
	from (
	    select x.name, coalesce(r.began_at, i.created_at) as at
	    from unnest(array['reconcile', 'audit']) x (name)
	    cross join teamdues.installation i
	    left join teamdues.runs r on r.name = x.name) r
	where r.at < now() - interval '26 hours'
	union all
	select 'sign-ins refused', min(f.hour), sum(f.total)::bigint, null,
	    null, null, null, null, null, null
	from teamdues.desk_refusals f
	where f.hour > now() - interval '1 day'
	having sum(f.total) >= 20;
end
$$;
