#!/bin/bash
# nginx-check.sh: nginx itself reads our configuration and has nothing to say
# about it, not even a warning; and the pages that it serves by itself have one
# frame, those of the desk another.  (Each holds the whole of it, so that it
# needs nothing else to be there when something is wrong.)
set -eu
here=$(cd "$(dirname "$0")/../stack" && pwd)
RUN_DIR=$(mktemp -d)
# shellcheck source=tests/stack/place.sh
. "$here/place.sh"
# shellcheck source=tests/stack/servers.sh
. "$here/servers.sh"
# shellcheck source=tests/stack/settings.sh
. "$here/settings.sh"
# shellcheck source=tests/stack/nginx.sh
. "$here/nginx.sh"

trap 'remove_state; rm -rf "$RUN_DIR"' EXIT
umask 077
forget_settings
adopt_settings
default_settings
make_state
make_certificates
write_nginx
said=$( (as_service nginx -t -q -p "$state/nginx" -c "$state/nginx/nginx.conf" \
	-e "$state/log/error.log") 2>&1) || true
if [ -n "$said" ]; then
	printf '%s\n' "$said"
	exit 1
fi

# A page without its title, its script and what <main> holds.
frame() {
	sed -e '/^<title>/s/>.* - />TITLE - /' -e '/^<script /d' \
		-e '/^<main>/,/^<\/main>/d' "$1"
}

cd "$here/../.."
for page in nginx/html/*.html; do
	case $page in
	*/desk-*) model=nginx/html/desk-trouble.html ;;
	*) model=nginx/html/busy.html ;;
	esac
	if ! diff <(frame "$model") <(frame "$page"); then
		echo "the frame of $page is not that of $model"
		exit 1
	fi
done
