#!/bin/bash
# test.sh: every test, and at last their sum.  A suite that crashes, or that ran
# no test, counts as one that failed.
set -u
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
build=$(realpath -m "${BUILD:-build}")
cd "$project" || exit
passed=0
failed=0

# suite NAME COMMAND...
suite() {
	local name=$1 status=0 good bad
	local output=$build/test/$name.log
	shift

	echo "== $name"
	mkdir -p "$build/test"
	"$@" 2>&1 </dev/null | tee "$output"
	status=${PIPESTATUS[0]}
	read -r good bad < <(awk -f "$here/count.awk" "$output")
	if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
		echo "FAILED: $name ended with status $status"
		bad=1
	elif [ $((good + bad)) -eq 0 ]; then
		echo "FAILED: $name ran no test"
		bad=1
	fi
	passed=$((passed + good))
	failed=$((failed + bad))
}

# node_suite FOLDER: Node's own runner, with the packages that its lock file
# names, beside a stack.
node_suite() {
	local name
	name=$(basename "$1")

	if [ -e "$1/package-lock.json" ]; then
		npm ci --prefix "$1" --no-audit --no-fund --loglevel=error ||
			echo "FAILED: npm ci in $1"
	fi
	suite "$name" "$here/with-stack.sh" "$name" npm test --silent \
		--prefix "$1"
}

suite mint-check tests/lint/mint-check-test.sh
suite stack tests/stack/stack-test.sh
suite unit "${MAKE:-make}" --no-print-directory -s test-unit
for program in "$build"/tests/system/test_*; do
	case $program in
	*.[od] | *'*') continue ;;
	esac
	name=system-$(basename "$program")
	suite "$name" "$here/with-stack.sh" "$name" "$program"
done
for folder in tests/stripe-standin tests/smtp-catcher tests/conformance \
	tests/browser; do
	if [ -d "$folder/test" ]; then
		node_suite "$folder"
	fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
