#!/bin/bash
# Breaks each rule of mint-check.sh in objects of its own and sees it refuse.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

# compile OBJECT: standard input, as that object of the scratch build.
compile() {
	mkdir -p "$(dirname "$scratch/$1")"
	"${CC:-cc}" -x c -g -c -o "$scratch/$1" -
}

# The house as it should be.
lay_out() {
	rm -rf "${scratch:?}"/*
	echo 'const char *session_path(void) { return "/v1/checkout/sessions"; }
		int stripe_post(void); int stripe_get(void);
		int stripe_session_create(void) { return stripe_post(); }
		int stripe_session_list(void) { return stripe_get(); }' |
		compile lib/stripe/session.o
	echo 'int stripe_post(void) { return 0; }
		int stripe_get(void) { return 0; }' |
		compile lib/stripe/client.o
	echo 'int stripe_session_create(void);
		int checkout_mint(void) { return stripe_session_create(); }' |
		compile lib/billing/checkout.o
	echo 'int checkout_mint(void);
		int main(void) { return checkout_mint(); }' |
		compile cgi-bin/checkout/tournament.o
}

# expect STATUS NAME
expect() {
	local status=0

	"$here/mint-check.sh" "$scratch" 2>"$scratch/said" || status=$?
	if [ "$status" -eq "$1" ]; then
		passed=$((passed + 1))
		echo "ok: $2"
	else
		failed=$((failed + 1))
		echo "FAILED: $2 (exit $status)"
	fi
	lay_out
}

lay_out
expect 0 'the house as it should be is accepted'

echo 'int stripe_session_create(void);
	int f(void) { return stripe_session_create(); }' |
	compile lib/billing/tournament.o
expect 1 'a second caller in billing is refused'

echo 'int stripe_session_create(void);
	int main(void) { return stripe_session_create(); }' |
	compile cgi-bin/checkout/jersey.o
expect 1 'a program that mints is refused'

echo 'int stripe_session_create(void);
	int (*mint(void))(void) { return stripe_session_create; }' |
	compile runbook/command/repair.o
expect 1 'a command that takes its address is refused'

echo 'int stripe_session_create(void);
	int stripe_other(void) { return stripe_session_create(); }' |
	compile lib/stripe/customer.o
expect 1 'a second way out of lib/stripe is refused'

echo 'const char *f(void) { return "https://api/v1/checkout/sessions"; }' |
	compile lib/billing/tournament.o
expect 1 'the path of session create elsewhere is refused'

echo 'const char *const parts[] = { "/v1/checkout", "/sessions" };' |
	compile lib/stripe/customer.o
expect 1 'the path in two halves is refused'

echo 'int stripe_post(void); int f(void) { return stripe_post(); }' |
	compile lib/billing/checkout.o
expect 1 'the generic post outside lib/stripe is refused'

echo 'int stripe_get(void); int main(void) { return stripe_get(); }' |
	compile cgi-bin/checkout/status.o
expect 1 'the generic get outside lib/stripe is refused'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
