#!/bin/bash
# hundred.sh ROOT DEB COUNT EVENTS [AT_ONCE]: on a machine of its own, made
# of ROOT as deb-test.sh's, with the package DEB: what so many clubs cost (many.sh).
# As root.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=tests/package/machine.sh
. tests/package/machine.sh
count=$3
place=$(mktemp -d "${TMPDIR:-/var/tmp}/teamdues-hundred.XXXXXX")
chmod 755 "$place"
root=$place/machine
BOOTED_SECONDS=14400

leave() {
	local status=$?

	shut_down
	rm -rf --one-file-system "$place"
	exit "$status"
}

trap leave EXIT
trap 'exit 1' HUP INT TERM
copy_root "$1" "$root"
cp "$2" "$root/root/teamdues.deb"
cp tests/package/clubs.sh tests/package/many.sh tests/package/send.js "$root/root"
cp -r tests/stripe-standin "$root/root/standin"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
{
	chrooted "$root" apt-get -q update
	chrooted "$root" apt-get -q -y install --no-install-recommends \
		systemd-sysv dbus nginx postgresql openssl curl nodejs \
		/root/teamdues.deb
} >"$place/log" 2>&1 || {
	tail "$place/log"
	exit 1
}
rm "$root/usr/sbin/policy-rc.d"
boot "$root"
mapfile -t clubs < <(printf 'club%03d\n' $(seq "$count"))
booted bash /root/clubs.sh kings "${clubs[@]}" >"$place/log" 2>&1
booted bash /root/many.sh "$count" "$4" "${5:-64}"
