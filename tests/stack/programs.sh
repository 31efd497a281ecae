# shellcheck shell=bash
# The FastCGI programs of a stack, each with its own role's settings.  Sourced
# after settings.sh.

role_table() {
	sed '/^#/d' "$project/tests/stack/roles"
}

roles() {
	role_table | awk '{ print $1 }'
}

# What unprivileged servers must reach, since the checkout may be closed to them.
copy_programs() {
	local program

	mkdir -p "$state/build"
	cp "$build/libteamdues.so" "$build/teamdues" "$state/build"
	programs | while read -r program; do
		install -D -m 755 "$build/cgi-bin/$program" \
			"$state/build/cgi-bin/$program"
	done
	chown -R "$service_user:$service_group" "$state/build"
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
	done < <(role_table)
	die "tests/stack/roles gives no role to cgi-bin/$1"
}

store_roles() {
	local role pattern settings

	while read -r role pattern settings; do
		# shellcheck disable=SC2086  # a list of names
		store_role "$role" $settings
	done < <(role_table)
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

# The first address that nginx leads to a program.
address_of() {
	awk -v socket="/$(flat_name "$1").sock;" '
		$1 == "location" {
			address = $(NF - 1)
			sub(/^\^/, "", address)
			sub(/[($].*/, "", address)
		}
		$1 == "fastcgi_pass" && index($2, socket) { print address; exit }
	' "$project/nginx/teamdues.conf"
}

# Anything but nginx's word for a program that is not there.
answers() {
	local code
	code=$(curl -s -o /dev/null -w '%{http_code}' --max-time 2 \
		--noproxy '*' --cacert "$run_dir/ca.pem" \
		"https://localhost:$port$(address_of "$1")") || true

	[ "$code" != 000 ] && [ "$code" != 503 ]
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
	local program end=$((SECONDS + 60))

	for program in $(programs); do
		until answers "$program"; do
			die_of_a_program
			[ "$SECONDS" -lt "$end" ] ||
				die "$program does not answer"
			sleep 0.05
		done
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
