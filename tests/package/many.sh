#!/bin/bash
# many.sh COUNT EVENTS AT_ONCE: on a machine where the package is installed
# and clubs.sh was run, so many clubs more, in live mode, so that no payment is
# tried.  Says what they cost asleep, what the first click on one costs, and how
# long it takes until each has recorded so many events, which come so many at
# once.
set -eu
count=$1
events=$2
at_once=$3
cd /root
umask 077

name() {
	printf 'club%03d' "$1"
}

names() {
	local n

	for ((n = 1; n <= count; n++)); do
		name "$n"
		echo
	done
}

# What runs, its kB, and how many of these are pages of files, a line each, without
# the servers that others need, too, and without this script.
processes() {
	local process name

	for process in /proc/[0-9]*; do
		name=$(cat "$process/comm" 2>/dev/null) || continue
		case $name in postgres | nginx | node | bash | awk) continue ;; esac
		awk -v name="${name// /_}" '
			$1 == "Pss:" { pss = $2 }
			$1 == "Pss_File:" { file = $2 }
			END { print name, pss + 0, file + 0 }
		' "$process/smaps_rollup" 2>/dev/null || true
	done
}

# How many kB more than before it is, and whose they are.  The journal's pages that
# journald has mapped are memory only while nobody else needs it.
growth() {
	processes | awk '
		NR == FNR { before[$1] += $2; sum -= $2; file -= $3; next }
		{ now[$1] += $2; sum += $2; file += $3 }
		END {
			printf "%d kB more than before, %d of them of files:",
				sum, file
			for (name in now)
				if (now[name] - before[name] > 300)
					printf " %s %d", name, now[name] - before[name]
			print ""
		}
	' before -
}

as_owner() {
	(cd / && runuser -u postgres -- psql -q -tA "$@")
}

# Its webhook's secret is known, so that no endpoint is made for it.
set_up() {
	local club=$1

	install -d -m 700 "/etc/teamdues/$club/credentials"
	echo "whsec_${club}0123456789abcdef" \
		>"/etc/teamdues/$club/credentials/STRIPE_WEBHOOK_SECRET"
	cp /usr/share/teamdues/teamdues.conf "/etc/teamdues/$club"
	sed -e "s/^CLUB_NAME=.*/CLUB_NAME=$club/" \
		-e "s|^SITE_URL=.*|SITE_URL=https://$club.example|" \
		kings.answers >many.answers
	teamdues setup "$club" --answers /root/many.answers \
		--stripe-key-file /root/live.key --commit >many.log 2>&1 ||
		tail -n 3 many.log
}

# What a first request waits for its answer, in milliseconds.
click() {
	curl -s -o /dev/null --max-time 30 \
		-w '%{time_pretransfer} %{time_starttransfer}\n' \
		"https://$1.example/" |
		awk '{ printf "%d\n", ($2 - $1) * 1000 }'
}

running() {
	systemctl list-units --plain --no-legend \
		--state=active,activating,deactivating 'teamdues-*@*.service'
}

# What setup advises for so many.
widen_database() {
	as_owner -c "alter system set max_connections = $((count * 8 + 100))"
	systemctl restart postgresql
}

recorded() {
	as_owner -d "teamdues_$1" -c \
		'select count(*) from teamdues.stripe_events'
}

widen_database
echo sk_live_0123456789 >live.key
processes >before
SECONDS=0
for club in $(names); do
	set_up "$club"
done
echo "$count clubs set up in $SECONDS s"
systemctl stop 'teamdues-*@*.service' 2>/dev/null
echo "asleep: $(running | wc -l) processes of teamdues; $(growth)"
for club in $(names | shuf -n 10 --random-source=/etc/passwd); do
	click "$club"
done | sort -n | xargs echo "first clicks of 10 clubs, ms:"
echo "load of the machine meanwhile: $(cut -d ' ' -f 1 /proc/loadavg)"
mapfile -t clubs < <(names)
NODE_EXTRA_CA_CERTS=/root/ca.pem node /root/send.js "$events" "$at_once" \
	"${clubs[@]}"
for club in "${clubs[@]}"; do
	recorded "$club"
done | sort | uniq -c | awk '{ print $1 " clubs have recorded " $2 " events" }'
echo "awake: $(growth)"
