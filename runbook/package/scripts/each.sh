#!/bin/bash
# each TASK: runs a task of each club that is open, one club after the other, so
# that a hundred of them do not start at once.  By a timer.
set -u
status=0

for settings in /etc/teamdues/*/teamdues.conf; do
	club=$(basename "$(dirname "$settings")")
	if systemctl -q is-active "teamdues@$club.target"; then
		systemctl start "teamdues-$1@$club.service" || status=1
	fi
done
exit "$status"
