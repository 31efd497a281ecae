#!/bin/bash
# load-club.sh DATABASE [NAME=VALUE...]: a club of known size (club.sql) into an
# empty database, as superuser.  What is not named is 0, but for the players.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
database=$1
shift
values=(-v players=1000 -v fees=0 -v orders=0 -v paid=0 -v ignored=0
	-v unmatched=0 -v template="$(<"$here/event.json")")
for value; do
	values+=(-v "$value")
done
exec psql -X -q -v ON_ERROR_STOP=1 "${values[@]}" -f "$here/club.sql" \
	"$database"
