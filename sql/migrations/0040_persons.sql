-- What the books hold of a person can be taken out of them, as the law asks.

-- Whose rows they are: see functions/person.sql.
create type teamdues.person as (
	parents bigint[],
	players bigint[],
	orders bigint[],
	customers text[],
	sessions text[],
	intents text[],
	events text[],
	addresses text[],
	names text[]
);

-- Nobody changes what was said, but for the one function that takes a person's
-- name and address out of it, and says so by a setting of its own.
create or replace function teamdues.refuse_change()
returns trigger
language plpgsql as $$
begin
	if tg_op = 'UPDATE'
	    and current_setting('teamdues.erases', true) = 'on' then
		return new;
	end if;
	raise exception '% is append-only', tg_table_name
	    using errcode = 'insufficient_privilege';
end
$$;

alter table teamdues.tryout_registrations
	alter column birth_date drop not null;
comment on column teamdues.tryout_registrations.birth_date is
	'The player''s, as typed last before it was paid; null once erased';
