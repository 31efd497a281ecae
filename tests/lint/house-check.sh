#!/bin/bash
# house-check.sh BUILD: the rules of the house that no compiler knows.  BUILD
# holds the objects of the current source.
set -eu
cd "$(dirname "$0")/../.."
build=$1
export LC_ALL=C.UTF-8
faults=0

# Standard input: a line for each fault found.
report() {
	local line

	while IFS= read -r line; do
		printf '%s: %s\n' "$1" "$line"
		faults=$((faults + 1))
	done
}

sources() {
	find "$@" -name '*.[ch]' ! -path '*/node_modules/*' | sort
}

# The code of every file without its comments, under $code.
code=$(mktemp -d)
trap 'rm -rf "$code"' EXIT

strip_comments() {
	local file

	for file in $(sources lib cgi-bin runbook); do
		mkdir -p "$code/${file%/*}"
		cc -fpreprocessed -dD -E -P "$file" >"$code/$file" 2>/dev/null
	done
}

# calls PATTERN FILE...: the files that call such a function.
calls() {
	local pattern=$1
	shift

	(cd "$code" && grep -HoE "(^|[^A-Za-z0-9_.>])($pattern) *\(" "$@") |
		tr -d ' (!&=,;{}*' | sed 's/:/ calls /' | sort -u
}

# They overflow, keep hidden state, start a shell or write the environment.
banned='strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atoll|gets|system|popen'
banned+='|localtime|gmtime|ctime|asctime|setenv|putenv|unsetenv|rand|alloca'
# Text is made by struct buf, lines by the log, output by the command.
formats='printf|fprintf|dprintf|vprintf|vfprintf|snprintf|vsnprintf|puts|putchar'

check_calls() {
	strip_comments
	mapfile -t all < <(sources lib cgi-bin runbook)
	mapfile -t outside_store < <(sources lib cgi-bin runbook |
		grep -v '^lib/store/')
	mapfile -t no_output < <(sources lib cgi-bin |
		grep -vE '^lib/base/(buf|log|status)\.c$')
	mapfile -t inside_lib < <(sources lib)
	report 'banned function' < <(calls "$banned" "${all[@]}")
	report 'only lib/store speaks SQL' < <(
		calls 'PQexec[A-Za-z]*|PQprepare|PQsend[A-Za-z]*' \
			"${outside_store[@]}")
	report 'SQL without parameters' < <(
		calls PQexec "${all[@]}" | grep -v '^lib/store/' || true)
	report 'formatted output' < <(calls "$formats" "${no_output[@]}")
	# Its releases differ in what they take; base/json.h reads.
	report 'json-c reads nothing from outside' < <(
		calls 'json_tokener_[a-z_]*|json_object_from_[a-z_]*' \
			"${all[@]}")
	report 'lib never ends the process' < <(
		calls 'exit|_exit|abort' "${inside_lib[@]}")
}

# The rooms of lib, each with those that it looks at: all are below it.
rooms() {
	cat <<-'END'
		base
		web: base
		stripe: base
		store: base
		mail: base
		app: base store stripe
		billing/facts: app base store stripe
		billing/roster: base
		billing: app base billing/facts store stripe
		billing/mailing: app base billing mail store
		billing/repair: app base billing billing/facts store stripe
		endpoint: app base billing store web
		desk: app base billing billing/mailing billing/roster endpoint mail store web
	END
}

# The same, as the files include each other.
looks() {
	grep -rH '^#include "' lib |
		sed -nE 's|^lib/(.*)/[^/]*:#include "(.*)/[^/]*"$|\1 \2|p' |
		awk '$1 != $2' | sort -u
}

check_rooms() {
	report 'where a room looks is not what house-check.sh says' < <(
		diff <(rooms | awk -F ': ' '{
			n = split($2, below, " ")
			for (i = 1; i <= n; i++) print $1, below[i]
		}' | sort) <(looks))
	report 'no room of house-check.sh' < <(
		comm -13 <(rooms | sed 's/:.*//' | sort) \
			<(sources lib | sed 's|^lib/||; s|/[^/]*$||' | sort -u))
}

# A line for each file whose header another includes: the two, without their
# endings.  A header of parts (X_parts.h) is the inside of X.
includes() {
	sources lib cgi-bin runbook | xargs grep -H '^#include "' |
		sed -nE 's|^(.*)/([^/]*)\.[ch]:#include "(.*)\.h"$|\1 \2 \3|p' |
		while read -r folder from to; do
			[ -e "lib/$to.h" ] && to=lib/$to || to=$folder/$to
			echo "$folder/$from $to"
		done | grep -v '_parts$'
}

# A line for each object that uses a name which another defines.
uses() {
	local objects

	mapfile -t objects < <(sources lib cgi-bin runbook |
		sed -n "s|\(.*\)\.c$|$build/\1.o|p")
	join <(nm -A --undefined-only "${objects[@]}" |
		sed -n 's|^\([^:]*\)\.o: *U \(.*\)$|\2 \1|p' | sort -k 1,1) \
		<(nm -A --defined-only --extern-only "${objects[@]}" |
			sed -n 's|^\([^:]*\)\.o:[0-9a-f]* [A-Z] \(.*\)$|\2 \1|p' |
			grep -v '^main ' | sort -k 1,1) |
		awk '$2 != $3 { print $2, $3 }' | sort -u
}

check_circles() {
	report 'files include each other in a circle' < <(
		includes | tsort 2>&1 >/dev/null | sed -n 's/^tsort: //p')
	report 'objects use each other in a circle' < <(
		uses | tsort 2>&1 >/dev/null | sed -n 's/^tsort: //p')
}

# What lib/store/X.c asks of the database by functions is in sql/functions/X.sql,
# so that who has found the one has found the other.
check_pairs() {
	local file name

	report 'no file in sql/functions has its name' < <(
		grep -lE '(from|select|coalesce\() ?teamdues\.[a-z_]+\(' \
			lib/store/*.c | while read -r file; do
			name=${file##*/}
			[ -e "sql/functions/${name%.c}.sql" ] || echo "$file"
		done)
}

# lines_over MAX: of the files on standard input.
lines_over() {
	xargs wc -l | awk -v max="$1" \
		'$2 != "total" && $1 > max { print $2 " has " $1 }'
}

# A function has 60 lines at most, a file 400, a program 250, a test 500.
check_lengths() {
	report 'over 60 lines' < <(
		sources lib cgi-bin runbook tests |
			ctags -L - --fields=+ne --c-kinds=f -f - |
			awk -F '\t' '{
				line = end = 0
				for (i = 4; i <= NF; i++) {
					if ($i ~ /^line:/) line = substr($i, 6)
					if ($i ~ /^end:/) end = substr($i, 5)
				}
				if (end - line + 1 > 60)
					print $2 ": " $1 " has " end - line + 1
			}')
	report 'over 400 lines' < <(
		{ sources lib runbook; shaped_sql; } | lines_over 400)
	report 'over 250 lines' < <(sources cgi-bin | lines_over 250)
	report 'over 500 lines' < <(sources tests | lines_over 500)
}

# SQL with a shape: what is replaced in place, and the migrations after 0030.
# Those before had landed when it got one, and stay as they are.
shaped_sql() {
	find sql -name '*.sql' | sort |
		awk '!/migrations/ || $0 > "sql/migrations/0031"'
}

# SQL: a tab for each level, four spaces where a clause goes on, 80 columns;
# keywords in lower case; sql/functions makes what it makes by `create or
# replace`, and `language` begins a line.
check_sql() {
	local files file
	local keywords='SELECT|FROM|WHERE|JOIN|CREATE|INSERT|UPDATE|DELETE|AND|OR'
	keywords+='|NOT|NULL|CASE|WHEN|THEN|ELSE|END|BEGIN|RETURN'

	mapfile -t files < <(shaped_sql)
	report 'indented by other than tabs, then fours' < <(
		grep -nvE $'^\t*(    )*([^ \t]|$)' "${files[@]}")
	report 'keyword in capitals' < <(
		for file in "${files[@]}"; do
			sed -E "s/--.*//; s/'[^']*'//g" "$file" |
				grep -nwE "$keywords" | sed "s|^|$file:|"
		done)
	report 'create without or replace' < <(
		grep -nE '^create (function|view|procedure)' sql/functions/*.sql)
	report 'language inside a line' < <(
		grep -nE '.\<language (sql|plpgsql)\>' sql/functions/*.sql)
}

check_layout() {
	local files

	report 'trailing whitespace' < <(
		git grep -nI '[[:blank:]]$' -- ':!*.lock' ':!*.json' ':!*.csv')
	report 'left over' < <(
		git grep -nwE 'TO''DO|FIX''ME|XX''X' -- ':!*.md' ':!*.json')
	report 'begins with && or ||, or ends with ? or :' < <(
		sources lib cgi-bin runbook tests | xargs grep -nE \
			'^[[:blank:]]+(&&|\|\|) |[^*] [?:]$')
	mapfile -t files < <(sources lib cgi-bin runbook tests; shaped_sql)
	# Of a character of several bytes one counts.
	report 'over 80 columns' < <(
		LC_ALL=C awk '{
			line = ""
			n = split($0, part, "\t")
			for (i = 1; i <= n; i++) {
				width = (int(length(line) / 8) + 1) * 8
				line = sprintf("%-*s", i > 1 ? width : 0, line)
				line = line part[i]
			}
			gsub(/[\200-\277]/, "", line)
			if (length(line) > 80)
				print FILENAME ":" FNR ": " $0
		}' "${files[@]}")
}

# What an object of lib or of the command exports and no other of theirs or of
# a program's uses: it is to be static, or only tests keep it alive.
unused() {
	xargs nm -Ag | awk -v build="$build/" '
		{ sub(/\.o:.*/, "", $1); sub(build, "", $1) }
		$(NF - 1) == "U" { used[$NF] = 1 }
		$(NF - 1) ~ /^[TDRB]$/ { home[$NF] = $1 }
		END {
			for (name in home)
				if (!(name in used) && name != "main")
					print home[name] " alone knows " name
		}' | sort
}

check_exports() {
	local object

	report 'exported for nobody' < <(
		find lib cgi-bin runbook -name '*.c' |
			sed "s|\(.*\)\.c|$build/\1.o|" | unused)
	while read -r object; do
		report "${object#"$build/"} exports more than main" < <(
			nm -g --defined-only "$object" | awk '$3 != "main"')
	done < <(find "$build/cgi-bin" -name '*.o')
}

# A commit says first which room it changes: a folder of lib, or another that is
# or was there.  Older ones than this say it otherwise; a shallow clone does not
# know it.
subjects_since=670d10a2

check_subjects() {
	git cat-file -e "$subjects_since^{commit}" 2>/dev/null || return 0
	report 'subject without its room' < <(
		git log --no-merges --format='%h %s' "$subjects_since.." |
			grep -vE '^[0-9a-f]+ [a-z][a-z-]*: [^ ].*[^.]$')
}

check_calls
check_rooms
check_circles
check_pairs
check_lengths
check_sql
check_layout
check_exports
check_subjects
if [ "$faults" -gt 0 ]; then
	echo "house-check: $faults faults"
	exit 1
fi
