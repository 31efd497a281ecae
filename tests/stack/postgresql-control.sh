#!/bin/bash
# postgresql-control.sh stop|start|renew: the private cluster of a running stack,
# for tests of what happens while the database is away, or when its server is lost
# and there is a new one that knows of nothing but its superuser.
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
renew)
	"$0" stop
	bin=$(postgresql_bin)
	rm -rf "$state/postgresql"
	# shellcheck source=/dev/null
	superuser=$(. "$run_dir/env" && password_of "$OWNER_DATABASE_URL")
	make_cluster "$superuser"
	start_cluster
	;;
esac
