-- The families of the club, as the desk lists and finds them.  A family is its
-- parent's id; a child of whom no parent is known is its own, below zero.

-- Which families a text finds: by a part of a child's or the parent's name, of
-- the e-mail address or of the telephone number, whatever the case.
create or replace function teamdues.desk_found(p_text text)
returns bigint[]
language plpgsql stable as $$
declare
	v_text text := lower(p_text);
begin
	return array(
	    select r.parent_id
	    from teamdues.parents r
	    where position(v_text in lower(r.name)) > 0
	    or position(v_text in lower(r.email)) > 0
	    or position(v_text in r.phone) > 0
	    union
	    select coalesce(y.parent_id, -y.player_id)
	    from teamdues.players y
	    where position(v_text in lower(y.name)) > 0);
end
$$;

-- A page of the list, by name, those of one name by id; p_found null: of all.
create or replace function teamdues.desk_family_page(
	p_found bigint[],
	p_after bigint,
	p_limit bigint)
returns bigint[]
language plpgsql stable as $$
declare
	v_after bigint := coalesce(p_after, 0);
	v_name text := coalesce((
	    select lower(f.name)
	    from teamdues.families f
	    where f.family_id = v_after), '');
begin
	if p_found is null then
		return array(
		    select f.family_id
		    from teamdues.families f
		    where (lower(f.name), f.family_id) > (v_name, v_after)
		    order by lower(f.name), f.family_id
		    limit p_limit);
	end if;
	return array(
	    select f.family_id
	    from unnest(p_found) x (family_id)
	    join teamdues.families f on f.family_id = x.family_id
	    where (lower(f.name), f.family_id) > (v_name, v_after)
	    order by lower(f.name), f.family_id
	    limit p_limit);
end
$$;

-- How many families were found, and what they owe and have paid.
create or replace function teamdues.desk_family_sums(
	p_found bigint[],
	p_currency text)
returns jsonb
language plpgsql stable
set jit = off as $$
begin
	return (
	    select jsonb_build_array(jsonb_build_object(
	        'count', coalesce(cardinality(p_found),
	            (select count(*) from teamdues.families)),
	        'owed_cents', coalesce(sum(teamdues.left_cents(o)) filter (
	            where o.status = 'pending'), 0),
	        'paid_cents', coalesce(sum(o.paid_cents), 0),
	        'currency', p_currency))
	    from teamdues.orders o
	    where o.currency = p_currency
	    and (p_found is null or o.player_id in (
	        select y.player_id
	        from unnest(p_found) x (family_id)
	        join teamdues.players y
	            on coalesce(y.parent_id, -y.player_id) = x.family_id)));
end
$$;

create or replace function teamdues.desk_families(
	p_session bytea,
	p_text text,
	p_currency text,
	p_after bigint,
	p_limit bigint)
returns jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
	v_found bigint[] := case when p_text <> '' then desk_found(p_text) end;
begin
	return jsonb_build_object(
	    'user', desk_user_json(v_user),
	    'rows', coalesce((
	        select jsonb_agg(jsonb_build_object('key', f.family_id,
	            'name', f.name, 'email', f.email, 'phone', f.phone,
	            'children', y.names,
	            'address', case when f.family_id > 0
	                then 'parent_id=' || f.family_id
	                else 'player_id=' || -f.family_id end,
	            'owed_cents', o.owed_cents, 'paid_cents', o.paid_cents,
	            'currency', p_currency)
	            order by x.n)
	        from unnest(desk_family_page(v_found, p_after, p_limit))
	            with ordinality x (family_id, n)
	        join families f on f.family_id = x.family_id
	        cross join lateral (
	            select string_agg(concat_ws(' ', y.name,
	                '(' || nullif(y.team, '') || ')'), ', '
	                order by lower(y.name)) as names
	            from players y
	            where y.parent_id = f.family_id) y
	        cross join lateral (
	            select coalesce(sum(left_cents(o)) filter (
	                where o.status = 'pending'), 0) as owed_cents,
	                coalesce(sum(o.paid_cents), 0) as paid_cents
	            from players y
	            join orders o on o.player_id = y.player_id
	            where coalesce(y.parent_id, -y.player_id) = f.family_id
	            and o.currency = p_currency) o), '[]'),
	    'sums', desk_family_sums(v_found, p_currency));
end
$$;
