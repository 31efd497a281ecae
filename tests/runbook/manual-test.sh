#!/bin/bash
# manual-test.sh BUILD: the man pages are well-formed, and leave out nothing:
# every command with every option of it, every setting; and name nothing more.
set -eu
cd "$(dirname "$0")/../.."
command=$1/teamdues
. tests/stack/expect.sh

# From the usage: a line per command, its name, a tab, its options in order.
usage_of_table() {
	"$command" --help | sed -n 's/^       teamdues \([a-z].*\)/\1/p' |
		awk '{
			name = options = ""
			for (i = 1; i <= NF && $i ~ /^[a-z][a-z-]*$/; i++)
				name = name (i > 1 ? " " : "") $i
			while (match($0, /--[a-z-]+/)) {
				options = options " " substr($0, RSTART, RLENGTH)
				$0 = substr($0, RSTART + RLENGTH)
			}
			print name "\t" options
		}' | sort
}

# The same from teamdues(8).
usage_of_page() {
	sed -n 's/^\.It Cm \(.*\)/\1/p' "$1" | awk '{
		name = options = ""
		for (i = 1; i <= NF && $i ~ /^[a-z][a-z-]*$/; i++)
			name = name (i > 1 ? " " : "") $i
		while (match($0, /Fl -[a-z-]+/)) {
			options = options " -" substr($0, RSTART + 3, RLENGTH - 3)
			$0 = substr($0, RSTART + RLENGTH)
		}
		print name "\t" options
	}' | sort
}

settings_of_code() {
	sed -n 's/^\t\t\.name = "\([A-Z_]*\)",$/\1/p' \
		lib/base/setting.c | sort
}

settings_of_page() {
	sed -n 's/^\.It Ev //p' "$1" | sed 's/ , Ev /\n/g' | sort
}

differences() {
	diff <(printf '%s\n' "$1") <(printf '%s\n' "$2") | grep '^[<>]' || true
}

expect 'mandoc has nothing to say' < <(
	mandoc -Tlint -Wwarning runbook/teamdues.8 runbook/teamdues.conf.5 2>&1)
# Where man is GNU's, and groff with it.
if command -v groff >/dev/null; then
	expect 'groff has nothing to say' < <(
		groff -mdoc -Tutf8 -ww -z runbook/teamdues.8 2>&1
		groff -mdoc -Tutf8 -ww -z runbook/teamdues.conf.5 2>&1)
fi
expect 'teamdues(8) has its sections' < <(
	differences "NAME SYNOPSIS DESCRIPTION COMMANDS ENVIRONMENT FILES EXIT \
STATUS EXAMPLES SEE ALSO" "$(sed -n 's/^\.Sh //p' runbook/teamdues.8 |
		paste -sd ' ')")
expect 'teamdues(8) has every command with its options' < <(
	differences "$(usage_of_table)" "$(usage_of_page runbook/teamdues.8)")
expect 'teamdues.conf(5) has every setting' < <(
	differences "$(settings_of_code)" \
		"$(settings_of_page runbook/teamdues.conf.5)")

# Each check can fail: a page that lacks one thing.
broken=$(mktemp)
trap 'rm -f "$broken"' EXIT
grep -v '^\.It Cm regenerate' runbook/teamdues.8 >"$broken"
expect 'a missing command would be seen' < <(
	[ -n "$(differences "$(usage_of_table)" "$(usage_of_page "$broken")")" ] ||
		echo 'it is not')
sed 's/ Oo Fl -force Oc//' runbook/teamdues.8 >"$broken"
expect 'a missing option would be seen' < <(
	[ -n "$(differences "$(usage_of_table)" "$(usage_of_page "$broken")")" ] ||
		echo 'it is not')
grep -v '^\.It Ev CURRENCY' runbook/teamdues.conf.5 >"$broken"
expect 'a missing setting would be seen' < <(
	[ -n "$(differences "$(settings_of_code)" \
		"$(settings_of_page "$broken")")" ] || echo 'it is not')

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
