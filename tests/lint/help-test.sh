#!/bin/bash
# Each target that a makefile calls phony is in `make help`, with what it does.
set -eu
cd "$(dirname "$0")/../.."
help=$("${MAKE:-make}" -s help)
passed=0
failed=0

# What `always` names is no target to be made.
phony() {
	find Makefile runbook tests \( -name Makefile -o -name '*.mk' \) \
		-exec sed -e ':a' -e '/\\$/N; s/\\\n//; ta' {} + |
		sed -n 's/^\.PHONY://p' | tr -s ' \t' '\n' | grep -v '^always$' |
		sort -u
}

for target in $(phony); do
	if grep -qE "^  make $target +[^ ]" <<<"$help"; then
		passed=$((passed + 1))
		echo "ok: make $target"
	else
		failed=$((failed + 1))
		echo "FAILED: make help leaves out $target"
	fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
