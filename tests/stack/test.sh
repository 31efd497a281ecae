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

# run NAME COMMAND...: its output and its status, in files.
run() {
	local name=$1 status=0
	shift

	"$@" >"$logs/$name.log" 2>&1 </dev/null || status=$?
	echo "$status" >"$logs/$name.status"
}

# report NAME: what a run has printed, and its counts.
report() {
	local name=$1 status good bad
	status=$(<"$logs/$name.status")

	echo "== $name"
	cat "$logs/$name.log"
	read -r good bad < <(awk -f "$here/count.awk" "$logs/$name.log")
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

# suite NAME COMMAND...: alone.
suite() {
	run "$@"
	report "$1"
}

# Suites that were begun, and are not reported yet.
names=()

# begin NAME COMMAND...: beside others.  They mostly wait, for servers to start
# and for clocks: four at a time.
begin() {
	names+=("$1")
	while [ "$(jobs -rp | wc -l)" -ge 4 ]; do
		wait -n
	done
	run "$@" &
}

# begin_beside NAME COMMAND...: and beside a stack of its own.
begin_beside() {
	local name=$1
	shift

	begin "$name" "$here/with-stack.sh" "$name" "$@"
}

end_all() {
	wait
	for name in "${names[@]}"; do
		report "$name"
	done
	names=()
}

begin_system_suites() {
	local program

	for program in "$build"/tests/system/test_*; do
		case $program in
		*.[od] | *'*') continue ;;
		esac
		begin_beside "system-$(basename "$program")" "$program"
	done
}

begin_runbook_suites() {
	local page

	for page in runbook/*.md; do
		case $page in
		*/README.md | */changelog.md | */install.md) continue ;;
		esac
		begin_beside "runbook-$(basename "$page" .md)" \
			node tests/runbook/page.js "$page"
	done
}

# Node's own runner.
begin_node_suites() {
	local folder

	for folder in "$@"; do
		if [ -d "$folder/test" ]; then
			begin_beside "$(basename "$folder")" npm test --silent \
				--prefix "$folder"
		fi
	done
}

# The packages that a lock file names; the system tests use the official SDK.
install_node_packages() {
	local folder

	for folder in "$@"; do
		if [ -e "$folder/package-lock.json" ]; then
			npm ci --prefix "$folder" --no-audit --no-fund \
				--loglevel=error || echo "FAILED: npm ci in $folder"
		fi
	done
}

logs=$build/test
node_folders="tests/stripe-standin tests/smtp-catcher tests/conformance
	tests/browser"
mkdir -p "$logs"
# shellcheck disable=SC2086  # a list of folders
install_node_packages $node_folders
if "$here/cluster.sh" "$logs/cluster"; then
	export TEAMDUES_TEST_CLUSTER=$logs/cluster
else
	echo "FAILED: cluster.sh"
	failed=1
fi
suite mint-check tests/lint/mint-check-test.sh
suite help tests/lint/help-test.sh
suite manual tests/runbook/manual-test.sh "$build"
suite alerts tests/runbook/alerts-test.sh
suite mint-list tests/runbook/mint-list-test.sh "$build"
suite pages node tests/pages/pages-test.js "$build"
# These call make themselves.
suite install tests/package/install-test.sh "$build"
suite completion tests/package/completion-test.sh "$build"
suite units tests/package/units-test.sh "$build"
# Those that last longest begin first.
begin unit "${MAKE:-make}" --no-print-directory -s test-unit
# shellcheck disable=SC2086  # a list of folders
begin_node_suites $node_folders
begin stack tests/stack/stack-test.sh
begin starter tests/package/starter-test.sh "$build"
begin_beside bench-size tests/bench/size-test.sh
begin_beside bench-club tests/bench/club-test.sh
begin bench-adapter tests/bench/adapter-test.sh
begin owner tests/stack/owner-test.sh
begin_beside backup tests/package/backup-test.sh
begin_beside diagram tests/pages/diagram-test.sh
begin_runbook_suites
begin_system_suites
end_all

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
