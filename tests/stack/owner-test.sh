#!/bin/bash
# `teamdues migrate` as README asks for it: by a role that may create roles and
# databases and is no superuser, in a cluster that no superuser has prepared.
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
	as dba club <<<"alter role teamdues_public password 'secret'" &&
		as teamdues_public club <<<'select teamdues.schema_version()'
}

reads_no_table() {
	! as teamdues_public club <<<'select * from teamdues.orders'
}

refuses_by_name() {
	local said

	said=$(migrate_as guest club 2>&1) && return 1
	grep -q 'teamdues_owner' <<<"$said"
}

main() {
	make_state
	copy_programs
	bin=$(postgresql_bin)
	make_cluster secret
	start_cluster
	as postgres postgres <<-'END'
		create role dba login createrole createdb password 'secret';
		create role guest login password 'secret';
	END
	as dba postgres <<<'create database club'
	as dba postgres <<<'create database other'
	check 'a role that is no superuser migrates' migrate_as dba club
	check 'and again' migrate_as dba club
	check 'a second database of the cluster' migrate_as dba other
	check 'a program has its login' gives_a_login
	check 'which reads no table' reads_no_table
	check 'a role that may create none is refused' refuses_by_name
}

trap tear_down EXIT
main
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
