#!/bin/bash
# diagram-test.sh: sql/tables.svg shows the tables of the database that the
# stack has just migrated.  What is compared is what the drawing says: boxes,
# columns, colours and lines, but not where a version of Graphviz puts them.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=/dev/null
. "$TEAMDUES_RUN_DIR/env"
drawn=$(mktemp)
broken=$(mktemp)
trap 'rm -f "$drawn" "$broken"' EXIT
. tests/stack/expect.sh

# Names, texts with their weight and style, colours of boxes, dashes of lines,
# each below the box or line that it is of.
said() {
	sed -n -e 's/^<title>\(.*\)<\/title>$/\1/p' \
		-e 's/^<polygon fill="\(#[0-9a-f]*\)".*/\t\1/p' \
		-e 's/^<path .* stroke-dasharray=.*/\tdashed/p' \
		-e 's/^<text [^>]*font-\(weight="bold\|style="italic\).*>\(.*\)<.*/\t\2 \1/p' \
		-e 's/^<text [^>]*>\(.*\)<.*/\t\1/p' "$1" |
		awk '/^[^\t]/ { of = $0 } { print of ": " $0 }' | sort
}

differences() {
	diff <(said "$1") <(said "$2") | grep '^[<>]' || true
}

sql/diagram.sh "$OWNER_DATABASE_URL" >"$drawn"
expect 'sql/tables.svg is what the catalogue says (else: make diagram)' < <(
	differences sql/tables.svg "$drawn")
for fault in 's/>refund_facts</>refunds</' 's/#cfe8cf/#dddddd/' \
	'/stroke-dasharray/d' '/font-style="italic".*>place</d'; do
	sed "$fault" "$drawn" >"$broken"
	expect "another drawing would be seen: $fault" < <(
		[ -n "$(differences "$broken" "$drawn")" ] || echo 'it is not')
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
