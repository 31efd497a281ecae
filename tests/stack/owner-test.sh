#!/bin/bash
# `teamdues migrate` as runbook/install.md asks for it: by a role that may create
# roles and databases and is no superuser, in a cluster that no superuser has
# prepared; and in one where a backup was restored though it had none of our roles.
# And two clubs of one cluster, of which none reads the other.
set -u
here=$(cd "$(dirname "$0")" && pwd)
RUN_DIR=$(mktemp -d)
export TEAMDUES_TEST_FAST=1 RUN_DIR
# shellcheck source=tests/stack/place.sh
. "$here/place.sh"
# shellcheck source=tests/stack/servers.sh
. "$here/servers.sh"
# shellcheck source=tests/stack/settings.sh
. "$here/settings.sh"
# shellcheck source=tests/stack/postgresql.sh
. "$here/postgresql.sh"
# shellcheck source=tests/stack/programs.sh
. "$here/programs.sh"
passed=0
failed=0

tear_down() {
	stop_all
	rm -rf "$RUN_DIR"
}

# check NAME COMMAND...
check() {
	local name=$1 said
	shift

	if said=$("$@" 2>&1); then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $name"
		tail -n 5 <<<"$said"
	fi
}

url_of() {
	printf 'postgresql://%s:secret@/%s?host=%s' "$1" "$2" "$state/socket"
}

# as ROLE DATABASE: runs the statements on standard input.
as() {
	sql "$(url_of "$1" "$2")" -At
}

migrate_as() {
	(as_service OWNER_DATABASE_URL="$(url_of "$1" "$2")" \
		build/teamdues migrate)
}

# A password for a program's login, and what that login may do with it.
gives_a_login() {
	as "$1" club <<<"alter role teamdues_public password 'secret'" &&
		as teamdues_public club <<<'select teamdues.schema_version()'
}

operator_reads_its_views() {
	as "$1" club <<<"alter role teamdues_operator password 'secret'" &&
		as teamdues_operator club <<-'END'
			select * from teamdues.order_overview;
			select * from teamdues.email_overview;
		END
}

reads_no_table() {
	! as teamdues_public club <<<'select * from teamdues.orders'
}

refuses_by_name() {
	local said

	said=$(migrate_as guest club 2>&1) && return 1
	grep -q 'teamdues_owner' <<<"$said"
}

# A cluster without our roles.
new_cluster() {
	make_cluster secret
	start_cluster
	as postgres postgres <<-'END'
		create role dba login createrole createdb password 'secret';
		create role guest login password 'secret';
	END
	as dba postgres <<<'create database club'
}

lose_cluster() {
	stop_servers
	rm -rf "$state/postgresql"
}

# Its own errors are what a restore without the roles is about.
restore_as() {
	local role=$1
	shift

	PGPASSWORD=secret "$bin/pg_restore" "$@" -h "$state/socket" -U "$role" \
		-d club "$RUN_DIR/dump" 2>&1 | tail -n 1
}

restores_without_an_error() {
	! restore_as "$@" | grep .
}

complains_of_roles() {
	restore_as "$@" | grep 'errors ignored on restore: [0-9][0-9]'
}

# What the statement on standard input counts.
none() {
	[ "$(as dba club)" = 0 ]
}

all_is_the_owners() {
	none <<-'END'
		select count(*)
		from (
		    select relowner as owner from pg_class c
		    where relnamespace = 'teamdues'::regnamespace
		    union all
		    select proowner from pg_proc
		    where pronamespace = 'teamdues'::regnamespace
		    union all
		    select typowner from pg_type
		    where typnamespace = 'teamdues'::regnamespace
		    union all
		    select stxowner from pg_statistic_ext
		    where stxnamespace = 'teamdues'::regnamespace
		    union all
		    select nspowner from pg_namespace
		    where nspname = 'teamdues') x
		where owner <> 'teamdues_owner'::regrole
	END
}

nobody_else_runs_functions() {
	none <<-'END'
		select count(*) from pg_proc
		where pronamespace = 'teamdues'::regnamespace
		and has_function_privilege('guest', oid, 'execute')
	END
}

test_restored() {
	check "$1 migrates" migrate_as "$1" club
	check 'all of it is the owner'"'"'s' all_is_the_owners
	check 'nobody else runs its functions' nobody_else_runs_functions
	check 'a program has its login again' gives_a_login "$1"
	check 'which reads no table' reads_no_table
	check 'the operator reads its views' operator_reads_its_views "$1"
	check 'nothing is left to be done' migrate_as "$1" club
}

refuses_what_is_anothers() {
	local said

	said=$(migrate_as dba club 2>&1) && return 1
	grep -q 'belongs to postgres: let that role run' <<<"$said"
}

# Two clubs in one cluster, with the same trust levels and logins of their own.
make_club() {
	as postgres postgres <<-END
		create database $1;
		alter database $1 set teamdues.club = '$1';
	END
	migrate_as postgres "$1" &&
		as postgres postgres <<-END
			alter role teamdues_$1_operator password 'secret';
			alter role teamdues_$1_public password 'secret';
		END
}

has_version() {
	as "$1" "$2" <<<'select teamdues.schema_version()'
}

# Not even the name of a table.
is_kept_out() {
	local said

	said=$(has_version "$1" "$2" 2>&1) && return 1
	grep -q 'permission denied for database' <<<"$said"
}

# What the trust level may not do, the club's login may not, either.
club_reads_no_table() {
	! as teamdues_kings_public kings <<<'select * from teamdues.orders'
}

test_clubs() {
	check 'a club is made' make_club kings
	check 'and another' make_club queens
	check 'the first again' migrate_as postgres kings
	check 'each has its logins' has_version teamdues_kings_operator kings
	check 'the other, too' has_version teamdues_queens_operator queens
	check 'a login reads no table' club_reads_no_table
	check 'nor the other club' is_kept_out teamdues_kings_operator queens
	check 'nor as any trust level' is_kept_out teamdues_queens_public kings
	check 'nor does who has no club' is_kept_out guest kings
	check 'nor a login of one club alone' is_kept_out teamdues_public kings
}

main() {
	make_state
	copy_programs
	bin=$(postgresql_bin)
	new_cluster
	as dba postgres <<<'create database other'
	check 'a role that is no superuser migrates' migrate_as dba club
	check 'and again' migrate_as dba club
	check 'a second database of the cluster' migrate_as dba other
	check 'a program has its login' gives_a_login dba
	check 'which reads no table' reads_no_table
	check 'a role that may create none is refused' refuses_by_name

	check 'it makes a backup' env PGPASSWORD=secret "$bin/pg_dump" -Fc \
		-h "$state/socket" -U dba -f "$RUN_DIR/dump" club
	lose_cluster
	new_cluster
	check 'without owners and grants it restores quietly' \
		restores_without_an_error dba --no-owner --no-privileges
	test_restored dba

	lose_cluster
	new_cluster
	check 'with them it complains of the roles' complains_of_roles postgres
	check 'who cannot own it is told who does' refuses_what_is_anothers
	test_restored postgres
	test_clubs
}

trap tear_down EXIT
main
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
