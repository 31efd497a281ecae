# shellcheck shell=bash
# How the tests that are shell scripts count what holds.  Sourced.
passed=0
failed=0

# expect NAME: standard input is what is wrong, a line each.
expect() {
	local faults

	faults=$(cat)
	if [ -z "$faults" ]; then
		passed=$((passed + 1))
		echo "ok: $1"
	else
		failed=$((failed + 1))
		printf 'FAILED: %s\n%s\n' "$1" "$faults"
	fi
}
