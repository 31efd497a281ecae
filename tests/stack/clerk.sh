# shellcheck shell=bash
# The clerk.  Sourced after programs.sh.

# Started again when it ends, as the programs are; a stop waits for the request
# in hand.
start_clerk() {
	local environment
	mapfile -t environment < <(role_environment clerk)

	start clerk "${environment[@]}" "${sanitizer_options[@]}" \
		/usr/bin/multiwatch -f 1 -r 200 -t 1000 -s TERM -- \
		"$state/build/teamdues" clerk
}
