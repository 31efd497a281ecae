#!/bin/bash
# install-test.sh BUILD: what make install puts where, that it runs from there,
# and that make uninstall takes it away again.
set -eu
cd "$(dirname "$0")/../.."
export BUILD=$1
unset DESTDIR PREFIX prefix
. tests/stack/expect.sh

run_make() {
	"${MAKE:-make}" --no-print-directory -s "$@" >"$place/log" 2>&1 ||
		cat "$place/log"
}

differences() {
	diff "$1" "$2" | grep '^[<>]' || true
}

# What is installed, below the prefix.
files() {
	find "$1" ! -type d -printf '%P\n' | LC_ALL=C sort
}

expected_files() {
	{
		echo bin/teamdues
		echo lib/teamdues/libteamdues.so
		echo share/doc/teamdues/README.md
		echo share/man/man5/teamdues.conf.5
		echo share/man/man8/teamdues.8
		echo share/bash-completion/completions/teamdues
		printf 'share/teamdues/%s\n' alerts.yml grafana.json \
			teamdues.conf
		find cgi-bin -name '*.c' -printf 'libexec/teamdues/%P\n' |
			sed 's/\.c$//'
		echo share/teamdues/sysusers.conf
		printf 'libexec/teamdues/%s\n' backup club.sh each rotate setup \
			site.sh starter trial.sh verify
		find "$BUILD/package/units" -name 'teamdues*' \
			-printf 'lib/systemd/system/%f\n'
		find nginx -type f -printf 'share/teamdues/nginx/%P\n'
		find runbook -maxdepth 1 -name '*.md' \
			-printf 'share/doc/teamdues/runbook/%f\n'
	} | LC_ALL=C sort
}

# Run with an empty environment, where nothing but the file itself can tell.
missing_libraries() {
	local file

	find "$prefix/bin" "$prefix/libexec" -type f ! -name starter | while read -r file; do
		[ "$(head -c 4 "$file")" = $'\x7fELF' ] || continue
		env -i ldd "$file" | grep -qF \
			"libteamdues.so => $prefix/lib/teamdues/libteamdues.so" ||
			echo "$file finds another library, or none"
	done
}

modes() {
	find "$prefix" -type d ! -perm 755 -o \
		-path "$prefix/bin/*" ! -perm 755 -o \
		-path "$prefix/libexec/*" ! -perm 755 -o \
		-type f -path "$prefix/lib/*" ! -perm 644 -o \
		-type f -path "$prefix/share/*" ! -perm 644
}

place=$(mktemp -d)
chmod 755 "$place"
trap 'rm -rf "$place"' EXIT
prefix=$place/usr

# Whatever the umask is, the programs' users must be able to run it.
umask 077
expect 'make install' < <(run_make install PREFIX="$prefix")
umask 022
expect 'each file has its place, and no other is there' < <(
	differences <(expected_files) <(files "$prefix"))
expect 'all may read and run it' < <(modes)
expect 'each program finds the library' < <(missing_libraries)
expect 'the command runs' < <(
	env -i "$prefix/bin/teamdues" --version 2>&1 | grep -v '^teamdues [0-9]')
expect 'nginx finds snippets and pages' < <(
	grep -rnE '^[^#]*@(SNIPPETS|HTML|FORM_ACTION)@' "$prefix/share/teamdues"
	sed -n 's/^[^#]*include \(.*\);/\1/p' \
		"$prefix"/share/teamdues/nginx/*.conf \
		"$prefix"/share/teamdues/nginx/snippets/*.conf |
		xargs ls 2>&1 >"$place/log" || true)
expect 'the example has every setting of the manual page, none in force' < <(
	differences <(sed -n 's/^\.It Ev //p' runbook/teamdues.conf.5 |
		sed 's/ , Ev /\n/g') \
		<(sed -n 's/^#\([A-Z_]*\)=$/\1/p' \
			"$prefix/share/teamdues/teamdues.conf")
	grep -v -e '^#' -e '^$' "$prefix/share/teamdues/teamdues.conf")

expect 'make install again, below DESTDIR' < <(
	run_make install PREFIX=/usr DESTDIR="$place/root")
expect 'DESTDIR only stands in front' < <(
	differences <(files "$prefix") <(files "$place/root/usr")
	find "$place/root" -mindepth 1 -maxdepth 1 ! -name usr
	grep -rlF "$place" "$place/root" || true)

expect 'make uninstall' < <(run_make uninstall PREFIX="$prefix")
expect 'uninstall leaves no file' < <(files "$prefix")

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
