-- What the club sells, at the desk: the list, and what may be done to it.  A
-- product that was ordered is never changed, since orders refer to it: another
-- price or name is another product, and the old one is withdrawn.

create or replace function teamdues.product_text(p_product teamdues.products)
returns text
language sql immutable as $$
	select concat(p_product.name, ', ' || teamdues.money_text(
	    p_product.amount_cents) || ' ' || p_product.currency)
$$;

-- What a product looked like: another text once anything about it changed.
create or replace function teamdues.product_seen(p_product_id bigint)
returns text
language sql stable as $$
	select md5(p::text)
	from teamdues.products p
	where p.product_id = p_product_id
$$;

-- Why a page is too old to act on; null when it is not.
create or replace function teamdues.product_stale(
	p_product_id bigint,
	p_seen text)
returns text
language plpgsql as $$
begin
	perform from teamdues.products p
	where p.product_id = p_product_id
	for no key update;
	return case when teamdues.product_seen(p_product_id) <> p_seen
	    then format('product %s changed meanwhile; look again',
	        p_product_id) end;
end
$$;

-- Whether anybody can order it, in a word.  Of a tournament's product that is
-- said by the tournaments.
create or replace function teamdues.product_offered(p_product teamdues.products)
returns text
language sql stable as $$
	select case when p_product.withdrawn_at is not null then 'Withdrawn'
	    when p_product.kind in ('fee', 'tournament')
	        or p_product.product_id
	            = (teamdues.newest_product(p_product.kind)).product_id
	    then 'On offer'
	    else 'A newer one is on offer' end
$$;

-- A page of the list, the newest first; p_show: '', sold or withdrawn.
create or replace function teamdues.desk_products(
	p_session bytea,
	p_show text,
	p_currency text,
	p_after bigint,
	p_limit bigint)
returns jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp
set jit = off as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return jsonb_build_object('user', desk_user_json(v_user),
	    'currency', p_currency, 'kinds', desk_kinds(),
	    'choices', jsonb_build_object('show', jsonb_build_array(
	        jsonb_build_object('value', 'sold', 'name', 'On offer'),
	        jsonb_build_object('value', 'withdrawn',
	            'name', 'Withdrawn'))),
	    'rows', coalesce((
	        with waiting as materialized (
	            select l.product_id, count(*) as orders
	            from listed_orders l
	            where l.status = 'pending'
	            group by l.product_id)
	        select jsonb_agg(jsonb_build_object('key', p.product_id,
	            'address', 'product_id=' || p.product_id, 'name', p.name,
	            'kind', initcap(p.kind), 'amount_cents', p.amount_cents,
	            'currency', coalesce(p.currency, p_currency),
	            'sizes', array_to_string(p.sizes, ', '),
	            'offered', product_offered(p),
	            'waiting', coalesce(w.orders, 0),
	            'wait', w.orders || ' orders wait')
	            order by p.product_id desc)
	        from (select *
	            from products x
	            where (p_show = '' or (p_show = 'withdrawn')
	                = (x.withdrawn_at is not null))
	            and (p_after is null or x.product_id < p_after)
	            order by x.product_id desc
	            limit p_limit) x
	        join products p on p.product_id = x.product_id
	        left join waiting w on w.product_id = p.product_id), '[]'));
end
$$;

-- The kinds that a person can add.
create or replace function teamdues.desk_kinds()
returns jsonb
language sql immutable as $$
	select jsonb_agg(jsonb_build_object('value', k.kind,
	    'label', initcap(k.kind)) order by k.place)
	from unnest(teamdues.product_kinds()) with ordinality k (kind, place)
	where k.kind <> 'fee'
$$;

-- What the acts are about: a product, or without p_product_id one that is to be
-- added.
create or replace function teamdues.desk_product_subject(
	p_session bytea,
	p_product_id bigint,
	p_currency text)
returns setof jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user jsonb := desk_user_json(desk_reader(p_session));
begin
	if p_product_id is null then
		return next jsonb_build_object('user', v_user,
		    'kinds', desk_kinds(), 'currency', p_currency);
		return;
	end if;
	return query
	select jsonb_build_object('user', v_user, 'product_id', p.product_id,
	    'name', p.name, 'amount_cents', p.amount_cents,
	    'currency', p.currency, 'product', product_text(p),
	    'kind', initcap(p.kind),
	    'sizes', nullif(array_to_string(p.sizes, ', '), ''),
	    'offered', product_offered(p), 'seen', product_seen(p_product_id),
	    'possible', case when p.kind = 'fee' then '[]'
	        when p.withdrawn_at is null
	        then '["product_change", "product_withdraw"]'
	        else '["product_return"]' end::jsonb)
	from products p
	where p.product_id = p_product_id;
end
$$;

-- Sizes that were typed with commas between; fault: why they cannot be a
-- product's.
create or replace function teamdues.sizes_read(
	p_kind text,
	p_text text,
	out sizes text[],
	out fault text)
language sql immutable as $$
	select x.sizes, case
	    when cardinality(x.sizes) = 0 then null
	    when p_kind <> 'jersey' then 'only a jersey has sizes'
	    when '' = any (x.sizes) or cardinality(x.sizes) > 32
	    then 'write 1 to 32 sizes with commas between'
	    when cardinality(x.sizes) > (
	        select count(distinct s) from unnest(x.sizes) s)
	    then 'a size is there twice' end
	from (select array(
	        select trim(s)
	        from string_to_array(coalesce(p_text, ''), ',') a
	        cross join lateral unnest(a) with ordinality u (s, place)
	        order by place) as sizes) x
$$;

create or replace function teamdues.least_refusal(
	p_cents bigint,
	p_least_cents bigint,
	p_currency text)
returns text
language sql immutable as $$
	select format('Stripe charges %s %s or more',
	    teamdues.money_text(p_least_cents), p_currency)
	where p_cents < p_least_cents
$$;

create or replace function teamdues.desk_product_add(
	p_request teamdues.desk_requests,
	p_actor text,
	p_least_cents bigint,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_args jsonb := p_request.args;
	v_kind text := v_args ->> 'kind';
	v_name text := v_args ->> 'name';
	v_cents bigint := (v_args ->> 'amount_cents')::bigint;
	v_currency text := v_args ->> 'currency';
	v_sizes record;
	v_newest teamdues.products := teamdues.newest_product(v_kind);
	v_made bigint;
begin
	select * into v_sizes
	from teamdues.sizes_read(v_kind, v_args ->> 'sizes');
	state := 'refused';
	words := coalesce(v_sizes.fault, teamdues.least_refusal(v_cents,
	    p_least_cents, v_currency));
	if words is not null then
		return;
	end if;
	state := 'done';
	words := concat_ws('; ', format('%s is on offer: %s', v_name,
	    teamdues.amount_text(v_cents, v_currency)), case
	    when v_kind = 'tournament'
	    then 'no tournament is added by it: do so at Tournaments'
	    when v_newest.product_id is not null
	    then 'it takes the place of '
	        || teamdues.product_text(v_newest) end);
	if p_commit then
		v_made := teamdues.product_add(v_kind, v_name, v_cents,
		    v_currency, v_sizes.sizes, p_actor);
		perform teamdues.keep_made(p_request.request_id, v_made,
		    v_name);
		perform teamdues.keep_before(p_request.request_id,
		    jsonb_build_object('product_id', v_made));
	end if;
end
$$;

-- Another name or price: a new product takes the old one's place, also in the
-- tournaments that are to come.
create or replace function teamdues.desk_product_change(
	p_request teamdues.desk_requests,
	p_actor text,
	p_zone text,
	p_least_cents bigint,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_args jsonb := p_request.args;
	v_cents bigint := (v_args ->> 'amount_cents')::bigint;
	v_old teamdues.products;
	v_new_id bigint;
begin
	select * into v_old
	from teamdues.products p
	where p.product_id = (v_args ->> 'product_id')::bigint
	for no key update;
	state := 'refused';
	words := case when v_old.product_id is null
	    then 'there is no such product'
	    when v_old.kind = 'fee' then 'the fee is each player''s own'
	    when v_old.withdrawn_at is not null
	    then 'it is not sold any more'
	    when (v_old.name, v_old.amount_cents)
	        = (v_args ->> 'name', v_cents)
	    then 'nothing of it would change'
	    else teamdues.least_refusal(v_cents, p_least_cents,
	        v_old.currency) end;
	if words is not null then
		return;
	end if;
	state := 'done';
	words := concat_ws('; ', format('product %s (%s) is replaced by %s, '
	    '%s %s', v_old.product_id, teamdues.product_text(v_old),
	    v_args ->> 'name', teamdues.money_text(v_cents), v_old.currency), (
	    select format('%s orders of it wait to be paid and stay as they '
	        'are, with their links', count(*))
	    from teamdues.orders o
	    where o.product_id = v_old.product_id and o.status = 'pending'
	    having count(*) > 0), (
	    select format('%s tournaments to come take the new one', count(*))
	    from teamdues.tournaments t
	    where t.product_id = v_old.product_id
	    and t.held_on >= teamdues.club_day(p_zone)
	    having count(*) > 0),
	    case when teamdues.product_offered(v_old) <> 'On offer'
	    then 'it is what the page sells then' end);
	if not p_commit then
		return;
	end if;
	v_new_id := teamdues.product_add(v_old.kind, v_args ->> 'name', v_cents,
	    v_old.currency, v_old.sizes, p_actor);
	update teamdues.tournaments t
	set product_id = v_new_id
	where t.product_id = v_old.product_id
	and t.held_on >= teamdues.club_day(p_zone);
	perform teamdues.product_withdraw(v_old.product_id, true, p_actor,
	    true);
	insert into teamdues.audit_log (actor, action, subject, detail)
	values (p_actor, 'product change', 'product ' || v_new_id,
	    desk_product_change.words);
end
$$;

create or replace function teamdues.desk_product_withdraw(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language sql as $$
	select case w.result when 'done' then 'done' else 'refused' end,
	    w.detail
	from teamdues.product_withdraw(
	    (p_request.args ->> 'product_id')::bigint,
	    p_request.action = 'product_withdraw', p_actor, p_commit) w
$$;
