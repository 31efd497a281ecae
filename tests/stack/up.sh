#!/bin/bash
# up.sh: the whole system on loopback, with a migrated, empty database.  RUN_DIR,
# PORT, BUILD and every setting are taken from the environment.
set -eu
umask 077
here=$(dirname "$0")
# shellcheck source=tests/stack/place.sh
. "$here/place.sh"
# shellcheck source=tests/stack/servers.sh
. "$here/servers.sh"
# shellcheck source=tests/stack/settings.sh
. "$here/settings.sh"
# shellcheck source=tests/stack/postgresql.sh
. "$here/postgresql.sh"
# shellcheck source=tests/stack/programs.sh
. "$here/programs.sh"
# shellcheck source=tests/stack/nginx.sh
. "$here/nginx.sh"
# shellcheck source=tests/stack/standin.sh
. "$here/standin.sh"
# shellcheck source=tests/stack/mail.sh
. "$here/mail.sh"
# shellcheck source=tests/stack/clerk.sh
. "$here/clerk.sh"

is_healthy() {
	curl -s -o "$state/log/healthz" --max-time 5 --noproxy '*' \
		--cacert "$run_dir/ca.pem" --fail "https://localhost:$port/healthz"
}

is_listening() {
	(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null
}

# Asked again while it runs, it says so; what a crash left is cleared away.
leave_if_running() {
	if [ ! -e "$servers" ]; then
		return 0
	fi
	if all_alive && is_healthy; then
		say "already running at https://localhost:$port (make down stops it)"
		exit 0
	fi
	say "the last run is not healthy any more: starting afresh"
	stop_all
}

give_up() {
	local status=$?

	trap - EXIT
	if [ "$status" -ne 0 ]; then
		say "nothing was left running" >&2
		stop_all
	fi
	exit "$status"
}

main() {
	leave_if_running
	if is_listening; then
		die "port $port is in use: choose another with PORT="
	fi
	trap give_up EXIT
	trap 'exit 1' HUP INT TERM
	make_state
	adopt_settings
	default_settings
	copy_programs
	make_certificates
	start_database
	migrate
	start_standin
	start_catcher
	make_logins
	store_roles
	start_programs
	start_mailer
	start_clerk
	start_nginx
	await_programs
	wait_until 30 is_healthy || die "/healthz: $(cat "$state/log/healthz")"
	all_alive || die "a server ended"
	write_env
	say "running at $SITE_URL, settings in $run_dir/env (make down stops it)"
}

main
