#!/bin/bash
# starter-test.sh BUILD: the starter of a trust level, on sockets as systemd hands
# them over, with programs that say who they are and do what they are asked.
set -eu
cd "$(dirname "$0")/../.."
build=$1
. tests/stack/expect.sh

make_program() {
	mkdir -p "$(dirname "$place/programs/$1")"
	cat >"$place/programs/$1" <<-'END'
		#!/usr/bin/env node
		'use strict';
		const name = require('node:path').basename(process.argv[1]);
		const server = require('node:http').createServer((request, response) => {
		  response.setHeader('Connection', 'close');
		  if (request.url === '/wait') {
		    process.on('SIGTERM', () => {
		      response.end('waited\n', () => process.exit(0));
		    });
		    response.flushHeaders();
		    return;
		  }
		  response.end(`${name} ${process.pid}\n`, () => {
		    if (request.url === '/end') process.exit(0);
		    if (request.url === '/fail') process.exit(3);
		  });
		});
		server.listen({ fd: 0 });
	END
	chmod 755 "$place/programs/$1"
}

# It becomes the starter with the first request.
start() {
	rm -f "$place"/*.sock
	systemd-socket-activate -l "$place/room-one.sock" \
		-l "$place/two.sock" "$build/starter" "$place/programs" \
		two room/one 2>"$place/log" &
	starter=$!
	until [ -S "$place/two.sock" ]; do
		sleep 0.01
	done
}

ask() {
	curl -s --max-time 20 --unix-socket "$place/$1.sock" "http://x/${2:-}"
}

says() {
	[ "$1" = "$2" ] || echo "$1, not $2"
}

ends_well() {
	local status=0

	wait "$starter" || status=$?
	says "$status" 0
}

running() {
	pgrep -P "$starter" | wc -l
}

check_first() {
	[[ $one == one\ [0-9]* ]] || echo "it says $one"
	says "$(running)" 1
}

check_second() {
	[[ $(ask two) == two\ * ]] || echo 'the other does not answer'
	says "$(running)" 2
	says "$(ask room-one)" "$one"
}

check_again() {
	local two again
	two=$(ask two)

	ask room-one end >/dev/null
	again=$(ask room-one)
	[[ $again == one\ * && $again != "$one" ]] || echo "it says $again"
	says "$(ask two)" "$two"
}

check_failed() {
	ask room-one fail >/dev/null
	[[ $(ask room-one) == one\ * ]] || echo 'it does not begin again'
	grep -q '^warn program_failed program=room/one status=3 signal=0' \
		"$place/log" || cat "$place/log"
}

# What is no program makes no loop: a try in each second.
check_unable() {
	rm "$place/programs/two"
	ask two end >/dev/null
	curl -s --max-time 0.5 --unix-socket "$place/two.sock" http://x/ ||
		true
	says "$(grep -c '^error start_failed what=two' "$place/log")" 1
}

check_stop() {
	local asker

	curl -s -D "$place/head" --unix-socket "$place/room-one.sock" \
		http://x/wait >"$place/answer" &
	asker=$!
	until [ -s "$place/head" ]; do
		sleep 0.01
	done
	kill "$starter"
	ends_well
	wait "$asker"
	says "$(<"$place/answer")" waited
}

# Nothing else may be served at its place.
check_stranger() {
	rm -f "$place"/*.sock
	systemd-socket-activate -l "$place/three.sock" "$build/starter" \
		"$place/programs" two 2>"$place/log" &
	starter=$!
	until [ -S "$place/three.sock" ]; do
		sleep 0.01
	done
	[ -z "$(ask three)" ] || echo 'it answers'
	grep -q "^error start_failed what=.*/three.sock" "$place/log" ||
		cat "$place/log"
}

check_end() {
	start
	ask room-one end >/dev/null
	ends_well
}

place=$(mktemp -d)
trap 'kill "$starter" 2>/dev/null || true; rm -rf "$place"' EXIT
make_program room/one
make_program two

start
one=$(ask room-one)
expect 'a request starts the program of its socket, and no other' < <(
	check_first)
expect 'each has its own, and goes on' < <(check_second)
expect 'one that has ended begins again' < <(check_again)
expect 'and one that has failed, which is told' < <(check_failed)
expect 'one that cannot begin rests' < <(check_unable)
check_stop >"$place/faults"
expect 'told to stop, it lets the programs answer' <"$place/faults"
check_end >"$place/faults"
expect 'when none runs any more, it ends' <"$place/faults"
check_stranger >"$place/faults"
expect 'a socket of none of its programs is refused' <"$place/faults"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
