-- One role per trust level.  They are made without a password: under peer
-- authentication they need none, elsewhere the administrator sets one.
-- The schema and everything in it belongs to teamdues_owner, who cannot log in.
--
-- Roles are the cluster's, and one database of many is to be closed to the
-- other clubs.  A database that says whose it is (alter database ... set
-- teamdues.club = 'kings') has logins of its own, teamdues_kings_webhook, each
-- a member of its trust level's role, and nobody else may connect.

do $$
declare
	v_levels text[] := array['webhook', 'checkout', 'public', 'admin',
	    'mailer', 'operator', 'desk', 'clerk'];
	v_level text;
	v_login text;
	v_club text := nullif(current_setting('teamdues.club', true), '');
	-- From 16 on whoever made a role is its member, and still may not
	-- become it.
	v_membership text := case
	    when current_setting('server_version_num')::integer < 160000
	    then 'member' else 'set' end;
	v_role record;
begin
	for v_role in
		select 'teamdues_owner' as name, 'nologin' as options
		union all
		select 'teamdues_' || x, 'login'
		from unnest(v_levels) x
		union all
		select format('teamdues_%s_%s', v_club, x), 'login'
		from unnest(v_levels) x
		where v_club is not null
	loop
		begin
			if not exists (select from pg_roles
			    where rolname = v_role.name) then
				execute format('create role %I %s', v_role.name,
				    v_role.options);
			end if;
		exception when duplicate_object or unique_violation then
			-- another database of this cluster was migrated just
			-- now
			null;
		end;
	end loop;
	if v_club is not null then
		execute format('revoke all on database %I from public',
		    current_database());
	end if;
	foreach v_level in array v_levels loop
		v_login := 'teamdues_' || v_level;
		if v_club is not null then
			execute format('revoke all on database %I from %I',
			    current_database(), v_login);
			v_login := format('teamdues_%s_%s', v_club, v_level);
			execute format('grant %I to %I', 'teamdues_' || v_level,
			    v_login);
		end if;
		execute format('grant connect on database %I to %I',
		    current_database(), v_login);
	end loop;
	if not pg_has_role(current_user, 'teamdues_owner', v_membership) then
		execute format('grant teamdues_owner to %I', current_user);
	end if;
	execute format('grant create on database %I to teamdues_owner',
	    current_database());
end
$$;
