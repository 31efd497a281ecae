#!/bin/bash
# deps.sh GROUP...: sees to it that the Debian packages of these groups (build,
# run, test, bench, package, lint) are installed.  Costs a moment when they are;
# asks apt, and sudo where it must, only when one is missing.
set -eu

# What a command or file on the machine already provides is not installed again:
# a Node.js from elsewhere, or a PostgreSQL server of any version, is used as is.
have_postgresql() {
	compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

packages_of() {
	case $1 in
	build)
		echo gcc libc6-dev make pkg-config libfcgi-dev libpq-dev \
			libcurl4-openssl-dev libssl-dev libjson-c-dev \
			libqrencode-dev binutils
		;;
	run)
		echo nginx spawn-fcgi multiwatch openssl ca-certificates curl \
			bsdextrautils
		have_postgresql || echo postgresql
		command -v node >/dev/null || echo nodejs
		;;
	test)
		echo libcmocka-dev fcgiwrap faketime chromium-headless-shell \
			procps mandoc graphviz systemd git
		command -v npm >/dev/null || echo npm
		;;
	bench)
		echo valgrind
		;;
	package)
		echo build-essential debhelper dpkg-dev lintian
		;;
	lint)
		echo clang clang-format clang-tidy cppcheck shellcheck \
			universal-ctags nginx openssl mandoc git
		command -v node >/dev/null || echo nodejs
		;;
	*)
		echo "deps.sh: no group $1" >&2
		return 2
		;;
	esac
}

missing_of() {
	dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
		awk -v wanted="$*" '
			$2 == "installed" { have[$1] = 1 }
			END {
				count = split(wanted, name, " ")
				for (i = 1; i <= count; i++)
					if (!(name[i] in have))
						print name[i]
			}'
}

main() {
	local wanted=() missing=() as_root=()

	if ! command -v dpkg-query >/dev/null; then
		return 0	# no Debian: the compiler will say what it misses
	fi
	for group in "$@"; do
		# shellcheck disable=SC2207  # package names are single words
		wanted+=($(packages_of "$group"))
	done
	mapfile -t missing < <(missing_of "${wanted[@]}")
	if [ ${#missing[@]} -eq 0 ]; then
		return 0
	fi
	echo "installing Debian packages: ${missing[*]}"
	if [ "$(id -u)" -ne 0 ]; then
		as_root=(sudo)
	fi
	"${as_root[@]}" bash "$(dirname "$0")/install-packages.sh" "${missing[@]}"
}

main "$@"
