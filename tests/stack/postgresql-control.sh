#!/bin/bash
# postgresql-control.sh stop|start: the private cluster of a running stack, for
# tests of what happens while the database is away.
set -eu
umask 077
here=$(dirname "$0")
# shellcheck source=tests/stack/place.sh
. "$here/place.sh"
# shellcheck source=tests/stack/servers.sh
. "$here/servers.sh"
# shellcheck source=tests/stack/postgresql.sh
. "$here/postgresql.sh"

case $1 in
stop)
	read -r name pid birth < <(grep '^postgresql ' "$servers")
	stop "$name" "$pid" "$birth"
	sed -i '/^postgresql /d' "$servers"
	;;
start)
	bin=$(postgresql_bin)
	start_cluster
	;;
esac
