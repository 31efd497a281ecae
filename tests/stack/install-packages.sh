#!/bin/bash
# install-packages.sh PACKAGE...: apt-get install, as root, without starting any
# service: the packages of nginx and PostgreSQL would otherwise occupy port 80
# and make and start a cluster on 5432.  An existing cluster is left alone.
set -eu

policy=/usr/sbin/policy-rc.d
cluster_settings=/etc/postgresql-common/createcluster.d/teamdues.conf
made_policy=
made_settings=

restore() {
	if [ -n "$made_policy" ]; then
		rm -f "$policy"
	fi
	if [ -n "$made_settings" ]; then
		rm -f "$cluster_settings"
	fi
}

# A policy that is there already (a container's) is the administrator's own.
forbid_service_starts() {
	if [ ! -e "$policy" ]; then
		made_policy=yes
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod 755 "$policy"
	fi
}

forbid_main_cluster() {
	if [ ! -e "$cluster_settings" ]; then
		made_settings=yes
		mkdir -p "$(dirname "$cluster_settings")"
		echo 'create_main_cluster = false' >"$cluster_settings"
	fi
}

main() {
	export DEBIAN_FRONTEND=noninteractive
	local apt=(apt-get -q -y -o DPkg::Lock::Timeout=300)

	trap restore EXIT
	trap 'exit 1' HUP INT TERM
	forbid_service_starts
	forbid_main_cluster
	"${apt[@]}" update
	"${apt[@]}" install --no-install-recommends "$@"
}

main "$@"
