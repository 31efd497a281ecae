#!/bin/bash
# attacks.sh OWN OTHER: what the users of one club try to get of another club on
# the same machine.  Prints each try that was not refused, and each that is of no
# use because it is refused to the club itself, too.
set -u
own=$1
other=$2
tried=0
cd /
levels="webhook checkout public admin mailer desk clerk operator"

as() {
	runuser -u "teamdues_${own}_$1" -- "${@:2}" >/dev/null 2>&1
}

# refused WHAT LEVEL COMMAND...
refused() {
	tried=$((tried + 1))
	if as "${@:2}"; then
		echo "$2 of $own: $1 of $other"
	fi
}

# allowed WHAT LEVEL COMMAND...
allowed() {
	if ! as "${@:2}"; then
		echo "not even $2 of $own: its own $1"
	fi
}

version='select teamdues.schema_version()'
pid=$(systemctl show -P MainPID "teamdues-public@$other.service")
for level in $levels; do
	allowed 'the database' "$level" psql -d "teamdues_$own" -c "$version"
	refused 'the database' "$level" psql -d "teamdues_$other" -c "$version"
	refused 'the database, as its user' "$level" psql \
		-d "teamdues_$other" -U "teamdues_${other}_$level" -c "$version"
	refused 'its role here' "$level" psql -d "teamdues_$own" -c \
		"set role teamdues_${other}_$level"
	refused 'settings' "$level" cat "/etc/teamdues/$other/teamdues.conf"
	for secret in "/etc/teamdues/$other/credentials"/*; do
		refused "${secret##*/}" "$level" cat "$secret"
	done
	for socket in "/run/teamdues/$other"/*.sock; do
		# Whoever may not write there may not connect.
		refused "${socket##*/}" "$level" test -w "$socket"
	done
	refused 'the log of nginx' "$level" cat \
		"/var/log/nginx/teamdues-$other.log"
	refused 'the journal' "$level" bash -o pipefail -c \
		"journalctl -q -o cat -u 'teamdues-*@$other' | grep -q ."
	refused 'the backups' "$level" ls "/var/lib/teamdues/backup/$other"
	refused 'the environment of a program' "$level" cat "/proc/$pid/environ"
	refused 'the files of a program' "$level" ls "/proc/$pid/root/"
	refused 'the memory of a program' "$level" cat "/proc/$pid/maps"
	refused 'the life of a program' "$level" kill -0 "$pid"
	refused 'the command' "$level" teamdues --club "$other" orders
done
[ "$tried" -gt 200 ] || echo "only $tried tries"
