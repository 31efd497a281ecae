#!/bin/bash
# with-stack.sh NAME COMMAND...: runs a command beside a stack of its own on a
# free port; TEAMDUES_RUN_DIR tells it which.  The stack's logs are kept under
# build/test/NAME; a sanitizer's report in them is a failure.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
suite=$1
shift
# shellcheck source=tests/stack/settings.sh
. "$here/settings.sh"

# Whatever a test did, the books must be sound when it is over.
audit_books() (
	# shellcheck source=/dev/null
	. "$run_dir/env"
	"$build/teamdues" audit
)

tear_down() {
	local status=$?

	trap - EXIT
	if ! audit_books >"$state/log/audit.log" 2>&1; then
		echo "with-stack: the books are not sound:" >&2
		cat "$state/log/audit.log" >&2
		status=1
	fi
	stop_servers
	mkdir -p "$kept"
	cp -r "$state/log/." "$kept" 2>/dev/null || true
	remove_state
	rmdir "$run_dir"
	if grep -lE 'ERROR: (Address|Leak)Sanitizer|runtime error:' \
		"$kept"/*.log 2>/dev/null; then
		echo "with-stack: a sanitizer reported in the logs above" >&2
		status=1
	fi
	exit "$status"
}

main() {
	forget_settings
	RUN_DIR=$(mktemp -d)
	PORT=$("$here/free-port.sh")
	export RUN_DIR PORT TEAMDUES_TEST_FAST=1 TEAMDUES_RUN_DIR=$RUN_DIR
	"$here/up.sh" >&2

	# shellcheck source=tests/stack/place.sh
	. "$here/place.sh"
	# shellcheck source=tests/stack/servers.sh
	. "$here/servers.sh"
	kept=$build/test/$suite
	rm -rf "$kept"
	trap tear_down EXIT
	trap 'exit 1' HUP INT TERM
	"$@"
}

main "$@"
