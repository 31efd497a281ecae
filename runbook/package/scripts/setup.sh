#!/bin/bash
# setup CLUB: makes a club on this machine, or changes it.  Answers come from the
# environment (the command's options), then from the file $ANSWERS, then from
# what the club has, and last from whoever sits at the terminal: ten questions at
# most.  It says what it will do before it does anything, and can be run again.
set -eu
club=$1
# shellcheck source=runbook/package/scripts/club.sh
. "$(dirname "$0")/club.sh"
# shellcheck source=runbook/package/scripts/site.sh
. "$(dirname "$0")/site.sh"
# shellcheck source=runbook/package/scripts/trial.sh
. "$(dirname "$0")/trial.sh"
asked=(CLUB_NAME CLUB_CONTACT SITE_URL CLUB_TIMEZONE CURRENCY STRIPE_SECRET_KEY
	MAIL_FROM SMTP_URL SMTP_USER SMTP_PASSWORD)
others=(DATABASE_URL STRIPE_MODE STRIPE_API_BASE MAIL_ALERTS MAIL_REPLY_TO)
secrets=" STRIPE_SECRET_KEY SMTP_PASSWORD "
missing=()
declare -A answer

is_secret() {
	[[ $secrets == *" $1 "* ]]
}

# Of the file of answers: NAME=value lines, as in the file of settings.
in_answers() {
	[ -n "${ANSWERS:-}" ] || return 0
	sed -n "s/^$1=//p" "$ANSWERS" | tail -n 1 |
		sed -e "s/^'\(.*\)'\$/\1/" -e 's/^"\(.*\)"$/\1/'
}

# What is known of it without asking anybody.
known() {
	local file=${1}_FILE value=${!1:-}

	if [ -z "$value" ] && [ -n "${!file:-}" ]; then
		value=$(<"${!file}")
	fi
	[ -n "$value" ] || value=$(in_answers "$1")
	if [ -z "$value" ] && is_secret "$1"; then
		value=$(secret "$1")
	elif [ -z "$value" ]; then
		value=$(setting "$1")
	fi
	printf %s "$value"
}

question() {
	case $1 in
	CLUB_NAME) echo "What is the club called?" ;;
	CLUB_CONTACT) echo "How do families reach the treasurer (an address or a telephone number)?" ;;
	SITE_URL) echo "At which address shall the pages be (https://pay.club.example)?" ;;
	CLUB_TIMEZONE) echo "In which time zone is the club?" ;;
	CURRENCY) echo "In which currency does it take money?" ;;
	STRIPE_SECRET_KEY) echo "Stripe's secret key (sk_test_... to try it out first)?" ;;
	MAIL_FROM) echo "From which address shall mails come?" ;;
	SMTP_URL) echo "By which mail server (smtp://host:port)?" ;;
	SMTP_USER) echo "As which user there (empty: none)?" ;;
	SMTP_PASSWORD) echo "With which password?" ;;
	esac
}

default_of() {
	case $1 in
	CLUB_TIMEZONE) cat /etc/timezone 2>/dev/null || echo Etc/UTC ;;
	CURRENCY) echo usd ;;
	MAIL_FROM)
		case ${answer[CLUB_CONTACT]} in
		*@*) echo "${answer[CLUB_CONTACT]}" ;;
		esac
		;;
	SMTP_URL) echo smtp://127.0.0.1:25 ;;
	esac
}

may_be_empty() {
	[ "$1" = SMTP_USER ] ||
		{ [ "$1" = SMTP_PASSWORD ] && [ -z "${answer[SMTP_USER]}" ]; }
}

# At a terminal; what is secret is not shown while it is typed.
read_answer() {
	local default=$2 value options=(-r)

	if is_secret "$1"; then
		options+=(-s)
	fi
	# shellcheck disable=SC2162  # -r is among the options
	read "${options[@]}" -p "$(question "$1")${default:+ [$default]} " value
	if is_secret "$1"; then
		echo >&2
	fi
	printf %s "${value:-$default}"
}

answer_one() {
	local name=$1 value default
	value=$(known "$name")

	if [ -z "$value" ] && ! { [ "$name" = SMTP_PASSWORD ] &&
		may_be_empty "$name"; }; then
		default=$(default_of "$name")
		if [ -t 0 ]; then
			value=$(read_answer "$name" "$default")
		else
			value=$default
		fi
	fi
	if [ -z "$value" ] && ! may_be_empty "$name"; then
		missing+=("$name")
	fi
	answer[$name]=$value
}

# Its users are this machine's, and so must its server be.
find_database() {
	database=$(known DATABASE_URL)
	: "${database:=$(setting OWNER_DATABASE_URL)}"
	: "${database:=postgresql:///teamdues_$club}"
	database=${database#postgresql:///}
	[[ $database =~ ^[A-Za-z0-9_-]+$ ]] || die "setup makes databases on" \
		"this machine alone: DATABASE_URL may be postgresql:///NAME only"
}

collect() {
	local name

	for name in "${asked[@]}"; do
		answer_one "$name"
	done
	for name in "${others[@]}"; do
		answer[$name]=$(known "$name")
	done
	[ "${#missing[@]}" -eq 0 ] || die "not given: ${missing[*]}"
	# With passwords each trust level has a URL of its own.
	compgen -G "$credentials/DATABASE_URL-*" >/dev/null ||
		: "${answer[DATABASE_URL]:=postgresql:///$database}"
	case ${answer[STRIPE_SECRET_KEY]} in
	?k_live_*) answer[STRIPE_MODE]=live ;;
	*) answer[STRIPE_MODE]='test' ;;
	esac
	if [ -z "${answer[MAIL_ALERTS]}" ]; then
		answer[MAIL_ALERTS]=${answer[MAIL_FROM]}
	fi
	host=${answer[SITE_URL]#https://}
	port=443
	case $host in
	*:*)
		port=${host##*:}
		host=${host%:*}
		;;
	esac
}

# How many clubs more the system's user ids are enough for.
room_for_clubs() {
	getent passwd | awk -F : -v of_club="$(wc -l <"$data/sysusers.conf")" '
		FILENAME != "-" {
			split($0, word, " ")
			if (word[1] == "SYS_UID_MAX")
				max = word[2]
			next
		}
		FNR == 1 { max = max ? max : 999 }
		$3 >= 100 && $3 <= max { used++ }
		END { print int((max - 99 - used) / of_club) }
	' /etc/login.defs -
}

check_room() {
	local room
	room=$(room_for_clubs)

	if id "teamdues_${club}_webhook" >/dev/null 2>&1; then
		return 0
	fi
	[ "$room" -gt 0 ] || die "no user ids are left for another club:" \
		"SYS_UID_MAX in /etc/login.defs ends them"
	[ "$room" -gt 10 ] ||
		say "The user ids of this machine are enough for $room clubs more."
}

has_database() {
	[ "$(sql -c "select count(*) from pg_database
		where datname = '$database'" postgres)" = 1 ]
}

plan() {
	local other

	say "For ${answer[CLUB_NAME]} ($club) at ${answer[SITE_URL]}, with" \
		"Stripe in ${answer[STRIPE_MODE]} mode:"
	say "- users teamdues_${club}_webhook and so on, one for each trust level"
	if has_database; then
		say "- the database $database, brought up to date"
	else
		say "- a new database, $database"
	fi
	say "- settings in $folder, each secret in a file that root alone reads"
	[ -e "$certificate" ] ||
		say "- a certificate for $host, by certbot"
	say "- nginx's site $site, with $certificate"
	for other in $(other_sites); do
		say "- instead of $other, which goes into $folder"
	done
	if [ -z "$(secret STRIPE_WEBHOOK_SECRET)" ]; then
		say "- a webhook endpoint at Stripe for" \
			"${answer[SITE_URL]}/webhooks/stripe"
	fi
	say "- teamdues@$club.target, now and at each start of the machine"
	say "- then: look at all of it (teamdues doctor)"
	if [ "${answer[STRIPE_MODE]}" = test ]; then
		say "- and one payment in Stripe's test mode, if none was made yet"
	fi
}

agree() {
	local word

	[ -z "${COMMIT+given}" ] || return 0
	if [ ! -t 0 ]; then
		say "Nothing was done: --commit does it."
		exit 3
	fi
	read -r -p "Go on? [y/N] " word
	case $word in
	y | Y | yes) ;;
	*) exit 1 ;;
	esac
}

make_users() {
	sed "s/@CLUB@/$club/g" "$data/sysusers.conf" | systemd-sysusers -
}

# NAME=value as the command and systemd both read it.
line() {
	local name=$1 value=$2

	case $value in
	*\'*\"* | *\"*\'* | *\'*\\* | *\\*\'*)
		die "$name may not have both kinds of quotes in it"
		;;
	*[\"\\]*) printf "%s='%s'\n" "$name" "$value" ;;
	*) printf '%s="%s"\n' "$name" "$value" ;;
	esac
}

# In its place in the file, below what explains it.
write_setting() {
	local name=$1 text
	text=$(line "$name" "$2")

	[ -n "$2" ] || text="#$name="
	LINE=$text awk -v name="$name" '
		index($0, name "=") == 1 || index($0, "#" name "=") == 1 {
			if (!done)
				print ENVIRON["LINE"]
			done = 1
			next
		}
		{ print }
		END { if (!done) print ENVIRON["LINE"] }
	' "$folder/teamdues.conf" >"$folder/teamdues.conf.new"
	mv "$folder/teamdues.conf.new" "$folder/teamdues.conf"
}

write_settings() {
	local name

	install -d -m 755 /etc/teamdues
	install -d -m 700 "$folder" "$credentials"
	[ -e "$folder/teamdues.conf" ] ||
		cp "$data/teamdues.conf" "$folder/teamdues.conf"
	for name in "${asked[@]}" "${others[@]}"; do
		if ! is_secret "$name"; then
			write_setting "$name" "${answer[$name]}"
		elif [ -n "${answer[$name]}" ]; then
			printf '%s\n' "${answer[$name]}" | store_secret "$name"
		fi
	done
	[ -e "$credentials/LINK_SECRET" ] ||
		openssl rand -hex 32 | store_secret LINK_SECRET
	# Of a token that nobody has: who wants one adds it.
	[ -e "$credentials/ADMIN_TOKENS" ] ||
		echo "nobody:$(openssl rand -hex 32)" | store_secret ADMIN_TOKENS
	chmod 600 "$folder/teamdues.conf" "$credentials"/*
}

# A dry run that reads all settings.
check_settings() {
	local status=0

	ask endpoint add >/dev/null || status=$?
	[ "$status" -eq 3 ] || die "the settings are not right yet: run" \
		"setup again with what is to be changed"
}

# Each program had a unit of its own then, which its socket does not know any
# more.  Both accept while the one takes over from the other.
leave_old_programs() {
	systemctl show -P Triggers "teamdues-*@$club.socket" |
		sort -u | xargs systemctl start
	systemctl list-units --plain --no-legend --state=active \
		"teamdues-*@$club.service" |
		awk '$2 == "not-found" { print $1 }' |
		xargs --no-run-if-empty systemctl stop
}

# Of a club that the package had before 0.2.0: its programs get logins of their
# own first, and all run as these before the database is closed to the others.
leave_shared_users() {
	local places level
	places=$(compgen -G \
		"/etc/systemd/system/teamdues-*@$club.service.d/before-0.2.conf") ||
		return 0

	sed -n "s/^u teamdues_@CLUB@_\([a-z]*\) .*/\1/p" "$data/sysusers.conf" |
		while read -r level; do
			echo "create role teamdues_${club}_$level login
				in role teamdues_$level;"
		done | sql postgres
	# shellcheck disable=SC2086  # a list of paths
	rm $places
	systemctl daemon-reload
	restart
	leave_old_programs
}

make_database() {
	if ! has_database; then
		(cd / && runuser -u postgres -- createdb "$database")
	fi
	leave_shared_users
	sql -c "alter database $database set teamdues.club = '$club'" postgres
	systemctl start "teamdues-migrate@$club.service"
}

# One that was made for this address before has a secret that nobody knows here.
make_endpoint() {
	local id key old

	if [ -e "$credentials/STRIPE_WEBHOOK_SECRET" ]; then
		return 0
	fi
	old=$(endpoints)
	read -r id key < <(ask endpoint add --disabled --commit)
	[ -n "${key:-}" ] || die "Stripe made no webhook endpoint"
	printf '%s\n' "$key" | store_secret STRIPE_WEBHOOK_SECRET
	restart
	ask endpoint enable "$id" --commit
	for id in $old; do
		ask endpoint disable "$id" --commit
	done
}

has_order() {
	[ "$(ask orders --json | grep -c order_id)" -gt 0 ]
}

# Eight for each club carry it while its families and Stripe come at once.
check_connections() {
	local clubs max
	clubs=$(find /etc/teamdues -name teamdues.conf | wc -l)
	max=$(sql -c 'show max_connections' postgres)

	[ "$((clubs * 8))" -le "$max" ] ||
		say "warn database: it takes $max connections, and $clubs clubs" \
			"may need $((clubs * 8)) at once -> raise max_connections," \
			"and restart PostgreSQL"
}

# Out of order is a word for a person, not a reason to undo.
look() {
	check_connections
	ask doctor | grep -v '^ok ' || true
}

must_be_root
find_database
collect
check_room
find_certificate
plan
agree
make_users
write_settings
check_settings
make_database
make_certificate
# systemd is not told of the link for its next start, since it would read the
# units of all clubs again.
systemctl --root=/ enable --quiet "teamdues@$club.target"
systemctl start "teamdues@$club.target"
make_site
make_endpoint
if [ "${answer[STRIPE_MODE]}" = test ] && ! has_order; then
	try_payment
fi
look
say "Done: ${answer[SITE_URL]}, and teamdues --club $club ..."
