#!/bin/bash
# each TASK [hourly]: runs a task of each club that is open, one club after the
# other, so that a hundred of them do not start at once.  By a timer.  hourly: a
# club that is asleep has its turn once an hour alone, in the first five minutes.
# What watch itself wakes does not count: it posts an event to the webhook, which
# mailer and clerk go with, and asks the others for their health, who then end.
set -u
task=$1
minute=$((10#$(date +%M)))
status=0

is_awake() {
	systemctl list-units --plain --no-legend --state=active \
		"teamdues-*@$1.service" |
		grep -qvE '^teamdues-(webhook|mailer|clerk)@'
}

has_turn() {
	systemctl -q is-active "teamdues@$1.target" &&
		{ [ "$2" != hourly ] || [ "$minute" -lt 5 ] || is_awake "$1"; }
}

for settings in /etc/teamdues/*/teamdues.conf; do
	club=$(basename "$(dirname "$settings")")
	if has_turn "$club" "${2:-}"; then
		systemctl start "teamdues-$task@$club.service" || status=1
	fi
done
exit "$status"
