#!/bin/bash
# alerts-test.sh: the alert rules of runbook/monitoring.md have the shape
# that Prometheus takes, and speak of figures that `teamdues metrics` prints; and
# so does the dashboard.
set -eu
cd "$(dirname "$0")/../.."
. tests/stack/expect.sh

# shellcheck disable=SC2016  # fences, not commands
rules_of() {
	sed -n '/^```yaml$/,/^```$/p' "$1" | sed '1d;$d'
}

# The lines that are none of a group of rules, each in its place.
misshapen() {
	rules_of "$1" | awk '
	function want(pattern) {
		if ($0 !~ pattern) print "line " NR ": " $0
	}
	NR == 1 { want("^groups:$"); next }
	NR == 2 { want("^  - name: [a-z]+$"); next }
	NR == 3 { want("^    rules:$"); step = 0; next }
	step == 0 { want("^      - alert: Teamdues[A-Za-z]+$"); step = 1; next }
	step == 1 { want("^        expr: [a-z(][^#]*$"); step = 2; next }
	step == 2 && /^        for: [0-9]+[mh]$/ { next }
	step == 2 { want("^        annotations:$"); step = 3; next }
	step == 3 { want("^          summary: \"[^\"]+\"$"); step = 0 }
	END { if (NR < 7 || step != 0) print "ends in the middle" }'
}

unbalanced() {
	rules_of "$1" | awk '/^ *expr: / {
		line = $0
		if (gsub(/\(/, "", line) != gsub(/\)/, "", line) ||
		    gsub(/\{/, "", line) != gsub(/\}/, "", line) ||
		    gsub(/\[/, "", line) != gsub(/\]/, "", line)) print
	}'
}

# Figures of the rules that neither metrics() nor the page's table know.
unknown() {
	rules_of "$1" | unknown_figures
}

unknown_figures() {
	local name

	grep -o 'teamdues_[a-z_]*' | sort -u | while read -r name; do
		grep -q "'$name'" sql/functions/metrics.sql ||
			echo "$name is no figure"
	done
}

# Prometheus' own tool, out of Debian's package: since 13 it has one of its own,
# before that it comes with the server, which is not to be installed.
promtool() {
	local place=build/tests/prometheus package=prometheus

	if [ ! -x "$place/usr/bin/promtool" ]; then
		if apt-cache show promtool >/dev/null 2>&1; then
			package=promtool
		fi
		mkdir -p "$place"
		(cd "$place" && apt-get -qq download "$package" >/dev/null 2>&1 &&
			dpkg-deb -x "$package"_*.deb . && rm "$package"_*.deb)
	fi
	"$place/usr/bin/promtool" "$@"
}

# What Prometheus itself says of the rules.
refused_by_prometheus() {
	local rules

	rules=$(mktemp)
	rules_of "$1" >"$rules"
	{ promtool check rules "$rules" >/dev/null || true; } 2>&1
	rm "$rules"
}

# What the dashboard asks for, a line each; Grafana puts the clubs in.
# shellcheck disable=SC2016  # JavaScript
asked_by() {
	node -e '
		const board = JSON.parse(require("fs").readFileSync(process.argv[1]));
		for (const panel of board.panels)
			for (const target of panel.targets)
				console.log(target.expr.replaceAll("$club", ".*"));
	' "$1"
}

# As rules: that is how Prometheus can be asked without a server.
board_refused_by_prometheus() {
	local rules

	rules=$(mktemp)
	{
		printf 'groups:\n  - name: board\n    rules:\n'
		asked_by "$1" | awk '{
			gsub("\047", "\047\047")
			print "      - record: board_" NR
			print "        expr: \047" $0 "\047"
		}'
	} >"$rules"
	{ promtool check rules "$rules" >/dev/null || true; } 2>&1
	rm "$rules"
}

# Figures that no panel shows.
unshown() {
	local name

	for name in $(grep -o "'teamdues_[a-z_]*'" sql/functions/metrics.sql |
		tr -d "'" | sort -u); do
		grep -q "$name" "$1" || echo "$name is shown nowhere"
	done
}

page=runbook/monitoring.md
board=runbook/package/grafana.json
expect 'the rules have their shape' < <(misshapen "$page")
expect 'their brackets close' < <(unbalanced "$page")
expect 'their figures are printed' < <(unknown "$page")
expect 'Prometheus takes them' < <(refused_by_prometheus "$page")
expect 'the figures of the dashboard are printed' < <(
	asked_by "$board" | unknown_figures)
expect 'it shows all that are printed' < <(unshown "$board" |
	grep -v -e schema_version -e dispute_due)
expect 'Prometheus takes what it asks' < <(board_refused_by_prometheus "$board")

# Each check can fail.
broken=$(mktemp)
trap 'rm -f "$broken"' EXIT
sed 's/^        annotations:$/        annotation:/' "$page" >"$broken"
expect 'a misspelt key would be seen' < <(
	[ -n "$(misshapen "$broken")" ] || echo 'it is not')
sed 's/^\( *expr: time()\)/\1)/' "$page" >"$broken"
expect 'a bracket too many would be seen' < <(
	[ -n "$(unbalanced "$broken")" ] || echo 'it is not')
sed 's/expr: teamdues_stripe_paid_unseen/expr: teamdues_paid_unseen/' \
	"$page" >"$broken"
expect 'a figure that is none would be seen' < <(
	[ -n "$(unknown "$broken")" ] || echo 'it is not')
sed 's/ > 0$/ >> 0/' "$page" >"$broken"
expect 'what Prometheus refuses would be seen' < <(
	refused_by_prometheus "$broken" | grep -q 'parse error' || echo 'it is not')
sed 's/sum(teamdues_unresolved/sum((teamdues_unsolved/' "$board" >"$broken"
expect 'a figure of the dashboard that is none would be seen' < <(
	[ -n "$(asked_by "$broken" | unknown_figures)" ] || echo 'it is not')
expect 'and one that is shown nowhere' < <(
	[ -n "$(unshown "$broken")" ] || echo 'it is not')
expect 'and what Prometheus refuses' < <(
	board_refused_by_prometheus "$broken" | grep -q 'parse error' ||
		echo 'it is not')

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
