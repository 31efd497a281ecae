#!/bin/bash
# cluster.sh FOLDER: a migrated, empty cluster, at rest in FOLDER, and its
# superuser's password.  A stack that finds TEAMDUES_TEST_CLUSTER=FOLDER begins
# with a copy, which takes a moment; made anew, each would take a second.
set -eu
umask 077
here=$(cd "$(dirname "$0")" && pwd)
RUN_DIR=$(mktemp -d)
export TEAMDUES_TEST_FAST=1 RUN_DIR
# shellcheck source=tests/stack/place.sh
. "$here/place.sh"
# shellcheck source=tests/stack/servers.sh
. "$here/servers.sh"
# shellcheck source=tests/stack/settings.sh
. "$here/settings.sh"
# shellcheck source=tests/stack/postgresql.sh
. "$here/postgresql.sh"
# shellcheck source=tests/stack/programs.sh
. "$here/programs.sh"

trap 'stop_all; rm -rf "$RUN_DIR"' EXIT
forget_settings
unset TEAMDUES_TEST_CLUSTER
adopt_settings
make_state
copy_programs
start_database
migrate
stop_servers
rm -rf "$1"
mkdir -p "$1"
cp -a "$state/postgresql" "$1"
password_of "$OWNER_DATABASE_URL" >"$1/superuser"
