#!/bin/bash
# upgrade-test.sh ROOT OLD.deb NEW.deb: from the package of 0.1.0, whose clubs
# were set up by hand and had their users in common, to a new one, while requests
# come.  ROOT as for deb-test.sh; as root.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=tests/package/machine.sh
. tests/package/machine.sh
place=$(mktemp -d "${TMPDIR:-/var/tmp}/teamdues-upgrade.XXXXXX")
chmod 755 "$place"
root=$place/machine

leave() {
	local status=$?

	shut_down
	rm -rf --one-file-system "$place"
	exit "$status"
}

trap leave EXIT
trap 'exit 1' HUP INT TERM
copy_root "$1" "$root"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
cp "$2" "$root/root/old.deb"
cp "$3" "$root/root/new.deb"
cp tests/package/club-before.sh "$root/root"
{
	chrooted "$root" apt-get -q update
	chrooted "$root" apt-get -q -y install --no-install-recommends \
		systemd-sysv dbus nginx postgresql openssl curl libqrencode4 \
		/root/old.deb
} >"$place/log" 2>&1 || {
	tail "$place/log"
	exit 1
}
rm "$root/usr/sbin/policy-rc.d"
boot "$root"
booted bash /root/club-before.sh kings
booted systemctl enable -q --now teamdues@kings.target
# A session that nobody knows is one that is not found.
booted bash -c 'while [ ! -e /run/enough ]; do
	curl -s -k -o /dev/null --max-time 20 -w "%{http_code}\n" \
		https://localhost/
	curl -s -k -o /dev/null --max-time 20 -w "%{http_code}\n" \
		"https://localhost/checkout/status?session_id=cs_live_1"
done' >"$place/codes" &
loader=$!
sleep 2
booted dpkg -i /root/new.deb >"$place/log" 2>&1
echo "one that slept begins: $(booted curl -s -k -o /dev/null \
	-w '%{http_code}' "https://localhost/admin/orders")"
booted teamdues setup kings --commit >>"$place/log" 2>&1
sleep 2
booted touch /run/enough
wait "$loader"
echo "$(wc -l <"$place/codes") requests," \
	"$(grep -cvE '^(200|404)$' "$place/codes") failures"
pid=$(booted systemctl show -P MainPID teamdues-public@kings.service)
echo "the first page is served by $(booted stat -c %U "/proc/$pid")"
booted systemctl stop teamdues-public@kings.service 2>/dev/null
echo "asleep it begins again: $(booted curl -s -k -o /dev/null \
	-w '%{http_code}' --max-time 20 https://localhost/)"
booted teamdues clubs
if grep -qvE '^(200|404)$' "$place/codes"; then
	tail -n 20 "$place/log"
	false
fi
