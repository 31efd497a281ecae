#!/bin/bash
# Writes C in shapes that format-check.js is to take, and to refuse.
set -eu
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

# expect STATUS NAME: of the C on standard input.
expect() {
	local status=0

	cat >"$scratch/sample.c"
	(cd "$scratch" && node "$OLDPWD/format-check.js" sample.c) \
		>"$scratch/said" || status=$?
	if [ "$status" -eq "$1" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $2"
		cat "$scratch/said"
	fi
}

sample='/* A comment. */
static const int rows[] = {
	1, 2, 3,	/* short */
	4, 5, 6,
};

static int
sum(const int *values, size_t count,
    int first)
{
	for (size_t i = 0; i < count; i++)
		first += values[i] > 0 && count > 1 &&
		    first < 1000 ? values[i] : rows[0];
	return first;
}'

expect 0 'breaks of the author are taken' <<<"$sample"
expect 0 'and others' <<<"${sample/,
    int/, int}"
expect 0 'and more of them' <<<"${sample/first += /first +=
		    }"
expect 1 'a keyword without its blank is refused' <<<"${sample/for (/for(}"
expect 1 'an operator without blanks is refused' <<<"${sample/i = 0/i=0}"
expect 1 'a pointer at the type is refused' <<<"${sample/int \*v/int* v}"
expect 1 'a name behind its type is refused' <<<"${sample/int
sum/int sum}"
expect 1 'a brace behind a head is refused' <<<"${sample/)
{/) {}"
expect 1 'an indentation of blanks is refused' <<<"${sample/	return/        return}"
expect 1 'an indentation too many is refused' <<<"${sample/	return/		return}"
expect 1 'a body beside its head is refused' <<<"${sample/i++)
		/i++) }"
expect 1 'a list without blanks is refused' <<<"int pair[] = {1, 2};"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
