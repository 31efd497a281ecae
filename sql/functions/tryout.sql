-- The public tryout form.

-- The player of this parent and name, each made when it is new, both locked.
-- Whoever is known stays as known: anyone may type anything here.
create or replace function teamdues.tryout_player(p_form jsonb) returns bigint
language plpgsql as $$
declare
	v_parent_id bigint;
	v_player_id bigint;
begin
	insert into teamdues.parents (name, email, phone)
	values (p_form ->> 'parent_name', p_form ->> 'parent_email',
	    p_form ->> 'parent_phone')
	on conflict do nothing;
	select r.parent_id into v_parent_id
	from teamdues.parents r
	where lower(r.email) = lower(p_form ->> 'parent_email')
	for no key update;
	select y.player_id into v_player_id
	from teamdues.players y
	where y.parent_id = v_parent_id
	and teamdues.name_key(y.name)
	    = teamdues.name_key(p_form ->> 'player_name')
	order by lower(y.name) = lower(p_form ->> 'player_name') desc,
	    y.player_id
	limit 1
	for no key update;
	if not found then
		insert into teamdues.players (parent_id, name)
		values (v_parent_id, p_form ->> 'player_name')
		returning player_id into v_player_id;
	end if;
	return v_player_id;
end
$$;

-- Registers once, however often the form is sent: a player has one order for a
-- tryout unless the money was given back.  Until it is paid a form that is
-- sent again corrects the one before.  Null while no tryout is sold.  Who has
-- not paid after a quarter of an hour is mailed the way back, once a day:
-- anyone may type any address, and other names to it.
create or replace function teamdues.register_tryout(p_form jsonb, p_zone text)
returns bigint
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_product_id bigint := (newest_product('tryout')).product_id;
	v_player_id bigint;
	v_order_id bigint;
begin
	if v_product_id is null then
		return null;
	end if;
	v_player_id := tryout_player(p_form);
	select o.order_id into v_order_id
	from orders o
	where o.player_id = v_player_id and o.product_id = v_product_id
	and (o.status = 'pending' or order_is_good(o.status))
	order by o.order_id desc
	limit 1;
	if not found then
		select p.order_id into v_order_id
		from place_order(v_player_id, v_product_id, 1, p_zone) p;
		perform queue_email('tryout', v_player_id, v_order_id, '{}',
		    p_zone, null, false, interval '15 minutes')
		where not had_tryout_mail(v_player_id, p_zone);
	end if;
	perform keep_registration(v_order_id, v_player_id, p_form);
	return v_order_id;
end
$$;

-- Whether the parent of this player was sent the way back today, for any child.
create or replace function teamdues.had_tryout_mail(
	p_player_id bigint,
	p_zone text)
returns boolean
language sql stable as $$
	select exists (
	    select from teamdues.players me
	    join teamdues.players y on y.parent_id = me.parent_id
	    join teamdues.emails e on e.player_id = y.player_id
	    where me.player_id = p_player_id and e.kind = 'tryout'
	    and e.day = teamdues.club_day(p_zone))
$$;

create or replace function teamdues.keep_registration(
	p_order_id bigint,
	p_player_id bigint,
	p_form jsonb)
returns void
language plpgsql as $$
declare
	v_birth_date date := p_form ->> 'birth_date';
begin
	-- The player's date of birth follows the form that told it first.
	update teamdues.players y
	set birth_date = v_birth_date
	where y.player_id = p_player_id
	and y.birth_date is distinct from v_birth_date
	and (y.birth_date is null or exists (
	    select from teamdues.tryout_registrations t
	    join teamdues.orders o using (order_id)
	    where t.order_id = p_order_id and o.status = 'pending'
	    and t.birth_date = y.birth_date));
	insert into teamdues.tryout_registrations as t (order_id, birth_date,
	    parent_name, parent_phone, consent)
	values (p_order_id, v_birth_date, p_form ->> 'parent_name',
	    p_form ->> 'parent_phone', p_form ->> 'consent')
	on conflict (order_id) do update
	set birth_date = excluded.birth_date,
	    parent_name = excluded.parent_name,
	    parent_phone = excluded.parent_phone,
	    sent_at = now()
	where exists (select from teamdues.orders o
	    where o.order_id = t.order_id and o.status = 'pending');
end
$$;
