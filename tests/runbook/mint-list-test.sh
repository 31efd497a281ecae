#!/bin/bash
# mint-list-test.sh BUILD: the programs that runbook/tournament-billing.md lists
# as minting sessions are those that do.  A program mints when its object calls
# billing/checkout, or what lib/endpoint and cgi-bin share to answer a click.
set -eu
cd "$(dirname "$0")/../.."
build=$1
page=runbook/tournament-billing.md
. tests/stack/expect.sh

# callers FOLDER SYMBOLS: the sources whose objects call one of them (a|b).
callers() {
	find "$build/$1" -name '*.o' -exec nm -A --undefined-only {} + |
		sed -nE "s#^$build/(.*)\.o: *U ($2)\$#\1.c#p" | sort -u
}

listed() {
	# shellcheck disable=SC2016  # backquotes of Markdown
	sed -n 's/^- `\(cgi-bin\/[a-z/-]*\.c\)`.*$/\1/p' "$1" | sort
}

differences() {
	diff <(printf '%s\n' "$1") <(printf '%s\n' "$2") | grep '^[<>]' || true
}

# What stands between a program and billing/checkout: named, so that a new one
# cannot hide a program from this test.
mints='checkout_start|click_answer|click_pay_order'
expect 'one endpoint passes clicks on to checkout_start' < <(
	differences lib/endpoint/click.c "$(callers lib checkout_start)")
expect 'the repair alone replaces sessions' < <(
	differences lib/billing/repair/regenerate.c "$(for folder in lib cgi-bin runbook
		do callers "$folder" checkout_replace; done)")
expect 'the page lists the programs that mint' < <(
	differences "$(callers cgi-bin "$mints")" \
		"$(listed "$page")")
expect 'six places, and the command apart' < <(
	[ "$(listed "$page" | wc -l)" -eq 6 ] || echo 'not six'
	# shellcheck disable=SC2016
	grep -q '^Apart from these programs .*`teamdues regenerate`' "$page" ||
		echo 'the command is not named apart')

broken=$(mktemp)
trap 'rm -f "$broken"' EXIT
grep -v 'cgi-bin/tryouts/pay.c' "$page" >"$broken"
expect 'a missing program would be seen' < <(
	[ -n "$(differences "$(callers cgi-bin "$mints")" \
		"$(listed "$broken")")" ] || echo 'it is not')

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
