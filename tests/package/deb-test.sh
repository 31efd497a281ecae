#!/bin/bash
# deb-test.sh ROOT: the Debian package from its making to its purge, on a machine
# made out of the folder ROOT, which holds a bare Debian (debootstrap
# --variant=minbase) and is copied, not changed.  As root; apt must reach its
# mirror.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=tests/package/machine.sh
. tests/package/machine.sh
base=$1
. tests/stack/expect.sh

# quietly COMMAND...: says something only when it fails.
quietly() {
	"$@" >"$place/log" 2>&1 || {
		echo "$* ended with status $?:"
		tail -n 20 "$place/log"
	}
}

differences() {
	diff <(printf '%s\n' "$1") <(printf '%s\n' "$2") | grep '^[<>]' || true
}

# Nothing starts while packages are installed in a folder that is no machine.
make_root() {
	copy_root "$base" "$1"
	printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d"
	chmod 755 "$1/usr/sbin/policy-rc.d"
	chrooted "$1" apt-get -q update
}

build_package() {
	make_root "$place/builder"
	chrooted "$place/builder" apt-get -q -y install make
	mkdir "$place/builder/root/checkout"
	tar -c --exclude=node_modules Makefile README.md LICENSE cgi-bin lib \
		nginx runbook sql tests |
		tar -x -C "$place/builder/root/checkout"
	chrooted "$place/builder" make -C /root/checkout deb
	cp "$place"/builder/root/checkout/build/deb/teamdues_*.deb \
		"$place/teamdues.deb"
}

# lintian is part of the group of packages that make deb installs.
check_lintian() {
	chrooted "$place/builder" sh -c \
		'lintian --no-tag-display-limit /root/checkout/build/deb/*.changes' \
		>"$place/log" 2>&1 || true
	grep -E '^[EW]:' "$place/log" || true
}

# The same content under a higher version.
make_next() {
	dpkg-deb -R "$place/teamdues.deb" "$place/next"
	sed -i 's/^Version: .*/&+next/' "$place/next/DEBIAN/control"
	dpkg-deb --root-owner-group -b "$place/next" "$place/next.deb"
}

# With the package, so that what it needs is there, and then without it.
make_machine() {
	make_root "$root"
	cp "$place/teamdues.deb" "$place/next.deb" tests/package/clubs.sh \
		tests/package/attacks.sh tests/package/passwords.sh \
		tests/package/load.js "$root/root"
	cp -r tests/stripe-standin "$root/root/standin"
	chrooted "$root" apt-get -q -y install --no-install-recommends \
		systemd-sysv dbus nginx postgresql openssl curl nodejs \
		/root/teamdues.deb
}

left_over() {
	(cd "$root" && find . -xdev -iname '*teamdues*' \
		! -path './root/*' ! -path './var/lib/dpkg/*' \
		! -path './var/log/*' ! -path './var/cache/*') || true
}

own_users() {
	booted getent passwd | sed -n 's/^\(teamdues_kings_[a-z]*\):.*/\1/p' |
		sort
}

all_users() {
	awk '!/^#/ { print "teamdues_kings_" $1 }' tests/stack/roles | sort
}

programs() {
	find cgi-bin -name '*.c' -printf '%P\n' | sed 's/\.c$//; s/\//-/' | sort
}

# A club is made by the command of README.md, and what is done twice is as if it
# was done once: the second time is without questions, and changes nothing.
set_up() {
	quietly booted teamdues setup "$1" --answers "/root/$1.answers" \
		--stripe-key-file "/root/$1.key" --commit
	grep -q '^It came: ' "$place/log" || echo 'no payment came'
}

set_up_again() {
	local before after

	before=$(booted cat "/etc/teamdues/$1/teamdues.conf" \
		"/etc/nginx/sites-available/teamdues-$1")
	quietly booted teamdues setup "$1" --commit
	after=$(booted cat "/etc/teamdues/$1/teamdues.conf" \
		"/etc/nginx/sites-available/teamdues-$1")
	differences "$before" "$after"
	booted teamdues --club "$1" endpoint list --csv=raw |
		grep -c enabled | grep -vx "$2"
}

# Without --commit it only says what it would do.
check_plan() {
	local status=0

	booted teamdues setup kings --answers /root/kings.answers \
		--stripe-key-file /root/kings.key >"$place/log" 2>&1 || status=$?
	[ "$status" -eq 3 ] || tail -n 5 "$place/log"
	! booted test -e /etc/teamdues/kings || echo 'it has done something'
}

# refused_for WORDS: setup says them, and has done nothing.
refused_for() {
	! booted teamdues setup kings --answers /root/other.answers \
		--stripe-key-file /root/kings.key --commit \
		>"$place/log" 2>&1 || echo 'it is not refused'
	grep -q "$1" "$place/log" || tail -n 5 "$place/log"
	! booted test -e /etc/teamdues/kings || echo 'it has done something'
}

check_limits() {
	cp "$root/etc/login.defs" "$place"
	cp "$root/root/kings.answers" "$root/root/other.answers"
	echo 'SYS_UID_MAX 101' >>"$root/etc/login.defs"
	refused_for 'no user ids are left'
	cp "$place/login.defs" "$root/etc"
	echo 'DATABASE_URL=postgresql://db.example/kings' \
		>>"$root/root/other.answers"
	refused_for 'on this machine alone'
}

check_clubs() {
	differences "$(printf '%s,1\n' kings queens)" \
		"$(booted teamdues clubs --csv=raw |
			awk -F , 'NR > 1 { print $1 "," ($5 != "") }')"
}

# Where nobody asks for anything.
check_asleep() {
	booted systemctl stop 'teamdues-*@*.service' 2>/dev/null
	booted systemctl list-units --plain --no-legend --state=active \
		'teamdues-*.service'
	differences "$(programs)" "$(booted systemctl list-sockets --no-legend |
		sed -n 's|^/run/teamdues/kings/\(.*\)\.sock .*|\1|p' | sort)"
}

fetch() {
	booted curl -s -k -o /dev/null -w '%{http_code}' --max-time 20 "$@"
}

# The first address that nginx leads to a program.
address_of() {
	awk -v socket="/$1.sock;" '
		$1 == "location" {
			address = $(NF - 1)
			sub(/^\^/, "", address)
			sub(/[($].*/, "", address)
		}
		$1 == "fastcgi_pass" && index($2, socket) { print address; exit }
	' nginx/teamdues.conf
}

# It may refuse what it was not asked well: then it is there, too.
check_answers() {
	local name code

	for name in $(programs); do
		code=$(fetch "https://kings.example$(address_of "$name")") || true
		case $code in
		2?? | 3?? | 40[0-5]) ;;
		*) echo "$name: $code" ;;
		esac
		code=$(fetch "https://kings.example/healthz/$name") || true
		[ "$code" = 200 ] || echo "$name is not healthy: $code"
	done
}

# An event that teamdues only records, signed now.
sign_event() {
	local secret now mac
	secret=$(<"$root/etc/teamdues/kings/credentials/STRIPE_WEBHOOK_SECRET")
	now=$(date +%s)

	printf '{"id":"evt_test_1","object":"event","type":"customer.created",
		"created":%d,"livemode":false,"data":{"object":{
		"id":"cus_1","object":"customer"}}}' "$now" >"$root/root/event"
	mac=$(printf '%s.%s' "$now" "$(<"$root/root/event")" |
		openssl dgst -sha256 -hmac "$secret" | sed 's/.* //')
	echo "Stripe-Signature: t=$now,v1=$mac" >"$root/root/signature"
}

check_webhook() {
	local code

	sign_event
	code=$(fetch --data-binary @/root/event -H @/root/signature \
		https://kings.example/webhooks/stripe) || true
	[ "$code" = 200 ] || echo "the webhook answered $code"
	booted runuser -u postgres -- psql -d teamdues_kings -tAc \
		"select count(*) from teamdues.stripe_events
		where event_id = 'evt_test_1'" | grep -vx 1
}

# The mail server is away here, the rest is not.
check_command() {
	booted teamdues --club kings doctor >"$place/log" 2>&1 || true
	grep '^FAIL' "$place/log" | grep -v '^FAIL smtp:' || true
	grep -q '^ok webhooks:' "$place/log" || echo 'no event came'
}

main_pids() {
	booted systemctl list-units --plain --no-legend --state=running \
		'teamdues-*.service' | awk '{ print $1 }' |
		while read -r unit; do
			echo "$unit $(booted systemctl show -P MainPID "$unit" \
				</dev/null)"
		done
}

# What a process can see: its own secrets, no settings of any club, and no value
# of a secret in its environment.
look_at_process() {
	local unit=$1 pid=$2 own

	own=$(sed -n 's/^LoadCredential=\([^:]*\):.*/\1/p' \
		"$root/usr/lib/systemd/system/${unit%@*}@.service" | sort)
	differences "$own" "$(booted nsenter -t "$pid" -m \
		find /run/credentials -type f -printf '%f\n' | sort)"
	booted nsenter -t "$pid" -m ls -A /etc/teamdues
	booted cat "/proc/$pid/environ" | tr '\0' '\n' |
		grep -E '=(whsec_|sk_)' || true
}

# One that was asked for its health alone may end meanwhile.
check_secrets() {
	local unit pid faults

	for unit in $(main_pids | tr ' ' ,); do
		pid=${unit#*,}
		unit=${unit%,*}
		faults=$(look_at_process "$unit" "$pid" 2>&1)
		if [ -n "$faults" ] && booted test -e "/proc/$pid"; then
			echo "$unit: $faults"
		fi
	done
}

check_tasks() {
	local name

	booted install -d -o postgres /var/lib/teamdues/backup/kings
	booted touch -d '15 days ago' \
		/var/lib/teamdues/backup/kings/teamdues-old.dump
	for name in audit prune metrics backup verify; do
		quietly booted systemctl start "teamdues-$name@kings.service"
	done
	grep -q '^# EOF' \
		"$root/var/lib/teamdues/metrics/kings/teamdues-kings.prom" ||
		echo 'no metrics'
	differences 'dump roles.sql' "$(cd "$root/var/lib/teamdues/backup/kings" &&
		find . -type f -size +0 | sed 's/[^.]*\.\/[^.]*\.//' | sort |
		tr '\n' ' ' | sed 's/ $//')"
}

# Stripe and the mail server are away: that is all that watch complains of.
check_watch() {
	booted systemctl start teamdues-watch@kings.service >/dev/null 2>&1 ||
		true
	booted journalctl -q -o cat -u teamdues-watch@kings.service |
		grep -E 'is not set|cannot be read|must be|[Pp]ermission|not permitted' ||
		true
}

# A system call that is not open to it kills a program.
check_killed() {
	booted journalctl -q -o cat | grep -E 'status=31|SIGSYS|core-dump' || true
}

# As many requests as it takes while something else is done.
load() {
	booted bash -c 'while [ ! -e /run/enough ]; do
		curl -s -k -o /dev/null --max-time 20 -w "%{http_code}\n" \
			https://kings.example/
		curl -s -k -o /dev/null --max-time 20 -w "%{http_code}\n" \
			--data-binary @/root/event -H @/root/signature \
			https://kings.example/webhooks/stripe
	done'
}

# Waits until that load had twenty answers more.
answered() {
	local wanted=$(($(wc -l <"$place/codes") + 20))

	timeout 60 tail -n +1 -f "$place/codes" | head -n "$wanted" >/dev/null
}

check_upgrade() {
	local before after loader name

	sign_event
	# As one that the running version does not have.
	booted systemctl stop teamdues-admin@kings.{service,socket}
	fetch "https://kings.example$(address_of checkout-status)" >/dev/null
	before=$(main_pids)
	grep -q '^teamdues-checkout@' <<<"$before" || echo 'checkout is away'
	: >"$place/codes"
	load >"$place/codes" &
	loader=$!
	answered
	quietly booted dpkg -i /root/next.deb
	grep -q 'now run teamdues setup kings' "$place/log" ||
		echo 'nothing is said of setup'
	quietly booted teamdues setup kings --commit
	answered
	booted touch /run/enough
	wait "$loader"
	after=$(main_pids)
	grep -vx 200 "$place/codes" | sort | uniq -c
	if grep -qvx 200 "$place/codes"; then
		booted journalctl -q -o cat -u 'teamdues-*' |
			grep -E '^(error|warn)' | tail -n 5
	fi
	for name in public mailer webhook; do
		grep -q "^teamdues-$name@" <<<"$after" ||
			echo "$name does not run"
	done
	booted systemctl is-active teamdues-admin@kings.socket |
		grep -vx active
	comm -12 <(sort <<<"$before") <(sort <<<"$after") |
		sed 's/$/ was not restarted/'
}

# The file of settings goes over what the unit says.
check_idle() {
	local end=$((SECONDS + 20))

	echo IDLE_EXIT=2 >>"$root/etc/teamdues/kings/teamdues.conf"
	quietly booted systemctl try-restart \
		'teamdues-*@kings.service'
	until ! main_pids | grep -q @kings; do
		if [ "$SECONDS" -ge "$end" ]; then
			main_pids
			return 0
		fi
		sleep 0.5
	done
	check_answers
}

# rotate NAME...: each under 200 requests a second.
rotate() {
	local link loader

	link=$(booted teamdues --club kings link tryout --order 1)
	booted rm -f /run/enough
	booted env NODE_EXTRA_CA_CERTS=/root/ca.pem node /root/load.js \
		https://kings.example http://127.0.0.1:12111 "$link" \
		/run/enough >"$place/load" 2>&1 &
	loader=$!
	sleep 1
	quietly booted teamdues --club kings rotate "$@"
	sleep 1
	booted touch /run/enough
	wait "$loader" || {
		echo "the load ended with status $?:"
		cat "$place/load"
	}
	sed "s/^/    $1: /" "$place/load" >>"$place/loads"
}

# One that Stripe does not know is not kept.
refuse_key() {
	booted bash -c 'echo sk_test_unknown0123456789 >/root/bad.key'
	! booted teamdues --club kings rotate stripe-key \
		--key-file /root/bad.key >"$place/log" 2>&1 || echo 'it is kept'
	differences sk_test_kings0123456789 "$(booted cat \
		/etc/teamdues/kings/credentials/STRIPE_SECRET_KEY)"
}

check_removed() {
	booted systemctl list-units --all --plain --no-legend \
		--state=active,activating,failed 'teamdues*'
	find "$root/usr" "$root/var/lib/systemd" -name '*teamdues*' \
		! -path "*/timers/*"
	[ -e "$root/etc/teamdues/kings/credentials/LINK_SECRET" ] ||
		echo 'the secrets are gone'
}

leave() {
	local status=$?

	shut_down
	rm -rf --one-file-system "$place"
	exit "$status"
}

place=$(mktemp -d "${TMPDIR:-/var/tmp}/teamdues-package.XXXXXX")
chmod 755 "$place"
root=$place/machine
trap leave EXIT
trap 'exit 1' HUP INT TERM

expect 'make deb' < <(quietly build_package)
expect 'lintian finds no error and nothing to warn of' < <(check_lintian)
expect 'the next version' < <(quietly make_next)
expect 'apt installs it where nothing runs' < <(quietly make_machine)
expect 'purge leaves nothing there' < <(
	quietly chrooted "$root" dpkg --purge teamdues
	left_over)
rm "$root/usr/sbin/policy-rc.d"
if [ ! -x "$root/usr/lib/systemd/systemd" ]; then
	echo "there is nothing to go on with"
	exit 1
fi

boot "$root"
expect 'dpkg installs it on a running machine' < <(
	quietly booted dpkg -i /root/teamdues.deb)
expect 'the server of two clubs' < <(
	quietly booted bash /root/clubs.sh kings queens)
expect 'setup says first what it will do' < <(check_plan)
expect 'it refuses what it has no room or no server for' < <(check_limits)
expect 'a club is set up, and takes a payment' < <(set_up kings)
expect 'and again' < <(set_up_again kings 1)
expect 'another beside it' < <(set_up queens)
expect 'the list of clubs has both' < <(check_clubs)
expect 'a user for each trust level' < <(
	differences "$(all_users)" "$(own_users)")
expect 'none gets at the other' < <(
	fetch https://queens.example/ >/dev/null
	booted bash /root/attacks.sh kings queens
	fetch https://kings.example/ >/dev/null
	booted bash /root/attacks.sh queens kings)
expect 'asleep its sockets listen, and no program runs' < <(check_asleep)
expect 'each program answers' < <(check_answers)
expect 'a signed event is recorded' < <(check_webhook)
expect 'each process sees its own secrets and no others' < <(check_secrets)
expect 'the command acts for a club' < <(check_command)
expect 'audit, prune, metrics and backup run, and restoring it' < <(check_tasks)
expect 'watch runs' < <(check_watch)
expect 'an upgrade and its migration refuse no request' < <(check_upgrade)
echo "    requests meanwhile: $(wc -l <"$place/codes")"
expect 'the secret of webhooks is changed' < <(rotate webhook-secret)
expect 'a key that Stripe refuses is not taken' < <(refuse_key)
expect "Stripe's key is changed" < <(
	rotate stripe-key --key-file /root/kingsnew.key)
expect 'the secret of links is changed' < <(rotate link-secret)
expect 'the cookies of the desk are changed' < <(rotate desk-cookies)
expect 'passwords of the database are given' < <(
	quietly booted bash /root/passwords.sh kings)
expect 'they are changed' < <(rotate database-password)
expect 'and again' < <(rotate database-password)
cat "$place/loads"
expect 'no program asked for what is closed to it' < <(check_killed)
expect 'a program that nobody needs ends, and begins again' < <(check_idle)
expect 'remove stops all and leaves settings' < <(
	echo '# include /usr/share/teamdues/nginx/x;' \
		>"$root/etc/nginx/sites-enabled/own"
	quietly booted dpkg --remove teamdues
	grep -q 'sites-enabled/own needs files' "$place/log" ||
		echo 'nothing is said of a site that was made by hand'
	rm "$root/etc/nginx/sites-enabled/own"
	quietly booted nginx -q -t
	check_removed)
expect 'purge leaves the backups, and nothing else' < <(
	quietly booted dpkg --purge teamdues
	left_over | grep -v '^./var/lib/teamdues')

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
