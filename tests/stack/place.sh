# shellcheck shell=bash disable=SC2034  # not every script uses every place
# Where a stack keeps its things, and as whom its servers run.  Sourced.
#
# RUN_DIR holds what the caller reads: env, ca.pem, the list of servers, and a
# link to the state.  The state (programs, sockets, logs, the cluster) lies in a
# short path that the servers' user owns: the checkout may be closed to that
# user, and the path of a UNIX socket may have 107 bytes at most.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(realpath -m "${BUILD:-build}")
run_dir=$(realpath -m "${RUN_DIR:-run}")
port=${PORT:-8443}
state=$(readlink "$run_dir/state" || true)
servers=$run_dir/servers

if [ "$(id -u)" -eq 0 ]; then
	service_user=www-data
	become=(setpriv --reuid=www-data --regid=www-data --clear-groups
		--no-new-privs)
else
	service_user=$(id -un)
	become=()
fi
service_group=$(id -gn "$service_user")

say() {
	printf '%s\n' "$*"
}

die() {
	printf 'teamdues: %s\n' "$*" >&2
	exit 1
}

make_state() {
	mkdir -p "$run_dir"
	state=$(mktemp -d /tmp/teamdues.XXXXXX)
	ln -sfn "$state" "$run_dir/state"
	mkdir -p "$state"/{socket,log,nginx,settings,tls,temporary}
	hand_over .
}

# hand_over PATH: what lies there in the state is the servers' user's.
hand_over() {
	chown -R "$service_user:$service_group" "$state/$1"
}

# put FILE: standard input becomes a file that only the servers' user reads.
put() {
	install -m 600 -o "$service_user" -g "$service_group" /dev/stdin \
		"$state/$1"
}

# as_service [NAME=VALUE...] COMMAND...: runs it as the servers' user, in the
# state's folder, with nothing else in its environment.
as_service() {
	cd "$state" || exit
	exec "${become[@]}" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		HOME="$state" TMPDIR="$state/temporary" LC_ALL=C.UTF-8 "$@"
}
