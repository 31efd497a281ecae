-- A backup that is restored where the roles are missing belongs, whole, to
-- whoever restored it.  The schema and all in it are teamdues_owner's again.

do $$
declare
	v_owner oid := 'teamdues_owner'::regrole;
	v_schema oid := to_regnamespace('teamdues');
	v_statement text;
	v_holder name;
begin
	select pg_get_userbyid(n.nspowner) into v_holder
	from pg_namespace n
	where n.oid = v_schema and n.nspowner <> v_owner
	and not pg_has_role(current_user, n.nspowner, 'usage');
	if found then
		raise exception 'schema teamdues belongs to %: let that role '
		    'run "teamdues migrate" once', v_holder
		    using errcode = 'insufficient_privilege';
	end if;
	for v_statement in
		select format('alter %s owner to teamdues_owner', x.what)
		from (
		    -- The owner of what is in it must be able to use it.
		    select 1 as place, 'schema teamdues' as what
		    from pg_namespace n
		    where n.oid = v_schema and n.nspowner <> v_owner
		    union all
		    select 2, 'table ' || c.oid::regclass
		    from pg_class c
		    where c.relnamespace = v_schema and c.relowner <> v_owner
		    and c.relkind in ('r', 'v')
		    union all
		    select 3, 'type ' || t.oid::regtype
		    from pg_type t
		    join pg_class c on c.oid = t.typrelid
		    where t.typnamespace = v_schema and t.typowner <> v_owner
		    and c.relkind = 'c'
		    union all
		    select 4, 'routine ' || p.oid::regprocedure
		    from pg_proc p
		    where p.pronamespace = v_schema and p.proowner <> v_owner
		    union all
		    select 5, format('statistics teamdues.%I', s.stxname)
		    from pg_statistic_ext s
		    where s.stxnamespace = v_schema and s.stxowner <> v_owner) x
		order by x.place
	loop
		execute v_statement;
	end loop;
end
$$;
