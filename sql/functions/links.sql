-- What a signed link has to say about an order or a player.

-- When a link ends that is made at p_from: a first payment's with the month
-- quoted (p_quoted), one to a tournament's order with the tournament's day,
-- both in the club's zone; any other after 30 days, from the second that has
-- begun on.  It is the first second after it.
create or replace function teamdues.link_ends(
	p_order_id bigint,
	p_quoted date,
	p_from timestamptz,
	p_zone text)
returns timestamptz
language plpgsql stable as $$
begin
	if p_order_id is null and p_quoted is not null then
		return teamdues.month_end(p_quoted, p_zone);
	end if;
	return coalesce((
	    select (t.held_on + 1)::timestamp at time zone p_zone
	    from teamdues.orders o
	    join teamdues.tournaments t on t.tournament_id = o.tournament_id
	    where o.order_id = p_order_id),
	    date_trunc('second', p_from) + interval '30 days');
end
$$;

-- p_until: the last day, instead of the tournament's; null: none.
create or replace function teamdues.order_link(
	p_order_id bigint,
	p_zone text,
	p_until date)
returns table (kind text, word text, expires bigint)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select o.kind, o.word, extract(epoch from coalesce(
	    (p_until + 1)::timestamp at time zone p_zone,
	    link_ends(o.order_id, null, now(), p_zone)))::bigint
	from orders o
	where o.order_id = p_order_id
$$;

create or replace function teamdues.player_link(p_player_id bigint)
returns table (word text, expires bigint)
language sql stable security definer
set search_path = teamdues, pg_temp as $$
	select y.word,
	    extract(epoch from link_ends(null, null, now(), null))::bigint
	from players y
	where y.player_id = p_player_id
$$;
