#!/bin/bash
# A machine of its own out of a folder that holds a Debian: its own processes,
# mounts and network, with systemd as its first process.  Sourced; as root.

# copy_root FROM TO
copy_root() {
	mkdir -p "$2"
	cp -a "$1/." "$2"
	cp -L /etc/resolv.conf "$2/etc/resolv.conf"
}

# The parts of a machine below ROOT, in the mount and process namespaces that the
# caller has made for it.
mount_machine() {
	local root=$1 device

	mount --make-rprivate /
	mount --bind "$root" "$root"
	mount -t proc proc "$root/proc"
	mount -t sysfs -o ro sysfs "$root/sys"
	mount -t tmpfs -o mode=755 tmpfs "$root/dev"
	for device in null zero full random urandom tty; do
		touch "$root/dev/$device"
		mount --bind "/dev/$device" "$root/dev/$device"
	done
	ln -s /proc/self/fd "$root/dev/fd"
	mkdir "$root/dev/pts" "$root/dev/shm"
	mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
	ln -s pts/ptmx "$root/dev/ptmx"
	mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
	mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
}

# Called in the new namespaces: run_in ROOT COMMAND...
run_in() {
	local root=$1
	shift

	mount_machine "$root"
	exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

# And boot_in ROOT.  systemd wants mounts shared with its services, as the
# kernel leaves them on no container.
boot_in() {
	local root=$1

	mount_machine "$root"
	mount -t tmpfs -o mode=755 tmpfs "$root/run"
	mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
	cd "$root"
	mkdir -p host
	pivot_root . host
	umount -l host
	mount --make-rshared /
	exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		/lib/systemd/systemd --system --log-target=journal
}

# chrooted ROOT COMMAND...: with the network of the caller.
chrooted() {
	unshare --mount --pid --fork --kill-child "${BASH_SOURCE[0]}" run_in "$@"
}

# boot ROOT: $machine is its first process, as seen from here.
boot() {
	local group end=$((SECONDS + 60))

	group=$(findmnt -n -o TARGET -t cgroup2 | head -n 1)/teamdues-test-$$
	mkdir "$group"
	cgroup=$group
	(
		echo "$BASHPID" >"$group/cgroup.procs"
		exec unshare --mount --pid --cgroup --ipc --uts --net --fork \
			--kill-child "${BASH_SOURCE[0]}" boot_in "$1"
	) >"$1.log" 2>&1 &
	booter=$!
	until machine=$(pgrep -P "$booter") && is_up; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.2
	done
}

is_up() {
	booted systemctl is-system-running 2>/dev/null |
		grep -qE 'running|degraded'
}

# booted COMMAND...: in the machine, for two minutes at most or $BOOTED_SECONDS.
booted() {
	timeout "${BOOTED_SECONDS:-120}" nsenter --target "$machine" --all env -i \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive "$@"
}

shut_down() {
	if [ -n "${machine:-}" ]; then
		kill -KILL "$machine" 2>/dev/null || true
		wait "$booter" 2>/dev/null || true
		machine=
		# Its processes end with it, but not at once.
		for _ in {1..50}; do
			find "$cgroup" -depth -type d -exec rmdir {} + \
				2>/dev/null || true
			[ -d "$cgroup" ] || break
			sleep 0.1
		done
	fi
}

# When this file is run, not sourced, it is the first process in there.
if [ "${BASH_SOURCE[0]}" = "$0" ]; then
	set -eu
	"$@"
fi
