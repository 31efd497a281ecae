-- Other installations of teamdues on the same Stripe account: another club's,
-- or what this club had before its database was lost.  Nothing becomes ours by
-- itself; a person says so, and may say otherwise later.

-- Whether nobody has said yet whose the payments of an installation are.
create or replace function teamdues.is_undecided(p_installation_id text)
returns boolean
language sql stable as $$
	select p_installation_id is not null
	and not exists (select from teamdues.installation i
	    where i.installation_id = p_installation_id)
	and not exists (select from teamdues.other_installations n
	    where n.installation_id = p_installation_id)
$$;

-- Whether those payments count as ours.
create or replace function teamdues.is_ours(p_installation_id text)
returns boolean
language sql stable as $$
	select exists (select from teamdues.installation i
	    where i.installation_id = p_installation_id)
	or exists (select from teamdues.other_installations n
	    where n.installation_id = p_installation_id and n.is_ours)
$$;

-- This installation, and all others that payments name or that somebody has
-- decided on, with what was paid of each in each currency.
create or replace function teamdues.installations()
returns table (installation_id text, standing text, payments bigint,
	amount_cents bigint, currency text, decided_by text,
	decided_at timestamptz)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	with paid as (
		select p.metadata_teamdues as id, p.currency,
		    count(*) as payments, sum(p.amount_cents)::bigint as cents
		from payments p
		where p.paid_at is not null and p.metadata_teamdues is not null
		group by p.metadata_teamdues, p.currency
	)
	select x.id, case when x.rank = 1 then 'this one'
	    when n.is_ours then 'adopted'
	    when not n.is_ours then 'another''s'
	    else 'not decided' end,
	    coalesce(p.payments, 0), p.cents, p.currency, n.actor, n.decided_at
	from (
	    select 1 as rank, i.installation_id as id from installation i
	    union
	    select 2, y.id
	    from (select n.installation_id as id from other_installations n
	        union
	        select p.id from paid p) y
	    where not exists (select from installation i
	        where i.installation_id = y.id)) x
	left join paid p on p.id = x.id
	left join other_installations n on n.installation_id = x.id
	order by x.rank, x.id, p.currency
$$;

-- What was paid of an installation, and where it stands, in words.
create or replace function teamdues.installation_text(p_installation_id text)
returns text
language sql stable as $$
	select coalesce(string_agg(format('%s payments, %s %s: %s on their '
	    'orders, %s for a person, %s of another installation', x.payments,
	    teamdues.money_text(x.cents), x.currency, x.placed, x.waiting,
	    x.foreign_ones), '; ' order by x.currency),
	    'no payment of it is known here')
	from (
	    select p.currency, count(*) as payments,
	        sum(p.amount_cents)::bigint as cents,
	        count(*) filter (where p.place = 'order') as placed,
	        count(*) filter (where p.place in ('unmatched', 'review'))
	            as waiting,
	        count(*) filter (where p.place = 'foreign') as foreign_ones
	    from teamdues.payments p
	    where p.metadata_teamdues = p_installation_id
	    and p.paid_at is not null
	    group by p.currency) x
$$;

-- Says whose the payments of an installation are, and judges those that are
-- recorded anew.  Without p_commit all is undone again, and what it comes to is
-- told.  result: done, already, refused.
create or replace function teamdues.decide_installation(
	p_installation_id text,
	p_is_ours boolean,
	p_actor text,
	p_commit boolean,
	out result text,
	out detail text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_was_passed_over boolean;
begin
	perform lock_books();
	select case when i.installation_id = p_installation_id then 'refused'
	    when n.is_ours = p_is_ours then 'already'
	    else 'done' end, p_is_ours and n.is_ours is not null
	into result, v_was_passed_over
	from installation i
	left join other_installations n
	    on n.installation_id = p_installation_id;
	detail := case result
	    when 'refused' then 'it is this very installation'
	    when 'already' then format('%s is %s already', p_installation_id,
	        case when p_is_ours then 'ours' else 'another''s' end) end;
	if detail is not null then
		return;
	end if;
	insert into other_installations as n (installation_id, is_ours, actor)
	values (p_installation_id, p_is_ours, p_actor)
	on conflict on constraint other_installations_pkey do update
	set is_ours = excluded.is_ours, actor = excluded.actor,
	    decided_at = now();
	perform refresh_payments(array(
	    select p.session_id
	    from payments p
	    where p.metadata_teamdues = p_installation_id));
	detail := format('%s: %s%s', p_installation_id,
	    installation_text(p_installation_id), case when v_was_passed_over
	    then '; reconcile has passed its sessions over: run it with '
	        '--since a day before it was disowned' else '' end);
	insert into audit_log (actor, action, subject, detail)
	values (p_actor, case when p_is_ours then 'adopt installation'
	    else 'disown installation' end, p_installation_id,
	    decide_installation.detail);
	if not p_commit then
		raise sqlstate 'TD001';
	end if;
exception
when sqlstate 'TD001' then
	null;
when unique_violation then
	result := 'refused';
	detail := 'an order that is paid by it cannot be owed again: the '
	    'player has another order for the same';
end
$$;

-- What waits for a person: payments and events of ours, and paid ones of
-- installations that nobody has decided on.
create or replace function teamdues.waiting_counts(
	out waiting bigint,
	out undecided bigint)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select (select count(*) from unresolved)
	    + (select count(*) from waiting_at_stripe()),
	    (select count(*)
	    from payments p
	    where p.place = 'foreign' and p.paid_at is not null
	    and is_undecided(p.metadata_teamdues))
$$;
