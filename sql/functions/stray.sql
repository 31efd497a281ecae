-- Sessions that are open while their order is not pending: nobody may pay one
-- of them any more.  Who makes an order leave `pending` with Stripe's key in
-- hand ends its session first; what is left by those without a key waits here.

-- Notes which open sessions of orders are stray now, and which no longer.  The
-- caller holds the orders' locks.
create or replace function teamdues.mark_strays(p_order_ids bigint[])
returns void
language plpgsql as $$
begin
	update teamdues.checkout_sessions s
	set stray_at = case when o.status <> 'pending' then now() end,
	    end_at = case when o.status <> 'pending' then now() end
	from teamdues.orders o
	where s.order_id = any (p_order_ids) and s.status = 'open'
	and o.order_id = s.order_id
	and (s.stray_at is null) <> (o.status = 'pending');
end
$$;

-- The next one to be ended, for one caller alone; null when none is due.  If it
-- comes to nothing it is due again after half a minute, later ever more rarely.
create or replace function teamdues.claim_stray(p_livemode boolean)
returns text
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_id text;
begin
	select s.session_id into v_id
	from checkout_sessions s
	where s.status = 'open' and s.end_at <= now()
	and s.livemode = p_livemode
	and exists (select from orders o
	    where o.order_id = s.order_id and o.status <> 'pending')
	order by s.end_at
	limit 1
	for no key update skip locked;
	if v_id is not null then
		update checkout_sessions s
		set end_at = now() + least(interval '1 hour',
		    greatest(interval '30 seconds', now() - s.stray_at))
		where s.session_id = v_id;
	end if;
	return v_id;
end
$$;
