#!/bin/bash
# units-test.sh BUILD: each program has its units; each unit gets the settings of
# its trust level and no other, its own secrets and no other; and systemd finds
# nothing to say against them.
set -eu
cd "$(dirname "$0")/../.."
export BUILD=$1
unset DESTDIR PREFIX prefix
. tests/stack/expect.sh

differences() {
	diff <(printf '%s\n' "$1") <(printf '%s\n' "$2") | grep '^[<>]' || true
}

all_settings() {
	sed -n 's/^\.It Ev //p' runbook/teamdues.conf.5 | sed 's/ , Ev /\n/g' |
		sort
}

# The settings that the table in the code calls secret, but for the owner's,
# which no unit needs.
secrets() {
	awk -F '"' '/^\t\t\.name = / { name = $2 }
		/^\t\t\.is_secret = true,$/ { print name }' lib/base/setting.c |
		grep -v '^OWNER_' | sort
}

# values UNIT KEY: the words of such lines.
values() {
	sed -n "s/^$2=//p" "$units/$1" | tr ' ' '\n'
}

# What is left of the file of settings when every setting is in it.
settings_of() {
	all_settings | comm -23 - <(values "$1" UnsetEnvironment |
		grep -v '_FILE$' | sort)
}

# The trust level is the user's name; it has these of a table's settings.
settings_of_role() {
	awk -v role="$1" '$1 == role {
		print "DATABASE_URL\nIDLE_EXIT\nLOG_LEVEL\nTHREADS"
		for (i = 3; i <= NF; i++)
			print $i
	}' tests/stack/roles | sort
}

check_roles() {
	local unit role

	for unit in "${levels[@]}" teamdues-{mailer,clerk}{,-once}@.service; do
		role=$(values "$unit" User)
		differences "$(settings_of_role "${role#teamdues_%i_}")" \
			"$(settings_of "$unit")" | sed "s/^/$unit: /"
	done
}

# The secrets among a unit's settings are all that it is lent, and for each
# there is the NAME_FILE that leads to it.
check_secrets() {
	local unit

	for unit in "$units"/*@.service; do
		unit=${unit##*/}
		! grep -q '^User=postgres' "$units/$unit" || continue
		differences "$(settings_of "$unit" | comm -12 - <(secrets))" \
			"$(values "$unit" LoadCredential | sed 's/:.*//' | sort)" |
			sed "s/^/$unit: /"
		differences \
			"$(values "$unit" LoadCredential |
				sed 's/\([^:]*\):.*/\1_FILE=%d\/\1/')" \
			"$(values "$unit" Environment | grep -v ^IDLE_EXIT=)" |
			sed "s/^/$unit: /"
	done
}

check_users() {
	local unit

	for unit in "${levels[@]}"; do
		values "$unit" User
	done | sort -u | grep -v '^teamdues_%i_' || true
	comm -23 <(sed -n 's/^User=//p' "$units"/*.service | sort -u) \
		<({
			awk '$1 == "u" { sub("@CLUB@", "%i", $2); print $2 }' \
				"$prefix/share/teamdues/sysusers.conf"
			echo postgres
		} | sort)
}

# A socket for each address that nginx hands on to, and the reverse.
check_sockets() {
	differences "$(grep -o '@SOCKETS@/[a-z-]*\.sock' nginx/teamdues.conf |
		sed 's/.*\///' | sort -u)" \
		"$(sed -n 's/^ListenStream=.*\///p' "$units"/*.socket | sort)"
}

check_target() {
	differences "$(cd "$units" && find . -name '*.socket' -o \
		-name '*.timer' | sed 's/^..//' | sort)" \
		"$(values teamdues@.target Wants | sed 's/%i//' | sort)"
}

# level_of PROGRAM: as the table says it.
level_of() {
	local level pattern

	while read -r level pattern _; do
		# shellcheck disable=SC2254  # the table holds patterns
		if [[ $1 =~ ^(${pattern//\*/.*})$ ]]; then
			echo "$level"
		fi
	done < <(grep -v '^#' tests/stack/roles)
}

# A level's sockets and its starter are of its programs.
check_levels() {
	local level program

	for level in "${levels[@]}"; do
		level=${level#teamdues-}
		level=${level%@.service}
		find cgi-bin -name '*.c' | sed 's/^cgi-bin.//; s/\.c$//' |
			LC_ALL=C sort | while read -r program; do
				[ "$(level_of "$program")" != "$level" ] ||
					echo "$program"
			done >"$place/programs"
		differences "$(<"$place/programs")" \
			"$(values "teamdues-$level@.service" ExecStart |
				tail -n +3)"
		differences "$(sed 's|/|-|g; s|.*|/run/teamdues/%i/&.sock|' \
			"$place/programs")" \
			"$(values "teamdues-$level@.socket" ListenStream)"
	done
}

# They run while a program does, and not for the target.
check_daemons() {
	local name

	for name in mailer clerk; do
		grep -q '^StopWhenUnneeded=yes$' \
			"$units/teamdues-$name@.service" ||
			echo "$name goes on"
		(cd "$units" && grep -LE "^Wants=.*teamdues-$name@%i.service" \
			"${levels[@]}" | grep -v '^teamdues-public@')
	done
}

dummy() {
	case $1 in
	DATABASE_URL) echo 'postgresql://127.0.0.1:1/none?connect_timeout=1' ;;
	STRIPE_MODE) echo test ;;
	STRIPE_SECRET_KEY) echo sk_test_0123456789abcdef ;;
	STRIPE_WEBHOOK_SECRET) echo whsec_0123456789abcdef ;;
	STRIPE_ACCOUNT) echo acct_0123456789abcdef ;;
	STRIPE_API_BASE) echo http://127.0.0.1:1 ;;
	SITE_URL) echo https://localhost ;;
	SMTP_URL) echo smtp://127.0.0.1:1 ;;
	MAIL_* | CLUB_CONTACT) echo club@club.example ;;
	CLUB_TIMEZONE) echo America/Denver ;;
	CURRENCY) echo usd ;;
	RECEIPTS) echo on ;;
	THREADS | IDLE_EXIT) echo 1 ;;
	KEEP_DAYS) echo 400 ;;
	LOG_LEVEL) echo info ;;
	*) echo something ;;
	esac
}

# With what its unit gives it a command misses no setting: what it says next is
# that there is no database.
check_tasks() {
	local name setting environment words

	for name in watch audit prune; do
		environment=()
		for setting in $(settings_of "teamdues-$name@.service"); do
			environment+=("$setting=$(dummy "$setting")")
		done
		mapfile -t words < <(values "teamdues-$name@.service" ExecStart)
		env -i "${environment[@]}" "${words[@]}" >"$place/log" 2>&1 || true
		grep -q 'Connection refused' "$place/log" ||
			sed "s/^/$name: /" "$place/log"
	done
}

# As files of an instance, since these are judged.
instances() {
	local unit

	mkdir "$place/instances"
	for unit in "$units"/*; do
		cp "$unit" "$place/instances/$(basename "${unit/@./@kings.}")"
	done
}

check_verify() {
	systemd-analyze verify --man=no "$place"/instances/* 2>&1 || true
}

# The exposure of each, in tenths: 12 at most; 6 of the webhook.
check_exposure() {
	local unit limit

	for unit in "$place"/instances/*.service; do
		limit=12
		case $unit in */teamdues-webhooks-*) limit=6 ;; esac
		systemd-analyze security --no-pager --offline=true \
			--threshold="$limit" "$unit" >"$place/log" 2>&1 ||
			grep 'Overall' "$place/log"
		sed -n 's/.*level for \(.*\): \([0-9.]*\) .*/\2 \1/p' \
			"$place/log" >>"$place/exposure"
	done
}

place=$(mktemp -d)
chmod 755 "$place"
trap 'rm -rf "$place"' EXIT
prefix=$place/usr
units=$prefix/lib/systemd/system
expect 'make install' < <(
	"${MAKE:-make}" --no-print-directory -s install PREFIX="$prefix" \
		>"$place/log" 2>&1 || cat "$place/log")
mapfile -t levels < <(cd "$units" && grep -l '^ExecStart=.*/starter ' ./* |
	sed 's/^..//')

expect 'a socket for each address that nginx hands on to' < <(check_sockets)
expect "each is its program's, and of its trust level" < <(check_levels)
expect 'the target wants all of them' < <(check_target)
expect 'mailer and clerk run while a program does' < <(check_daemons)
expect 'each gets the settings of its trust level' < <(check_roles)
expect 'each is lent its own secrets' < <(check_secrets)
expect 'each has a user' < <(check_users)
expect 'each says its club to the journal' < <(
	cd "$units" && grep -L '^LogExtraFields=TEAMDUES_CLUB=%i$' ./*@.service)
# systemd would end the server's shared memory with the backup.
expect 'nothing of the database server ends with a backup' < <(
	grep -l '^User=postgres' "$units"/*.service |
		xargs grep -L '^RemoveIPC=no')
expect 'what a timer runs misses no setting' < <(check_tasks)
instances
expect 'systemd reads them' < <(check_verify)
expect 'and finds them closed' < <(check_exposure)
if [ -n "${EXPOSURE:-}" ]; then
	cat "$place/exposure"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
