-- What a signed link has to say about an order.

-- Links to a tournament's order end with the tournament's day in the club's
-- zone, or with p_until: expires is the first second after it.  Null for an
-- order of another kind.
create or replace function teamdues.tournament_link(
	p_order_id bigint,
	p_zone text,
	p_until date)
returns table (kind text, word text, expires bigint)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select o.kind, o.word, extract(epoch from
	    (case when t.tournament_id is not null
	        then coalesce(p_until, t.held_on) end + 1)::timestamp
	        at time zone p_zone)::bigint
	from orders o
	left join tournaments t on t.tournament_id = o.tournament_id
	where o.order_id = p_order_id
$$;

create or replace function teamdues.order_link(p_order_id bigint)
returns table (kind text, word text)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select o.kind, o.word from orders o where o.order_id = p_order_id
$$;

create or replace function teamdues.player_link(p_player_id bigint)
returns table (word text)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select y.word from players y where y.player_id = p_player_id
$$;
