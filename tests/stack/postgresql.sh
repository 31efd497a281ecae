# shellcheck shell=bash
# The database of a stack: a private cluster on a UNIX socket, or the one that
# DATABASE_URL names.  Sourced after settings.sh.

postgresql_bin() {
	local bin

	bin=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1)
	if [ -z "$bin" ]; then
		die "no PostgreSQL server under /usr/lib/postgresql"
	fi
	printf %s "$bin"
}

make_cluster() {
	printf '%s\n' "$1" | put settings/superuser
	(as_service "$bin/initdb" --pgdata=postgresql --username=postgres \
		--auth=scram-sha-256 --pwfile=settings/superuser \
		--encoding=UTF8 --locale=C.UTF-8 --no-sync) \
		>"$state/log/initdb.log" 2>&1 || {
		cat "$state/log/initdb.log" >&2
		die "initdb failed"
	}
	rm "$state/settings/superuser"
}

# Where a test moves the club's day, the server's clock is as far ahead as the
# file TEAMDUES_TEST_CLOCK says at the time (libfaketime's "+SECONDS").
clock() {
	local library

	if [ -n "${TEAMDUES_TEST_CLOCK:-}" ]; then
		library=$(compgen -G '/usr/lib/*/faketime/libfaketime.so.1') ||
			die "libfaketime is not installed"
		printf '%s\n' "LD_PRELOAD=$library" FAKETIME_NO_CACHE=1 \
			FAKETIME_DONT_FAKE_MONOTONIC=1 \
			"FAKETIME_TIMESTAMP_FILE=$TEAMDUES_TEST_CLOCK"
	fi
}

start_cluster() {
	local speed=() setting clock
	mapfile -t clock < <(clock)

	# A test's rows need not survive a power cut.
	if [ "${TEAMDUES_TEST_FAST:-}" = 1 ]; then
		speed=(-c fsync=off -c synchronous_commit=off
			-c full_page_writes=off)
	fi
	# What a benchmark wants of postgresql.conf: NAME=VALUE words.
	for setting in ${TEAMDUES_TEST_POSTGRESQL:-}; do
		speed+=(-c "$setting")
	done
	start postgresql "${clock[@]}" "$bin/postgres" -D "$state/postgresql" \
		-c listen_addresses= -c unix_socket_permissions=0700 \
		-c unix_socket_directories="$state/socket" -c timezone=UTC \
		"${speed[@]}"
	wait_until 20 "$bin/pg_isready" -q -h "$state/socket" ||
		die "PostgreSQL did not start: $(tail -n 5 "$state/log/postgresql.log")"
}

# with_login URL USER PASSWORD: the URL of the same database for another login.
with_login() {
	local rest=${1#*://} authority

	authority=${rest%%[/?]*}
	printf 'postgresql://%s:%s@%s%s' "$2" "$3" "${authority##*@}" \
		"${rest#"$authority"}"
}

decoded() {
	local text=${1//+/\\x2b}

	printf '%b' "${text//%/\\x}"
}

password_of() {
	local rest=${1#*://*:}

	decoded "${rest%%@*}"
}

# sql URL [PSQL OPTION...]: runs standard input.  The password goes by the
# environment: an argument would show it to every user of the machine.
sql() {
	local rest=${1#*://} authority login password=
	local bare=$1
	shift

	authority=${rest%%[/?]*}
	login=${authority%@*}
	case $authority in
	*:*@*)
		password=$(decoded "${login#*:}")
		bare=postgresql://${login%%:*}@${authority##*@}${rest#"$authority"}
		;;
	esac
	PGPASSWORD=${password:-${PGPASSWORD:-}} "$bin/psql" -X -q -w \
		-v ON_ERROR_STOP=1 "$@" "$bare" </dev/stdin
}

# The cluster that cluster.sh has made, or a new one.
found_cluster() {
	local made=${TEAMDUES_TEST_CLUSTER:-}

	if [ -n "$made" ]; then
		cp -a "$made/postgresql" "$state"
		superuser=$(<"$made/superuser")
		start_cluster
	else
		superuser=$(random_hex 24)
		make_cluster "$superuser"
		start_cluster
		echo 'create database teamdues' |
			sql "postgresql://postgres:$superuser@/postgres?host=$state/socket"
	fi
}

start_database() {
	local superuser

	bin=$(postgresql_bin)
	case $DATABASE_URL in
	"")
		found_cluster
		DATABASE_URL="postgresql://postgres:$superuser@/teamdues?host=$state/socket"
		;;
	postgres://* | postgresql://*) ;;
	*) die "DATABASE_URL is no postgresql:// URL" ;;
	esac
	: "${OWNER_DATABASE_URL:=$DATABASE_URL}"
}

migrate() {
	store_setting owner OWNER_DATABASE_URL "$OWNER_DATABASE_URL"
	hand_over settings
	(as_service OWNER_DATABASE_URL_FILE=settings/owner/OWNER_DATABASE_URL \
		build/teamdues migrate) >"$state/log/migrate.log" 2>&1 || {
		cat "$state/log/migrate.log" >&2
		die "teamdues migrate failed"
	}
	rm -r "$state/settings/owner"
}

# One login for each role, with a password that nobody has seen.
make_logins() {
	local role password statements=

	for role in $(roles); do
		password=$(random_hex 24)
		statements+="alter role teamdues_$role login password '$password';"
		store_setting "$role" DATABASE_URL \
			"$(with_login "$DATABASE_URL" "teamdues_$role" "$password")"
	done
	hand_over settings
	printf '%s\n' "$statements" | sql "$OWNER_DATABASE_URL"
	DATABASE_URL=$(<"$state/settings/operator/DATABASE_URL")
}
