#!/bin/bash
# size-test.sh: at 20,000 orders what is done often touches few rows, whatever the
# planner thinks, and lists are whole.  Runs beside a stack of its own.
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
	psql -X -A -t -q -v ON_ERROR_STOP=1 "$OWNER_DATABASE_URL" "$@"
}

# The rows that have been read so far.  A server process that ends has told all
# that it read; one that waits in a pool may not have.
rows_read() {
	ask -c "select pg_terminate_backend(pid, 5000) from pg_stat_activity
		where usename in ('teamdues_admin', 'teamdues_checkout',
		    'teamdues_desk')" >/dev/null
	ask -c "select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))
		from pg_stat_user_tables where schemaname = 'teamdues'"
}

# reads NAME MOST COMMAND...: how many rows it may read.  3: it found work.
reads() {
	local name=$1 most=$2 before count status=0
	shift 2

	before=$(rows_read)
	"$@" >"$scratch/said" 2>&1 || status=$?
	count=$(($(rows_read) - before))
	if [ "$count" -le "$most" ] && [[ $status =~ ^[03]$ ]]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $name: $count rows were read, $most at most;" \
			"status $status"
		head -n 5 "$scratch/said"
	fi
}

get() {
	curl -sSf --cacert "$TEAMDUES_CA_FILE" -o /dev/null \
		-H "Authorization: Bearer $TEAMDUES_ADMIN_TOKEN" "$@"
}

teamdues() {
	"$build/teamdues" "$@"
}

# What it finds of a stack of tests is not the question here.
doctor() {
	teamdues doctor || true
}

# One item of each kind that is no ordinary payment, as the webhook brings them.
record() {
	ask -c 'set role teamdues_webhook' -f "$here/size-items.sql"
}

pages() {
	local filter

	for filter in '' after=1015000 limit=50 product_id=7 product_id=1 \
		tournament_id=2 'tournament_id=9&status=pending' \
		'product_id=7&after=1017000'; do
		reads "orders?$filter" 6000 get "$SITE_URL/admin/orders?$filter"
	done
	for filter in pending processing paid refunded cancelled \
		'pending&after=1017000'; do
		reads "orders?status=$filter" 6000 \
			get "$SITE_URL/admin/orders?status=$filter"
	done
	# All players and their parents, to look for the text.
	for filter in kid nobody kid%2019 PARENT77%40 'nobody&status=paid' \
		'kid&status=refunded'; do
		reads "orders?q=$filter" 8000 get "$SITE_URL/admin/orders?q=$filter"
	done
}

# A treasurer who is signed in.
cookie=$(head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d =)

sign_in() {
	ask -c "with made as (insert into teamdues.desk_users
		    (name, email, role, added_by)
		    values ('Size', 'size@desk.example', 'treasurer', 'test')
		    returning user_id)
		insert into teamdues.desk_sessions
		    (session_hash, user_id, ends_at)
		select sha256('$cookie'), user_id, now() + interval '1 hour'
		from made"
}

desk() {
	curl -sSf --cacert "$TEAMDUES_CA_FILE" -o "${2:-/dev/null}" \
		-H "Cookie: __Host-teamdues=$cookie" "$SITE_URL/desk/$1"
}

# Sums are of all orders, each of which is read once, and a search looks at all
# families, for each word again that stands apart; what a page shows is found by
# keys.
desk_pages() {
	local most target

	sign_in
	while read -r most target; do
		reads "desk/$target" "$most" desk "$target"
	done <<-END
		25000
		25000 families
		30000 families?q=kid
		15000 families?q=kid%2019
		19000 families?q=nobody%20there
		26000 families?q=kid%20zzz
		7000 unmatched/payment?payment=cs_test_shop1&q=150
		30000 families?q=19.99
		30000 families?owing=yes
		400 family?parent_id=77
		100 family/add
		100 order?order_id=1000077
		600 unmatched
		27000 payments?from=2000-01-01
		100 payments?how=cash
		100 payments?from=2000-01-01&how=cash
		40000 tournaments
		6000 tournament?tournament_id=2
		6000 tournament?tournament_id=2&status=pending
		6000 tournament/gate?tournament_id=2
		100 mails
		100 mails/list
		2500 mails/send
		9000 mails/send?what=first_payments
		10000 mails/send?what=tournament_reminders&tournament_id=9
		100 rosters
		2500 products
		100 log
	END
}

endpoints() {
	local link

	link=$(teamdues link tournament --order 1017000)
	reads 'a click' 400 get "$link"
	reads 'the return page' 100 get "$SITE_URL/checkout/status?session_id=$(
		)cs_test_a11000100bQf3KzN8WmXc5VtR2yLpJdHs7GaUe9ZoTiMvC4B"
}

commands() {
	reads 'unmatched list' 6000 teamdues unmatched list
	reads 'unmatched show' 7000 teamdues unmatched show evt_bench1000500
	reads 'order show' 200 teamdues order show 1000500
	reads 'events show' 200 teamdues events show evt_bench1000500
	teamdues metrics >/dev/null
	reads 'metrics' 1000 teamdues metrics
	reads 'doctor' 1000 doctor
	reads 'reconcile' 4000 teamdues reconcile
	# A few for each player, not for each mail.
	reads 'email blast' 24000 teamdues email blast
	reads 'email remind' 30000 teamdues email remind --first-payment
	reads 'recording' 1500 record
	reads 'a list that is not read to its end' 25000 \
		bash -c "'$build/teamdues' orders --csv | head -n 1"
	reads 'unmatched dismiss --like' 20000 teamdues unmatched dismiss \
		evt_shop1 --reason shop --not-ours --like metadata:shop_order \
		--commit
}

# lines COMMAND...: how many rows, and how many different first cells.
lines() {
	teamdues "$@" --csv | sed 1d | cut -d, -f1 >"$scratch/list"
	echo "$(wc -l <"$scratch/list") $(sort -u "$scratch/list" | wc -l)"
}

found() {
	curl -sS --cacert "$TEAMDUES_CA_FILE" \
		-H "Authorization: Bearer $TEAMDUES_ADMIN_TOKEN" \
		"$SITE_URL/admin/orders?limit=200&$1" |
		grep -o '"order_id"' | wc -l
}

lists() {
	ask -c "insert into teamdues.stripe_events (event_id, type, object_id,
		livemode, api_version, disposition, stripe_created)
		select 'evt_same' || n, 'a.b', '', false, '', 'ignored', now()
		from generate_series(1, 2500) n"
	check 'orders, once each' '20000 20000' "$(lines orders)"
	check 'events of one moment, too' "$(ask -c "select count(*) || ' ' ||
		count(*) from teamdues.stripe_events")" "$(lines events list)"
	check 'mails' "$(ask -c "select count(*) || ' ' || count(*)
		from teamdues.emails")" "$(lines email list)"
	check 'some orders' '1800 1800' "$(lines orders --status pending \
		--tournament-id 9)"
	# Far beyond the rows that the widths are taken from.
	ask -c "update teamdues.players set name = repeat('x', 90)
		where player_id = 2000"
	check 'a table' "20001 $(printf 'x%.0s' {1..90})  parent1667@" \
		"$(teamdues orders | tee "$scratch/table" | wc -l) $(tail -n 1 \
		"$scratch/table" | grep -oE 'x{90} +parent1667@')"
	check 'orders of few' 110 "$(found q=Kid%20197)"
	check 'orders of one parent' 10 "$(found q=PARENT1667%40)"
	check 'orders of many' 200 "$(found q=kID)"
	check 'orders of nobody' 0 "$(found q=nobody)"
	# Below its rows an empty line, a sum of each way, and one of all.
	check 'the book of money, as one file' '18009 18009' \
		"$(file_of payments.csv?from=2000-01-01)"
	check 'the families' '1667 1667' "$(file_of families.csv)"
	check 'a tournament' '2000 2000' "$(file_of \
		tournament.csv?tournament_id=2)"
	check 'whom a mailing is for' '2000 2000' "$(file_of \
		mails/send.csv?what=first_payments)"
}

# The same of a file of the desk's: rows, and how many differ.
file_of() {
	desk "$1" "$scratch/file"
	sed 1d "$scratch/file" | wc -l | tr '\n' ' '
	sed 1d "$scratch/file" | sort -u | wc -l
}

audit_on_a_terminal() {
	script -qec "'$build/teamdues' audit" "$scratch/bar" >/dev/null
	tr '\r' '\n' <"$scratch/bar" | grep -oE '[0-9]+ of [0-9]+' >"$scratch/steps"
	check 'the bar moves' yes \
		"$([ "$(sort -u "$scratch/steps" | wc -l)" -gt 8 ] && echo yes)"
	check 'and never back' "$(<"$scratch/steps")" \
		"$(sort -n -s -k1,1 "$scratch/steps")"
	check 'to its end' "$(tail -n 1 "$scratch/steps" | cut -d' ' -f1)" \
		"$(tail -n 1 "$scratch/steps" | cut -d' ' -f3)"
	check 'and then says it' 1 \
		"$(grep -c '^.*20000 orders and all payments and events are sound' \
		"$scratch/bar")"
	script -qec "'$build/teamdues' audit --json" "$scratch/bar" >/dev/null
	check 'no bar in a list' 0 "$(grep -c '####' "$scratch/bar")"
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$here/load-club.sh" "$OWNER_DATABASE_URL" players=2000 fees=2000 \
	orders=18000 paid=16200 unmatched=100
pages
desk_pages
endpoints
commands
lists
audit_on_a_terminal
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
