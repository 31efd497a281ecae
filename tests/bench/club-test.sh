#!/bin/bash
# club-test.sh: the made club agrees with the schema, its keys and `teamdues
# audit`; the load program's events are recorded.  Runs beside a stack.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "${BUILD:-build}")
# shellcheck source=/dev/null
. "$TEAMDUES_RUN_DIR/env"
passed=0
failed=0

check() {
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1: \"$2\" is not \"$3\""
	fi
}

ask() {
	psql -X -A -t -v ON_ERROR_STOP=1 "$OWNER_DATABASE_URL" \
		-c "set search_path = teamdues" -c "$1" | tail -n +2
}

count() {
	ask "select count(*) from $1"
}

# The load's events for the orders that are not paid yet.
send() {
	ask 'select installation_id from installation' >"$scratch/installation"
	sed "s/@TEAMDUES@/$(<"$scratch/installation")/" "$here/event.json" \
		>"$scratch/event"
	"$build/tests/bench/load/load" -p "${SITE_URL##*:}" \
		-a "$TEAMDUES_CA_FILE" -c 4 -e "$scratch/event" \
		-f 1000022 -n 9 -k 12
}

# One event of pgbench's, for the order after those of the load.
write_plainly() {
	"$(compgen -G '/usr/lib/postgresql/*/bin/pgbench' | sort -V |
		tail -n 1)" -n -M prepared -t 1 -D n=20 -D clients=1 \
		-D payload="$(<"$here/event.json")" -f "$here/plain.sql" \
		"$OWNER_DATABASE_URL" >"$scratch/said" 2>&1 || cat "$scratch/said"
}

fetch() {
	printf '%s\n' / /healthz /nowhere >"$scratch/targets"
	"$build/tests/bench/load/load" -p "${SITE_URL##*:}" \
		-a "$TEAMDUES_CA_FILE" -c 2 -g "$scratch/targets"
}

main() {
	local said

	"$here/load-club.sh" "$OWNER_DATABASE_URL" players=12 fees=10 \
		orders=30 paid=20 ignored=2 unmatched=3
	check 'families' 10 "$(count parents)"
	check 'orders' 40 "$(count orders)"
	check 'paid ones' 29 "$(count "orders where status = 'paid'")"
	check 'events' 90 "$(count stripe_events)"
	check 'unmatched ones' 3 "$("$build/teamdues" unmatched list --csv |
		sed 1d | wc -l)"
	check 'sound books' 0 "$("$build/teamdues" audit >/dev/null; echo $?)"
	check 'nothing is wrong with the plain statement' '' "$(write_plainly)"
	check 'its order is paid' paid \
		"$(ask 'select status from orders where order_id = 1000021')"
	said=$(send)
	check 'the load is answered' 'statuses":{"200":9}}' \
		"${said#*,\"cpu_s\":*,\"}"
	check 'and recorded' 39 "$(count "orders where status = 'paid'")"
	check 'with receipts' 10 "$(count "emails where kind = 'receipt'
		and created_at > now() - interval '1 minute'")"
	said=$(fetch)
	check 'targets are fetched' 'statuses":{"200":2,"404":1}}' \
		"${said#*,\"cpu_s\":*,\"}"
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
main
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
