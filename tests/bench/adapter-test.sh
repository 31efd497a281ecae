#!/bin/bash
# adapter-test.sh: setup, serve, check and reset of the adapter, with one event,
# in a cluster of its own.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
RUN_DIR=$(mktemp -d)
export RUN_DIR
# shellcheck source=tests/stack/place.sh
. "$here/../stack/place.sh"
# shellcheck source=tests/stack/servers.sh
. "$here/../stack/servers.sh"
# shellcheck source=tests/stack/postgresql.sh
. "$here/../stack/postgresql.sh"
passed=0
failed=0
orders=20

check() {
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1: \"$2\" is not \"$3\""
	fi
}

tear_down() {
	stop_all
	rmdir "$RUN_DIR"
}

# As superuser, who needs no password here: rows without their frame.
ask() {
	"$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 \
		"host=$BENCH_TMP/sock port=$BENCH_PGPORT user=postgres dbname=teamdues" \
		"$@"
}

start_own_cluster() {
	bin=$(postgresql_bin)
	(as_service "$bin/initdb" --pgdata=postgresql --username=postgres \
		--auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync) \
		>"$state/log/initdb.log" 2>&1
	start postgresql "$bin/postgres" -D "$state/postgresql" \
		-c listen_addresses= -c port="$BENCH_PGPORT" -c fsync=off \
		-c unix_socket_directories="$state/sock"
	wait_until 20 "$bin/pg_isready" -q -h "$state/sock" -p "$BENCH_PGPORT" ||
		die "PostgreSQL did not start"
}

start_program() {
	mkdir "$state/build"
	cp "$build/libteamdues.so" "$state/build"
	install -D -m 755 "$build/cgi-bin/webhooks/stripe" \
		"$state/build/cgi-bin/webhooks/stripe"
	install -D -m 755 "$here/adapter/serve" "$state/adapter/serve"
	start webhook BENCH_TMP="$BENCH_TMP" BENCH_PGPORT="$BENCH_PGPORT" \
		BENCH_SOCK="$state/webhook.sock" \
		STRIPE_WEBHOOK_SECRET="$STRIPE_WEBHOOK_SECRET" \
		"$state/adapter/serve" "$state/build"
	wait_until 10 test -S "$state/webhook.sock" || die "serve did not start"
}

main() {
	make_state
	trap tear_down EXIT
	install -d -o "$service_user" "$state/sock"
	export BENCH_TMP=$state BENCH_PGPORT=54329
	export STRIPE_WEBHOOK_SECRET=whsec_bench0000000000000000000000000000
	start_own_cluster
	"$here/adapter/setup" "$build" "$orders" >"$state/log/setup.log" 2>&1 ||
		die "setup failed: $(tail -n 3 "$state/log/setup.log")"
	check 'setup makes pending orders' "$orders" "$(ask -c \
		"select count(*) from teamdues.orders where status = 'pending'")"
	check 'nothing is recorded' '0|0|0|0' \
		"$(ask -f "$here/adapter/check.sql")"
	start_program
	check 'an event is answered 200' 200 \
		"$(node "$here/adapter-send.js" "$state/webhook.sock" 1000001)"
	check 'and recorded, with its receipt' '1|1|1|1' \
		"$(ask -f "$here/adapter/check.sql")"
	ask -f "$here/adapter/reset.sql"
	check 'reset forgets it' '0|0|0|0' \
		"$(ask -f "$here/adapter/check.sql")"
	check 'the orders are pending again' "$orders" "$(ask -c \
		"select count(*) from teamdues.orders where status = 'pending'")"
	check 'the program goes on' 200 \
		"$(node "$here/adapter-send.js" "$state/webhook.sock" 1000001)"
	check 'and the books are sound' '' \
		"$(ask -c 'select * from teamdues.audit()')"
}

main
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
