#!/bin/bash
# backup-test.sh: backups are made, kept for 14 days, and restored for a try; what
# came of the try is in the books, where doctor sees it.  Beside a stack, whose
# books are a club's here.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. "$TEAMDUES_RUN_DIR/env"
build=$(realpath "${BUILD:-build}")
scripts=$PWD/runbook/package/scripts
export PATH=$build:$PATH
# Who works as postgres on the server of the database.
export PGUSER=postgres PGHOST=${OWNER_DATABASE_URL##*host=}
PGPASSWORD=${OWNER_DATABASE_URL#*://*:}
export PGPASSWORD=${PGPASSWORD%%@*}
. tests/stack/expect.sh

back_up() {
	env -u OWNER_DATABASE_URL DATABASE_URL=postgresql:///teamdues_kings \
		"$scripts/backup.sh" 2>&1
}

verify() {
	"$scripts/verify.sh" kings
}

# says TEXT COMMAND...: it ends well, and says that.
says() {
	local text=$1
	shift

	if ! "$@" >"$place/said" 2>&1 || ! grep -q "$text" "$place/said"; then
		cat "$place/said"
		echo "no: $text"
	fi
}

fails() {
	! "$@" >"$place/said" 2>&1 || cat "$place/said"
}

# doctor_says WORD: of the backup, in the club's books.
doctor_says() {
	DATABASE_URL=${OWNER_DATABASE_URL/\/teamdues/\/teamdues_kings} \
		teamdues doctor >"$place/said" 2>&1 || true
	grep -q "^$1 backup: " "$place/said" || cat "$place/said"
}

scratch() {
	psql -X -At -d postgres -c "select datname from pg_database
		where datname like '%verify%'"
}

place=$(mktemp -d)
export STATE_DIRECTORY=$place/kings
mkdir "$STATE_DIRECTORY"
clean() {
	dropdb --if-exists teamdues_kings
	rm -rf "$place"
}
trap clean EXIT
createdb teamdues_kings
pg_dump -Fc teamdues | pg_restore -d teamdues_kings

expect 'without a backup it fails' < <(fails verify; doctor_says FAIL)
touch -d '15 days ago' "$STATE_DIRECTORY/teamdues-2000-01-01.dump"
expect 'a backup is made' < <(back_up)
expect 'an old one is not kept, and a new one is' < <(
	[ "$(cd "$STATE_DIRECTORY" && echo ./*.dump)" != \
		./teamdues-2000-01-01.dump ] || echo 'the old one'
	find "$STATE_DIRECTORY" -name '*2000*')
expect 'it can be restored' < <(says 'its books are sound' verify)
expect 'doctor knows of it' < <(doctor_says ok)
expect 'nothing of it is left' < <(scratch)
newest=$(echo "$STATE_DIRECTORY"/*.dump)
truncate -s 20000 "$newest"
expect 'one that is cut off is found' < <(fails verify; doctor_says FAIL)
rm "$newest"
psql -X -q -d teamdues_kings -c "insert into teamdues.products (kind, name,
	amount_cents, currency) values ('jersey', 'Jersey', 4000, 'usd');
	insert into teamdues.players (name) values ('Kim');
	insert into teamdues.orders (player_id, product_id, kind, amount_cents,
	    currency, status, payment_source, paid_at)
	select y.player_id, p.product_id, 'jersey', 4000, 'usd', 'paid', 'cash',
	    now()
	from teamdues.players y, teamdues.products p
	where y.name = 'Kim' and p.name = 'Jersey'"
back_up >/dev/null
expect 'and one whose books are not sound' < <(
	fails verify
	grep -q 'its facts say pending' "$place/said" || cat "$place/said"
	doctor_says FAIL)
expect 'nothing of these is left' < <(scratch)

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
