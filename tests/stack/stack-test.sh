#!/bin/bash
# What make up and make down promise, and what nginx answers by itself.
set -u
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# shellcheck source=tests/stack/settings.sh
. "$here/settings.sh"
forget_settings
unset TEAMDUES_TEST_CLUSTER
export TEAMDUES_TEST_FAST=1 RUN_DIR=$scratch/run
PORT=$("$here/free-port.sh")
export PORT
site=https://localhost:$PORT
passed=0
failed=0

# check NAME COMMAND...
check() {
	local name=$1
	shift

	if "$@" >"$scratch/said" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $name"
		tail -n 5 "$scratch/said"
	fi
}

fetch() {
	curl -s --max-time 40 --noproxy '*' --cacert "$RUN_DIR/ca.pem" "$@"
}

# answers STATUS CURL-ARGUMENT...: headers and body go to $scratch/answer.
answers() {
	local expected=$1 got
	shift

	got=$(fetch -D "$scratch/head" -o "$scratch/body" -w '%{http_code}' "$@")
	cat "$scratch/head" "$scratch/body"
	[ "$got" = "$expected" ]
}

# has PATTERN: the last answer's headers or body have it.
has() {
	cat "$scratch/head" "$scratch/body" | tr -d '\r' | grep -qiE "$1"
}

every_security_header() {
	for pattern in '^strict-transport-security: max-age' \
		'^x-content-type-options: nosniff$' \
		'^referrer-policy: no-referrer$' \
		"^content-security-policy: default-src 'none';" \
		'^x-request-id: [0-9a-f]{32}$'; do
		if [ "$(tr -d '\r' <"$scratch/head" | grep -ciE "$pattern")" -ne 1 ]
		then
			echo "not once: $pattern"
			return 1
		fi
	done
}

# The six characters of the last answer's page stand in the access log's line.
mentions_a_reference() {
	local reference
	reference=$(grep -A 1 'please mention:' "$scratch/body" | tail -n 1)

	reference=${reference%%</p>*}
	[ ${#reference} -eq 6 ] && grep -qF "\"ref\":\"$reference\"" \
		"$RUN_DIR/state/log/access.log"
}

# All processes of the stack: the sessions that up.sh began.
stack_processes() {
	local leader

	while read -r _ leader _; do
		pgrep -s "$leader"
	done <"$RUN_DIR/servers"
}

none_is_root() {
	local pid

	for pid in $(stack_processes); do
		if [ "$(awk '$1 == "Uid:" { print $2 }' "/proc/$pid/status")" = 0 ]
		then
			tr '\0' ' ' <"/proc/$pid/cmdline"
			return 1
		fi
	done
}

# No secret in an argument or an environment that another could read.
no_secret_shows() (
	# shellcheck source=/dev/null
	. "$RUN_DIR/env"

	for pid in $(stack_processes); do
		for name in STRIPE_SECRET_KEY STRIPE_WEBHOOK_SECRET LINK_SECRET \
			DATABASE_URL OWNER_DATABASE_URL; do
			if grep -qaF -e "${!name}" "/proc/$pid/cmdline"; then
				echo "$name is in an argument of $pid"
				exit 1
			fi
		done
	done
)

# has_setting SERVER NAME
has_setting() {
	local leader
	leader=$(awk -v name="$1" '$1 == name { print $2 }' "$RUN_DIR/servers")

	tr '\0' '\n' <"/proc/$leader/environ" | grep -q "^${2}_FILE="
}

lacks_setting() {
	! has_setting "$@"
}

# many COUNT METHOD TARGET FORMAT: requests at once, each from the address that
# printf makes of its number where the proxy is believed; the answers are kept.
many() {
	local i

	rm -rf "$scratch/many"
	mkdir "$scratch/many"
	for i in $(seq "$1"); do
		# shellcheck disable=SC2059  # the caller's format
		printf '%s\n' next "url=$site$3" "request=$2" noproxy=* \
			"header=\"X-Forwarded-For: $(printf "$4" "$i")\"" \
			"cacert=$RUN_DIR/ca.pem" max-time=40 \
			"output=$scratch/many/$i.body" \
			"dump-header=$scratch/many/$i.head"
	done | sed 1d | curl -sZ --parallel-max 150 -K -
}

# One of the refusals becomes the last answer.
some_are_refused() {
	local head

	many "$@"
	head=$(grep -l '^HTTP/1.1 429' "$scratch"/many/*.head | head -n 1)
	[ -n "$head" ] && cp "$head" "$scratch/head" &&
		cp "${head%head}body" "$scratch/body"
}

none_is_refused() {
	! some_are_refused "$@" &&
		[ "$(cat "$scratch"/many/*.head | grep -c '^HTTP/1.1 ')" = "$1" ]
}

# Of one program alone: multiwatch starts it again.
comes_back_when_killed() {
	local leader
	leader=$(awk '$1 == "healthz" { print $2 }' "$RUN_DIR/servers")

	for _ in 1 2 3 4 5 6 7 8; do
		pkill -KILL -P "$leader" || return 1
		fetch --retry 20 --retry-delay 0 --retry-all-errors --fail \
			-o "$scratch/body" "$site/healthz" || return 1
	done
}

service_comes_back_when_killed() {
	local leader old
	leader=$(awk -v name="$1" '$1 == name { print $2 }' "$RUN_DIR/servers")
	old=$(pgrep -P "$leader") || return 1

	kill -KILL "$old"
	for _ in $(seq 100); do
		pgrep -P "$leader" | grep -qvx "$old" && return 0
		sleep 0.1
	done
	return 1
}

# stop_server NAME TARGET: until that is 503.
stop_server() {
	kill "$(awk -v name="$1" '$1 == name { print $2 }' "$RUN_DIR/servers")"
	for _ in $(seq 50); do
		answers 503 -X POST "$site$2" && return 0
	done
	return 1
}

log_has_no_query() {
	! grep -q 'session_id' "$RUN_DIR/state/log/access.log" &&
		node -e 'require("fs").readFileSync(process.argv[1], "utf8")
			.trim().split("\n").forEach((line) => {
				if (!/^[0-9a-f]{32}$/.test(JSON.parse(line).id))
					process.exit(1);
			})' "$RUN_DIR/state/log/access.log"
}

no_log_has() {
	! grep -rqF -e "$1" "$RUN_DIR/state/log"
}

# Of the last request to the path.
# nginx writes the line after it has answered.
access_log_says() {
	for _ in $(seq 50); do
		grep -F "\"path\":\"$1\"" "$RUN_DIR/state/log/access.log" |
			tail -n 1 | tee "$scratch/said" | grep -qF "$2" &&
			return 0
		sleep 0.1
	done
	return 1
}

# As nginx/teamdues.conf says for a CDN, which here is this machine.
believe_the_proxy() {
	sed -i -e 's|#\(set_real_ip_from\) .*|\1 127.0.0.1; \1 ::1;|' \
		-e 's|#\(real_ip_.*\)|\1|' "$RUN_DIR/state/nginx/teamdues.conf"
	kill -HUP "$(awk '$1 == "nginx" { print $2 }' "$RUN_DIR/servers")"
	for _ in $(seq 100); do
		fetch -H 'X-Forwarded-For: 198.51.100.1' -o "$scratch/body" \
			"$site/nowhere"
		grep -q '"client":"198.51.100.1"' \
			"$RUN_DIR/state/log/access.log" && return 0
	done
	return 1
}

speaks() {
	openssl s_client "$1" -connect "localhost:$PORT" \
		-CAfile "$RUN_DIR/ca.pem" -verify_return_error </dev/null
}

not() {
	! "$@"
}

test_up() {
	# A pipe that a server held would not end.
	check 'up returns and holds no stream' \
		timeout 60 bash -c "'$here/up.sh' | cat"
	check 'the environment is for its owner alone' \
		test "$(stat -c %a "$RUN_DIR/env")" = 600
	check 'up again leaves the stack alone' \
		bash -c "'$here/up.sh' | grep -q 'already running'"
	check 'no server runs as root' none_is_root
	check 'no secret stands in an argument' no_secret_shows
	check 'the webhook has its secret' \
		has_setting webhooks-stripe STRIPE_WEBHOOK_SECRET
	check 'the webhook has no key' \
		lacks_setting webhooks-stripe STRIPE_SECRET_KEY
	check 'the home page has no link secret' lacks_setting index LINK_SECRET
	check 'the clerk has the key' has_setting clerk STRIPE_SECRET_KEY
	check 'and cannot sign a link' lacks_setting clerk LINK_SECRET
	check 'a port in use is refused' \
		not env RUN_DIR="$scratch/second" "$here/up.sh"
	check 'and nothing is left of that' test ! -e "$scratch/second/state"
}

test_answers() {
	local page

	for page in / /paid.html /cancelled.html /style.css /paid.js /healthz; do
		check "GET $page" answers 200 "$site$page"
		check "headers of $page" every_security_header
	done
	check 'what the pages share is sent packed' \
		answers 200 -H 'Accept-Encoding: gzip' "$site/desk.css"
	check 'and says so' has '^content-encoding: gzip$'
	check 'an unknown path' answers 404 "$site/nowhere"
	check 'is a problem' has '^content-type: application/problem\+json$'
	check 'headers of a problem' every_security_header
	check 'an unknown path, for a person' \
		answers 404 -H 'Accept: text/html' "$site/nowhere"
	check 'is a page' has '^content-type: text/html'
	check 'headers of an error page' every_security_header
	check 'says how to reach the club' has 'treasurer@westside.example</p>'
	check 'asks to mention what the log knows' mentions_a_reference
	check 'an error page by its own name' answers 404 "$site/trouble.html"
	check 'a page that is posted to' answers 405 -X POST "$site/paid.html"
	check 'says what it allows' has '^allow: GET, HEAD$'
	check 'another host' answers 421 -H 'Host: other.example' "$site/healthz"
	check 'plain HTTP' answers 400 "http://localhost:$PORT/healthz"
	check 'headers on plain HTTP' every_security_header
}

test_limits() {
	head -c 65537 /dev/zero >"$scratch/over-64k"
	head -c 1048577 /dev/zero >"$scratch/over-1m"
	check 'a body over 64 KiB' \
		answers 413 --data-binary "@$scratch/over-64k" "$site/checkout/status"
	check 'headers of 413' every_security_header
	check 'that much at the webhook is read' \
		answers 400 --data-binary "@$scratch/over-64k" "$site/webhooks/stripe"
	check 'a body over 1 MiB' \
		answers 413 --data-binary "@$scratch/over-1m" "$site/webhooks/stripe"
	# Five a second is less than any machine asks for.
	check 'many at a limited address' \
		some_are_refused 300 GET /checkout/create-session 127.0.0.1
	check 'is said in a problem' has '"code":"too_many_requests"'
	check 'with when to come back' has '^retry-after: 1$'
	check 'headers of 429' every_security_header
	check 'many at the webhook' \
		none_is_refused 1500 GET /webhooks/stripe 127.0.0.1
	check 'the access log is JSON without a query' log_has_no_query
	check 'TLS 1.1 is refused' not speaks -tls1_1
	check 'TLS 1.2 is spoken' speaks -tls1_2
	check 'TLS 1.3 is spoken' speaks -tls1_3
}

test_secret_queries() {
	local secret=c2VjcmV0LXNpZ25hdHVyZQ path

	for path in /checkout/first-payment /checkout/tournament \
		/checkout/jersey /tryouts/pay /checkout/status; do
		check "$path is not reached" stop_server "$(tr / - <<<"${path#/}")" \
			"$path?signature=$secret"
		check 'which the access log tells' \
			access_log_says "$path" '"program_status":"502"'
		check 'too large a body' answers 413 "$site$path?signature=$secret" \
			--data-binary "@$scratch/over-64k"
	done
	check 'no log has the signature' no_log_has "$secret"
}

test_behind_a_proxy() {
	check 'a visitor who names another address is not believed' \
		some_are_refused 200 GET /checkout/jersey 2001:db8:1:%x::1
	check 'a proxy that is named is' believe_the_proxy
	check 'the addresses of a /64 are one' \
		some_are_refused 200 GET /checkout/jersey 2001:db8:2:2::%x
	check 'two /64 are two' \
		none_is_refused 200 GET /checkout/jersey 2001:db8:3:%x::1
	check 'so are two addresses of IPv4' \
		none_is_refused 200 GET /checkout/jersey 203.0.113.%d
	check 'many who register are too many' \
		some_are_refused 200 POST /tryouts/register 2001:db8:4:%x::1
	check 'and may look at the form' \
		none_is_refused 200 GET /tryouts/register 2001:db8:5:%x::1
}

test_life() {
	local state
	state=$(readlink "$RUN_DIR/state")

	check 'a second stack runs beside it' env RUN_DIR="$scratch/second" \
		PORT="$("$here/free-port.sh")" "$here/up.sh"
	check 'and ends alone' env RUN_DIR="$scratch/second" "$here/down.sh"
	check 'a killed program comes back' comes_back_when_killed
	check 'so does a killed mailer' service_comes_back_when_killed mailer
	check 'and a killed clerk' service_comes_back_when_killed clerk
	check 'a program that is down gives 503' \
		stop_server webhooks-stripe /webhooks/stripe
	check 'and says when to come back' has '^retry-after: [0-9]+$'
	check 'headers of 503' every_security_header
	check 'down' "$here/down.sh"
	check 'nothing answers' not answers 200 "$site/healthz"
	check 'the state is gone' test ! -e "$state"
	check 'down again' "$here/down.sh"
}

# A name with all that shells, sed, nginx and HTML read as their own.
hard_name="O'Neill's \"A|B\" & <i>\$status\\n"

names_the_club() {
	# shellcheck source=/dev/null
	(. "$RUN_DIR/env" && [ "$CLUB_NAME" = "$hard_name" ])
}

shows_the_club() {
	answers 200 "$site/$1" && grep -qF \
		"O'Neill's &quot;A|B&quot; &amp; &lt;i&gt;\$status\\n</a>" \
		"$scratch/body"
}

# up_fails_for WORDS SETTING: it says so, and leaves nothing.
up_fails_for() {
	local words=$1 said
	shift

	said=$(env "$@" "$here/up.sh" 2>&1) && return 1
	grep -qF -e "$words" <<<"$said" && [ ! -e "$RUN_DIR/state" ]
}

test_bad_settings() {
	check 'a secret with a line end is refused' up_fails_for \
		'webhooks-stripe does not start' \
		STRIPE_WEBHOOK_SECRET=$'whsec_0123456789abcdef\r'
	check 'with its name' up_fails_for 'STRIPE_WEBHOOK_SECRET must be' \
		STRIPE_WEBHOOK_SECRET='whsec_0123456789abcdef, x'
	check "and the mailer's" up_fails_for 'the mailer: MAIL_REPLY_TO must be' \
		MAIL_REPLY_TO='nobody at all'
}

test_settings() {
	check 'a setting in the environment wins' env CLUB_NAME="$hard_name" \
		CLUB_CONTACT="$hard_name 555-0100" \
		STRIPE_API_BASE=http://127.0.0.1:9 "$here/up.sh"
	check 'and is passed on' names_the_club
	check 'a page of nginx shows it' shows_the_club paid.html
	check 'so does a page of a program' answers 400 \
		-H 'Accept: text/html' "$site/checkout/status"
	check 'with how to reach the club' has '&lt;i&gt;.status.n 555-0100</p>'
	check 'escaped as well' has '&lt;i&gt;.status.*</a>'
	check 'with its own Stripe there is no stand-in' \
		not grep -q '^standin ' "$RUN_DIR/servers"
	# shellcheck source=/dev/null
	check 'a given database is used' env RUN_DIR="$scratch/second" \
		PORT="$("$here/free-port.sh")" \
		DATABASE_URL="$(. "$RUN_DIR/env" && echo "$OWNER_DATABASE_URL")" \
		"$here/up.sh"
	check 'and no cluster made' \
		not grep -q '^postgresql ' "$scratch/second/servers"
	RUN_DIR=$scratch/second "$here/down.sh"
	"$here/down.sh"
}

test_up
test_answers
test_limits
test_behind_a_proxy
test_secret_queries
test_life
test_bad_settings
test_settings
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
