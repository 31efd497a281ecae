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

-- Which words each family has, by their places: all families are looked at
-- once, however many the words are, and few of them twice.
create or replace function teamdues.word_hits(p_words text[])
returns table (family_id bigint, n bigint)
language plpgsql stable
set jit = off as $$
declare
	v_words text[] := array(select lower(w) from unnest(p_words) w);
	v_like text[] := array(
	    select '%' || regexp_replace(w, '([%_\\])', '\\\1', 'g') || '%'
	    from unnest(v_words) w);
begin
	return query
	select x.family_id, w.n
	from (
	    select r.parent_id as family_id, r.found_by
	    from teamdues.parents r
	    where r.found_by like any (v_like)
	    union all
	    select coalesce(y.parent_id, -y.player_id), y.found_by
	    from teamdues.players y
	    where y.found_by like any (v_like)) x
	cross join unnest(v_words) with ordinality w (word, n)
	where position(w.word in x.found_by) > 0
	group by x.family_id, w.n;
end
$$;

-- The families that have all words of a text; none when it is one word.
create or replace function teamdues.have_all_words(p_text text)
returns bigint[]
language plpgsql stable as $$
declare
	v_words text[] := teamdues.search_words(p_text);
begin
	return array(
	    select h.family_id
	    from teamdues.word_hits(v_words) h
	    where cardinality(v_words) > 1
	    group by h.family_id
	    having count(*) = cardinality(v_words));
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
	    select w.n, array_agg(w.family_id) as families
	    from teamdues.word_hits(v_words) w
	    group by w.n) h;
	return case when v_hits is not null then jsonb_build_object(
	    'words', format(case when v_count = 2
	        then 'Nobody has both %s and %s.'
	        else 'Nobody has all of %s and %s.' end,
	        array_to_string(v_words[:v_count - 1], ', '),
	        v_words[v_count]),
	    'hits', v_hits) end;
end
$$;
