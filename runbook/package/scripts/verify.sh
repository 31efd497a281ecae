#!/bin/bash
# verify CLUB: restores the newest backup of a club into a database of its own
# for the moment, and lets the audit judge what is in it.  As the user of the
# database's server; root becomes that user.
set -eu
club=$1
scratch=teamdues_${club}_verify
backups=/var/lib/teamdues/backup/$club

if [ "$(id -u)" -eq 0 ]; then
	exec runuser -u postgres -- "$0" "$@"
fi
export PGOPTIONS='-c client_min_messages=warning'
cd "$backups" || exit 1
newest=$(find . -maxdepth 1 -name 'teamdues-*.dump' | sort | tail -n 1)
if [ -z "$newest" ]; then
	echo "teamdues: no backup in $backups" >&2
	exit 1
fi
trap 'dropdb --if-exists "$scratch"' EXIT
dropdb --if-exists "$scratch"
createdb "$scratch"
# Nobody but the server's user needs to look at it.
psql -X -q -c "revoke connect on database $scratch from public" postgres
pg_restore --exit-on-error --dbname="$scratch" "$newest"
DATABASE_URL=postgresql:///$scratch teamdues audit
echo "${newest#./} can be restored, and its books are sound."
