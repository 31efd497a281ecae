#!/bin/bash
# deb.sh FOLDER: builds the Debian package of this checkout, for the Debian that
# it runs on, and leaves it in FOLDER.
set -eu
project=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(realpath -m "$1")
version=$(sed -n 's/^#define TEAMDUES_VERSION "\(.*\)"/\1/p' \
	"$project/lib/base/version.h")
source=$folder/teamdues-$version
changelog=$project/runbook/package/debian/changelog

if ! head -n 1 "$changelog" | grep -qF "($version)"; then
	echo "deb.sh: lib/base/version.h says $version, and $changelog begins" \
		"with another" >&2
	exit 1
fi
rm -rf "$folder"
mkdir -p "$source"
tar -C "$project" -c --exclude=node_modules LICENSE Makefile README.md cgi-bin \
	lib nginx runbook sql tests | tar -C "$source" -x
cp -r "$project/runbook/package/debian" "$source/debian"
cd "$source"
# Nothing of the make that calls us.
env -i PATH="$PATH" HOME="${HOME:-/}" LC_ALL=C.UTF-8 \
	dpkg-buildpackage -us -uc -j"$(nproc)"
cd "$folder"
rm -r "$source"
ls -l ./*.deb
