#!/bin/bash
# lint.sh: every check of the source that needs no running stack; the last line
# says how many of them failed.  CPPFLAGS are those of the build.
set -u
cd "$(dirname "$0")/../.." || exit
here=tests/lint
build=${BUILD:-build}
passed=0
failed=0
# A checkout of another user's is read all the same.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'

check() {
	local name=$1
	shift

	echo "== $name"
	if "$@"; then
		passed=$((passed + 1))
	else
		echo "FAILED: $name"
		failed=$((failed + 1))
	fi
}

sources() {
	find lib cgi-bin runbook -name "$1" | sort
}

make_objects() {
	"${MAKE:-make}" --no-print-directory -s -k -j2 V=1 BUILD="$1" CC="$2" \
		CFLAGS="$3" objects
}

# One file at a time: version 14 confuses va_lists of one with the next.
tidy() {
	# shellcheck disable=SC2086  # a list of flags
	sources '*.c' | xargs -P 2 -I '{}' clang-tidy --quiet \
		--config-file="$here/clang-tidy" '{}' -- $CPPFLAGS 2>/dev/null
}

# varFuncNullUB: NULL is a pointer on POSIX.  missingIncludeSystem: the headers
# of the C library are not our subject.  legacyUninitvar: takes BUF_FIXED(array)
# for a read; both analyzers know better.  autoVariables: the waiting threads of
# the ledger are a list on their stacks.  normalCheckLevelMaxBranches: says only
# how far a newer version has looked.
static_check() {
	local definitions
	mapfile -t definitions < <(tr ' ' '\n' <<<"$CPPFLAGS" | grep '^-[DI]')

	cppcheck --quiet --std=c11 --error-exitcode=1 -j2 \
		--enable=warning,performance,portability \
		--suppress=missingIncludeSystem --suppress=varFuncNullUB \
		--suppress=legacyUninitvar \
		--suppress=normalCheckLevelMaxBranches \
		--suppress=autoVariables:lib/store/ledger.c \
		"${definitions[@]}" lib cgi-bin runbook
}

formatted() {
	# shellcheck disable=SC2046  # no name has a blank
	node "$here/format-check.js" $(find lib cgi-bin runbook tests \
		-name '*.[ch]' ! -path '*/node_modules/*' | sort)
}

headers_alone() {
	local header status=0

	for header in $(sources '*.h'); do
		# shellcheck disable=SC2086
		"${CC:-cc}" $CPPFLAGS -Wall -Wextra -Werror -fsyntax-only -x c \
			-include "$header" /dev/null || status=1
	done
	return "$status"
}

# What is sourced is read with the scripts that source it.
shell_scripts() {
	git ls-files '*.sh' .ci/run | xargs grep -l '^#!' | xargs shellcheck -x -a
}

check 'format' formatted
check 'format check' "$here/format-check-test.sh"
check 'shellcheck' shell_scripts
check 'man pages' mandoc -Tlint -Wwarning runbook/teamdues.8 \
	runbook/teamdues.conf.5
check 'nginx -t' "$here/nginx-check.sh"
check 'headers compile alone' headers_alone
check 'gcc -fanalyzer' make_objects "$build/lint-gcc" gcc '-O2 -g -fanalyzer'
check 'clang' make_objects "$build/lint-clang" clang \
	'-O2 -g -Wno-unknown-warning-option'
check 'house rules' "$here/house-check.sh" "$build/lint-gcc"
check 'mint check on both' sh -c "$here/mint-check.sh $build/lint-gcc &&
	$here/mint-check.sh $build/lint-clang"
check 'clang-tidy' tidy
check 'cppcheck' static_check
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
