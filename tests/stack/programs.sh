# shellcheck shell=bash
# The FastCGI programs of a stack, each with its own role's settings.  Sourced
# after settings.sh.

role_table=$(sed '/^#/d' "$project/tests/stack/roles")

roles() {
	awk '{ print $1 }' <<<"$role_table"
}

# What unprivileged servers must reach, since the checkout may be closed to them.
copy_programs() {
	mkdir -p "$state/build"
	(cd "$build" && programs | sed 's|^|cgi-bin/|' |
		xargs cp --parents -t "$state/build" libteamdues.so teamdues)
	hand_over build
}

# The built programs, as paths under cgi-bin.
programs() {
	find "$build/cgi-bin" -type f -perm -u+x -printf '%P\n' | sort
}

# webhooks/stripe is webhooks-stripe, as socket, log and server.
flat_name() {
	printf %s "${1//\//-}"
}

role_of() {
	local role pattern settings

	while read -r role pattern settings; do
		# shellcheck disable=SC2254  # the table holds patterns
		if [[ $1 =~ ^(${pattern//\*/.*})$ ]]; then
			printf %s "$role"
			return 0
		fi
	done <<<"$role_table"
	die "tests/stack/roles gives no role to cgi-bin/$1"
}

store_roles() {
	local role pattern settings

	while read -r role pattern settings; do
		# shellcheck disable=SC2086  # a list of names
		store_role "$role" $settings
	done <<<"$role_table"
	hand_over settings
}

# multiwatch starts a program again whenever it ends; it gives up only on one
# that cannot live for a second, 200 times in a row.
start_program() {
	local name role environment
	name=$(flat_name "$1")
	role=$(role_of "$1")
	mapfile -t environment < <(role_environment "$role")

	start "$name" "${environment[@]}" "${sanitizer_options[@]}" \
		spawn-fcgi -n -s "$state/socket/$name.sock" -M 0600 -- \
		/usr/bin/multiwatch -f 1 -r 200 -t 1000 -- \
		"$state/build/cgi-bin/$1"
}

# The first address that nginx leads to each program.
addresses() {
	awk '
		$1 == "location" {
			address = $(NF - 1)
			sub(/^\^/, "", address)
			sub(/[($].*/, "", address)
		}
		$1 == "fastcgi_pass" && $2 ~ /[a-z]\.sock;$/ && !seen[$2]++ {
			print address
		}
	' "$project/nginx/teamdues.conf"
}

# all_answer ADDRESS...: anything but nginx's word for a program that is not
# there.  Over one connection, up to the first that does not answer.
all_answer() {
	local address requests=()

	for address in "$@"; do
		requests+=(-o /dev/null "https://localhost:$port$address")
	done
	[ "$(curl -s -w '%{http_code}\n' --max-time 2 --fail-early \
		--noproxy '*' --cacert "$run_dir/ca.pem" "${requests[@]}" |
		grep -cvE '^(000|503)$')" -eq $# ]
}

# One that ends at its start is started again and again, and nothing else shows.
die_of_a_program() {
	local log

	log=$(grep -l '^error cannot_start' "$state"/log/*.log | head -n 1)
	if [ -n "$log" ]; then
		die "$(basename "$log" .log) does not start: $(head -n 5 "$log")"
	fi
}

await_programs() {
	local program addresses end=$((SECONDS + 60))
	mapfile -t addresses < <(addresses)

	until all_answer "${addresses[@]}"; do
		die_of_a_program
		[ "$SECONDS" -lt "$end" ] || die "a program does not answer: $(tail -n 3 \
				"$state/log/error.log")"
		sleep 0.05
	done
	for program in mailer clerk; do
		if [ -s "$state/log/$program.log" ]; then
			die "the $program: $(head -n 5 "$state/log/$program.log")"
		fi
	done
}

start_programs() {
	local program
	sanitizer_options=()

	if [ -n "${ASAN_OPTIONS:-}" ]; then
		sanitizer_options=("ASAN_OPTIONS=$ASAN_OPTIONS"
			"UBSAN_OPTIONS=${UBSAN_OPTIONS:-}")
	fi
	for program in $(programs); do
		start_program "$program"
	done
}
