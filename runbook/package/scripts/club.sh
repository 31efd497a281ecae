#!/bin/bash
# shellcheck disable=SC2034,SC2154
# What setup and rotate have in common: a club's settings and secrets.  Sourced
# with $club set, by root.

PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL=C.UTF-8
umask 077
folder=/etc/teamdues/$club
credentials=$folder/credentials
data=/usr/share/teamdues

say() {
	printf '%s\n' "$*"
}

die() {
	printf 'teamdues: %s\n' "$*" >&2
	exit 1
}

must_be_root() {
	[ "$(id -u)" -eq 0 ] || die "only root can do that: sudo teamdues ..."
	[ -d /run/systemd/system ] || die "this needs systemd"
}

# What the command says of this club.
ask() {
	teamdues --club "$club" "$@"
}

# As the user who owns all databases.
sql() {
	(cd / && runuser -u postgres -- psql -X -q -At -v ON_ERROR_STOP=1 "$@")
}

# A setting's value as the file has it, without its quotes.
setting() {
	[ -e "$folder/teamdues.conf" ] || return 0
	sed -n "s/^$1=//p" "$folder/teamdues.conf" | tail -n 1 |
		sed -e "s/^'\(.*\)'\$/\1/" -e 's/^"\(.*\)"$/\1/'
}

secret() {
	if [ -e "$credentials/$1" ]; then
		cat "$credentials/$1"
	fi
}

# store_secret NAME: standard input, on the disk before it has its name, so that
# nobody reads half of it.
store_secret() {
	cat >"$credentials/$1.new"
	sync "$credentials/$1.new"
	mv "$credentials/$1.new" "$credentials/$1"
}

# The programs that run read their secrets anew; the schema is as it was.  Their
# sockets stay, so that no request is refused.
restart() {
	systemctl start "teamdues-migrate@$club.service"
}

# The endpoints at Stripe that send to this site.
endpoints() {
	ask endpoint list --csv=raw | awk -F , \
		-v url="$(setting SITE_URL)/webhooks/stripe" \
		'$2 == url && $3 == "enabled" { print $1 }'
}
