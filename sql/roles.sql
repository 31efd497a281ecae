-- One role per trust level.  They are made without a password: under peer
-- authentication they need none, elsewhere the administrator sets one.
-- The schema and everything in it belongs to teamdues_owner, who cannot log in.

do $$
declare
	v_role text;
	-- From 16 on whoever made a role is its member, and still may not
	-- become it.
	v_membership text := case
	    when current_setting('server_version_num')::integer < 160000
	    then 'member' else 'set' end;
begin
	foreach v_role in array array['teamdues_owner', 'teamdues_webhook',
	    'teamdues_checkout', 'teamdues_public', 'teamdues_admin',
	    'teamdues_mailer', 'teamdues_operator', 'teamdues_desk',
	    'teamdues_clerk']
	loop
		begin
			if not exists (
			    select from pg_roles where rolname = v_role) then
				execute format('create role %I %s', v_role,
				    case v_role when 'teamdues_owner'
				    then 'nologin' else 'login' end);
			end if;
		exception when duplicate_object or unique_violation then
			-- another database of this cluster was migrated just
			-- now
			null;
		end;
		execute format('grant connect on database %I to %I',
		    current_database(), v_role);
	end loop;
	if not pg_has_role(current_user, 'teamdues_owner', v_membership) then
		execute format('grant teamdues_owner to %I', current_user);
	end if;
	execute format('grant create on database %I to teamdues_owner',
	    current_database());
end
$$;
