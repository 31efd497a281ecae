-- A search of several words: who has all of them, wherever each stands, and if
-- nobody has, whom each of them finds.

-- The words of a text in their order, each once, five at most.
create or replace function teamdues.search_words(p_text text) returns text[]
language sql immutable as $$
	select array(
	    select w.word
	    from (
	        select distinct on (lower(x.word)) x.word, x.n
	        from regexp_split_to_table(p_text, '\s+')
	            with ordinality x (word, n)
	        where length(x.word) > 1
	        order by lower(x.word), x.n) w
	    order by w.n
	    limit 5)
$$;

-- The families that have a word, of some (null: of all).
create or replace function teamdues.word_families(
	p_word text,
	p_among bigint[])
returns bigint[]
language plpgsql stable
set jit = off as $$
declare
	v_word text := lower(p_word);
begin
	return array(
	    with player as not materialized (
	        select y.player_id, y.parent_id
	        from teamdues.players y
	        where position(v_word in y.found_by) > 0
	    )
	    select r.parent_id
	    from teamdues.parents r
	    where (position(v_word in r.found_by) > 0
	        or r.parent_id in (
	            select y.parent_id
	            from player y
	            where y.parent_id is not null))
	    and (p_among is null or r.parent_id in (select unnest(p_among)))
	    union all
	    select -y.player_id
	    from player y
	    where y.parent_id is null
	    and (p_among is null or -y.player_id in (select unnest(p_among))));
end
$$;

-- The families that have all words of a text, null: all of them have; none when
-- it is one word.  All families are looked at for the longest word, which the
-- fewest have, and those that were found for the next.
create or replace function teamdues.have_all_words(p_text text)
returns bigint[]
language plpgsql stable as $$
declare
	v_words text[] := teamdues.search_words(p_text);
	v_count bigint := (
	    select count(*)
	    from teamdues.families);
	v_found bigint[];
	v_word text;
begin
	if cardinality(v_words) < 2 then
		return '{}';
	end if;
	for v_word in
		select w
		from unnest(v_words) w
		order by length(w) desc
	loop
		v_found := teamdues.word_families(v_word, v_found);
		exit when v_found = '{}';
		if cardinality(v_found) = v_count then
			v_found := null;
		end if;
	end loop;
	return v_found;
end
$$;

-- Of some families the first five by name, with their children.
create or replace function teamdues.near_families(p_families bigint[])
returns jsonb
language sql stable as $$
	select jsonb_agg(jsonb_build_object('key', x.family_id,
	    'name', coalesce(r.name, y.name), 'children', (
	        select string_agg(c.name, ', ' order by lower(c.name))
	        from teamdues.players c
	        where c.parent_id = x.family_id)) order by x.n)
	from unnest(teamdues.desk_family_page(p_families, null, 5))
	    with ordinality x (family_id, n)
	left join teamdues.parents r on r.parent_id = x.family_id
	left join teamdues.players y on y.player_id = -x.family_id
$$;

-- When nobody has all words of a text: that, and whom each finds.  Null when
-- the text is one word, or none finds anybody.
create or replace function teamdues.desk_near(p_text text) returns jsonb
language plpgsql stable as $$
declare
	v_words text[] := teamdues.search_words(p_text);
	v_count integer := cardinality(v_words);
	v_hits jsonb;
begin
	if v_count < 2 then
		return null;
	end if;
	select jsonb_agg(jsonb_build_object('word', v_words[h.n],
	    'count', cardinality(h.families),
	    'families', teamdues.near_families(h.families)) order by h.n)
	into v_hits
	from (
	    select w.n, teamdues.word_families(w.word, null) as families
	    from unnest(v_words) with ordinality w (word, n)
	    offset 0) h
	where h.families <> '{}';
	return case when v_hits is not null then jsonb_build_object(
	    'words', format(case when v_count = 2
	        then 'Nobody has both %s and %s.'
	        else 'Nobody has all of %s and %s.' end,
	        array_to_string(v_words[:v_count - 1], ', '),
	        v_words[v_count]),
	    'hits', v_hits) end;
end
$$;
