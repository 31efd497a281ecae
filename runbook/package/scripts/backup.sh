#!/bin/sh
# backup: dumps a club's database into $STATE_DIRECTORY, and keeps what it dumped
# in the last 14 days.  Run by its unit as the user of the server, postgres, who
# may read all tables; elsewhere as whoever DATABASE_URL names.
set -eu
umask 077
days=14

url=${OWNER_DATABASE_URL:-${DATABASE_URL:-}}
case $url in
"")
	echo "backup: DATABASE_URL is not set" >&2
	exit 1
	;;
*://*:*@*)
	# An argument shows it to every user of the machine.
	echo "backup: DATABASE_URL has a password in it: set" \
		"OWNER_DATABASE_URL without one, and PGPASSFILE" >&2
	exit 1
	;;
esac

cd "$STATE_DIRECTORY"
name=teamdues-$(date -u +%Y-%m-%dT%H%M%SZ)
trap 'rm -f new.dump new.sql' EXIT
pg_dump --dbname="$url" --format=custom --file=new.dump
# The programs' logins; with their passwords, where they may be read.
pg_dumpall --dbname="$url" --roles-only >new.sql 2>/dev/null ||
	pg_dumpall --dbname="$url" --roles-only --no-role-passwords >new.sql
# Of other clubs' logins there is nothing in it.
login="teamdues_($(basename "$STATE_DIRECTORY")_)?[a-z]+(_2)?"
grep -E "^((CREATE|ALTER) ROLE|GRANT teamdues_[a-z]+ TO) ${login}[ ;]" new.sql \
	>"$name.roles.sql"
# It has its name once it is whole and on the disk.
sync new.dump
mv new.dump "$name.dump"
find . -maxdepth 1 -name 'teamdues-*' -mmin +$((days * 24 * 60)) \
	-delete
