#!/bin/bash
# free-port.sh: prints a port on which nothing listens, below the range from
# which the kernel gives ports to clients.
set -eu

while :; do
	port=$((20000 + RANDOM % 10000))
	if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
		echo "$port"
		exit 0
	fi
done
