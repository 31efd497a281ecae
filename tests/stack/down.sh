#!/bin/bash
# down.sh: ends what up.sh started under RUN_DIR, and nothing else.
set -eu
here=$(dirname "$0")
# shellcheck source=tests/stack/place.sh
. "$here/place.sh"
# shellcheck source=tests/stack/servers.sh
. "$here/servers.sh"

if [ -e "$servers" ]; then
	stop_all
	say "stopped"
else
	say "nothing was running under $run_dir"
fi
