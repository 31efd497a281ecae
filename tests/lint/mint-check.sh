#!/bin/sh
# mint-check.sh BUILD: there is one way to mint a checkout session
# (lib/README.md).  It reads the objects, where no macro or included file can
# hide a call.
set -eu

build=$1

objects() {
	for folder in lib cgi-bin runbook; do
		if [ -d "$build/$folder" ]; then
			find "$build/$folder" -name '*.o'
		fi
	done
}

# users_of SYMBOL: the objects that call it or take its address.
users_of() {
	objects | xargs -r nm -A --undefined-only 2>/dev/null |
		sed -n "s|^$build/\(.*\.o\): *U $1\$|\1|p"
}

# holders_of TEXT: the objects that hold it, as a string or part of one.
holders_of() {
	objects | xargs -r grep -laF -e "$1" | sed "s|^$build/||"
}

# complain REASON ALLOWED: a line for each object read that is not allowed.
complain() {
	grep -vE "^($2)\$" | sed "s|.*|mint-check: &: $1|" || true
}

faults() {
	users_of stripe_session_create | complain \
		'only lib/billing/checkout may mint a session' \
		'lib/billing/checkout\.o'
	for path in v1/checkout checkout/sessions; do
		holders_of "$path" | complain \
			"only lib/stripe/session may hold Stripe's path $path" \
			'lib/stripe/session\.o'
	done
	for call in stripe_post stripe_get; do
		users_of "$call" | complain \
			"only lib/stripe may call $call" 'lib/stripe/.*\.o'
	done
}

found=$(faults)
if [ -n "$found" ]; then
	printf '%s\n' "$found" >&2
	exit 1
fi
