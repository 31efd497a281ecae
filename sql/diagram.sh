#!/bin/bash
# diagram.sh URL: draws the tables of a migrated database as SVG, on standard
# output.  All that is drawn comes from PostgreSQL's catalogue; Graphviz places
# it.  `make diagram` writes sql/tables.svg with it, and a test compares the two.
set -eu

# A table is a box.  Its colours: facts (the table refuses any change), facts
# with derived columns beside them (it refuses changes of some columns), and
# other tables.  A bold column is of the primary key.  In italics stands what is
# derived: what may change beside facts, and what its comment says is derived.
#
# A solid line is a foreign key.  A dashed line is an id of Stripe's, which ties
# rows together in whatever order they come: no foreign key can hold it.
catalogue() {
	psql --no-psqlrc -q -At -v ON_ERROR_STOP=1 "$1" <<'SQL'
create temporary view tables as
select c.oid, c.relname as name, g.tgname is not null as is_guarded,
    -- The columns that may not be changed; null for none, empty for all.
    g.columns as guarded
from pg_class c
left join lateral (
    select min(t.tgname) as tgname,
        case when bool_or(t.tgattr::text = '') then '{}'::smallint[]
        else string_to_array(string_agg(t.tgattr::text, ' '),
            ' ')::smallint[] end as columns
    from pg_trigger t
    where t.tgrelid = c.oid and t.tgname like 'append_only%') g on true
where c.relnamespace = 'teamdues'::regnamespace and c.relkind = 'r';

create temporary view columns as
select t.name as table_name, a.attnum, a.attname as name,
    coalesce(a.attnum = any (k.conkey), false) as is_key,
    coalesce(t.guarded <> '{}' and not a.attnum = any (t.guarded), false)
    or coalesce(col_description(t.oid, a.attnum)
        ~* '\m(derived|follows)\M', false) as is_derived
from tables t
join pg_attribute a on a.attrelid = t.oid and a.attnum > 0
    and not a.attisdropped
left join pg_constraint k on k.conrelid = t.oid and k.contype = 'p';

create temporary view lines as
select t.name as from_table, a.attname as from_column,
    u.name as to_table, b.attname as to_column, 'solid' as style
from pg_constraint k
join tables t on t.oid = k.conrelid
join tables u on u.oid = k.confrelid
join pg_attribute a on a.attrelid = t.oid and a.attnum = k.conkey[1]
join pg_attribute b on b.attrelid = u.oid and b.attnum = k.confkey[1]
where k.contype = 'f'
union all
select c.table_name, c.name, h.table_name, c.name, 'dashed'
from columns c
join (values ('session_id', 'payments'), ('payment_intent_id', 'payments'),
    ('dispute_id', 'dispute_facts')) h (name, table_name)
    on h.name = c.name and h.table_name <> c.table_name;

select 'digraph tables {'
    ' graph [rankdir=RL, ranksep=1.1, nodesep=0.25, fontname="sans-serif"]'
    ' node [shape=plain, fontname="sans-serif", fontsize=12]'
    ' edge [color="#555555", arrowsize=0.6]';

select format('"%s" [label=<<table border="0" cellborder="1" cellspacing="0"'
    ' cellpadding="3" color="#777777"><tr><td bgcolor="%s"><b>%s</b></td></tr>'
    '%s</table>>]', t.name,
    case when t.guarded = '{}' then '#cfe8cf'
    when t.is_guarded then '#fbe7b6' else '#dddddd' end, t.name,
    (select string_agg(format('<tr><td port="%s" align="left">%s</td></tr>',
        c.name, case when c.is_key then format('<b>%s</b>', c.name)
        when c.is_derived then format('<i>%s</i>', c.name)
        else c.name end), '' order by c.attnum)
    from columns c
    where c.table_name = t.name))
from tables t
order by t.name collate "C";

select format('"%s":"%s":w -> "%s":"%s":e [style=%s]', from_table, from_column,
    to_table, to_column, style)
from lines
order by from_table collate "C", from_column collate "C",
    to_table collate "C";

-- Tables that nothing ties to another stand in columns of their own.
select string_agg(format('"%s"', t.name), ' -> ' order by t.name collate "C")
    || ' [style=invis]'
from (
    select name, (row_number() over (order by name collate "C") - 1) / 4 as n
    from tables
    where not exists (select from lines l
        where tables.name in (l.from_table, l.to_table))) t
group by n
order by n;

select '}';
SQL
}

catalogue "$1" | dot -Tsvg
