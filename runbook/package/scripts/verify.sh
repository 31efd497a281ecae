#!/bin/bash
# verify CLUB: restores the newest backup of a club into a database of its own
# for the moment, lets the audit judge what is in it, and tells the club's books
# what came of it.  As the user of the database's server; root becomes that user.
set -eu
club=$1
books=teamdues_$club
scratch=${books}_verify
backups=${STATE_DIRECTORY:-/var/lib/teamdues/backup/$club}
is_sound=false

# Its last act: what is not sound by then has failed.
finish() {
	dropdb --if-exists "$scratch" || true
	psql -X -q -o /dev/null -d "$books" \
		-c "select teamdues.note_backup($is_sound)"
}

if [ "$(id -u)" -eq 0 ] && [ -z "${STATE_DIRECTORY:-}" ]; then
	exec runuser -u postgres -- "$0" "$@"
fi
export PGOPTIONS='-c client_min_messages=warning'
cd "$backups" || exit 1
trap finish EXIT
newest=$(find . -maxdepth 1 -name 'teamdues-*.dump' | sort | tail -n 1)
if [ -z "$newest" ]; then
	echo "teamdues: no backup in $backups" >&2
	exit 1
fi
dropdb --if-exists "$scratch"
createdb "$scratch"
# Nobody but the server's user needs to look at it.
psql -X -q -c "revoke connect on database $scratch from public" postgres
pg_restore --exit-on-error --dbname="$scratch" "$newest"
DATABASE_URL=postgresql:///$scratch teamdues audit
age=$((($(date +%s) - $(stat -c %Y "$newest")) / 3600))
echo "${newest#./}, $(du -h "$newest" | cut -f 1), $age hours old, can be" \
	"restored, and its books are sound."
is_sound=true
