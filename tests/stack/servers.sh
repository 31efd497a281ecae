# shellcheck shell=bash
# Starting servers and ending exactly those again.  Sourced after place.sh.

# When a process began, in clock ticks since boot: with its id, it names the
# process for good, where an id alone may have been given to another by now.  One
# that has ended and waits for a slow init to notice (state Z) has none.
birth_of() {
	local line=

	{ read -r line <"/proc/$1/stat"; } 2>/dev/null
	# shellcheck disable=SC2086  # a list of words
	set -- ${line##*) }
	if [ "${1:-Z}" != Z ]; then
		printf %s "${20}"
	fi
}

is_alive() {
	[ -n "$2" ] && [ "$(birth_of "$1")" = "$2" ]
}

# start NAME [VARIABLE=VALUE...] COMMAND...: in a session of its own, holding
# none of the caller's streams (make's job server has descriptors over 2).
start() {
	local name=$1
	shift

	(
		exec </dev/null >>"$state/log/$name.log" 2>&1 \
			3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
		become=(setsid "${become[@]}")
		as_service "$@"
	) &
	printf '%s %s %s\n' "$name" $! "$(birth_of $!)" >>"$servers"
}

all_alive() {
	local name pid birth

	while read -r name pid birth; do
		if ! is_alive "$pid" "$birth"; then
			say "$name ended; its log:"
			tail -n 5 "$state/log/$name.log"
			return 1
		fi
	done <"$servers"
}

# wait_until SECONDS COMMAND...: false when the time is over first.
wait_until() {
	local end=$((SECONDS + $1))
	shift

	until "$@"; do
		if [ "$SECONDS" -gt "$end" ]; then
			return 1
		fi
		sleep 0.05
	done
}

has_ended() {
	! is_alive "$1" "$2"
}

# stop_each: those on standard input, all at once.  A program may finish the
# requests in hand; what is left of its session after that is killed.
stop_each() {
	local name pid birth signal told=()

	while read -r name pid birth; do
		signal=TERM
		case $name in
		postgresql) signal=INT ;;	# end the sessions, then itself
		esac
		if is_alive "$pid" "$birth"; then
			kill -s "$signal" "$pid" || true
			told+=("$name" "$pid" "$birth")
		fi
	done
	set -- "${told[@]}"
	for (( ; $# > 0; )); do
		wait_until 10 has_ended "$2" "$3" || say "$1 had to be killed"
		kill -s KILL -- "-$2" 2>/dev/null || true
		shift 3
	done
}

# stop NAME PID BIRTH
stop() {
	stop_each <<<"$*"
}

# Ours and nginx first: what they have in hand needs the others.
stop_servers() {
	local others='^(catcher|standin|postgresql) '

	if [ -e "$servers" ]; then
		grep -Ev "$others" "$servers" | stop_each
		grep -E "$others" "$servers" | stop_each
		rm -f "$servers"
	fi
}

remove_state() {
	case $state in
	/tmp/teamdues.*) rm -rf "$state" ;;
	esac
	rm -f "$run_dir/state" "$run_dir/env" "$run_dir/ca.pem"
}

stop_all() {
	stop_servers
	remove_state
}
