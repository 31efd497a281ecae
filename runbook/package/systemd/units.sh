#!/bin/bash
# units.sh FOLDER: writes the units of a club, the instances of teamdues@.target,
# for systemd, and the users that they run as, for systemd-sysusers: each club has
# its own, and @CLUB@ stands for its name.  PROGRAM_DIR and BIN_DIR say where the
# programs and the command are installed.
#
# Of a club that nobody asks for anything only sockets and timers are there.  Its
# mailer and its clerk run while one of its programs does that may leave a mail or
# a request for them; what waits longer, as a mail for its next try, or was queued
# by a command is done by a timer.
#
# A unit gets the settings of its trust level (tests/stack/roles) and no other:
# the file of settings becomes its environment, and the rest of it is unset
# again.  Secrets are files that only root reads, one for each; systemd shows a
# unit copies of its own, and NAME_FILE tells the program where.
set -eu
here=$(dirname "$0")
roles=$here/../../../tests/stack/roles
programs=$here/../../../cgi-bin
manual=$here/../../teamdues.conf.5
folder=$1

secrets="DATABASE_URL STRIPE_SECRET_KEY STRIPE_WEBHOOK_SECRET LINK_SECRET
ADMIN_TOKENS SMTP_PASSWORD"

all_settings() {
	sed -n 's/^\.It Ev //p' "$manual" | sed 's/ , Ev /\n/g'
}

# Those that are no secret.
open_settings() {
	local name

	for name in $(all_settings); do
		if ! has "$name" "$secrets OWNER_DATABASE_URL"; then
			echo "$name"
		fi
	done
}

# has WORD LIST: true when the list has that word.
has() {
	[[ " ${2//$'\n'/ } " == *" $1 "* ]]
}

role_names() {
	awk '!/^#/ { print $1 }' "$roles"
}

role_settings() {
	awk -v role="$1" '!/^#/ && $1 == role {
		for (i = 3; i <= NF; i++)
			print $i
	}' "$roles"
}

role_of() {
	local role pattern

	while read -r role pattern _; do
		# shellcheck disable=SC2254  # the table holds patterns
		if [[ $1 =~ ^(${pattern//\*/.*})$ ]]; then
			printf %s "$role"
			return 0
		fi
	done < <(grep -v '^#' "$roles")
	echo "units.sh: $roles gives no role to cgi-bin/$1" >&2
	exit 1
}

# A login has a password of its own in each role's URL; what else is secret is
# one for the club.
secret_file() {
	case $2 in
	DATABASE_URL) printf %s "$2-$1" ;;
	*) printf %s "$2" ;;
	esac
}

# environment_lines SETTING...: the file's settings, of which these are kept.
environment_lines() {
	local name

	echo 'EnvironmentFile=/etc/teamdues/%i/teamdues.conf'
	for name in $(all_settings); do
		if ! has "$name" "$*"; then
			echo "UnsetEnvironment=$name"
		fi
	done
	echo 'TemporaryFileSystem=/etc/teamdues:ro'
}

# settings_lines ROLE SETTING...
# A secret that was not stored is empty: the program says that it misses it.
settings_lines() {
	local role=$1 name
	shift
	set -- DATABASE_URL "$@" THREADS IDLE_EXIT LOG_LEVEL

	environment_lines "$@"
	for name in "$@"; do
		if has "$name" "$secrets"; then
			echo "LoadCredential=$name:/etc/teamdues/%i/credentials/$(secret_file "$role" "$name")"
			printf 'SetCredential=%s:\\n\n' "$name"
			echo "Environment=${name}_FILE=%d/$name"
		fi
	done
}

# network_lines ROLE: whoever calls Stripe or a mail server needs one.  For the
# others the database's socket is enough; with a database on another host all of
# them need a drop-in in teamdues-.service.d that takes this back.
network_lines() {
	case $1 in
	checkout | clerk | mailer | watch)
		echo 'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6'
		;;
	*)
		echo 'RestrictAddressFamilies=AF_UNIX'
		echo 'PrivateNetwork=yes'
		;;
	esac
}

# What a program calls the system for.  It only reads files, and starts no other
# program.  systemd keeps this list for each unit that it has loaded, and
# makes a filter of it at each start: a short one halves both.
program_calls() {
	cat <<-END
		SystemCallFilter=@basic-io @io-event @network-io @signal
		SystemCallFilter=clone clone3 getrusage kill prctl tgkill wait4
		SystemCallFilter=access faccessat faccessat2 fcntl fcntl64 getcwd
		SystemCallFilter=fstat fstat64 fstatat64 fstatfs fstatfs64 lstat lstat64
		SystemCallFilter=getdents getdents64 newfstatat open openat readlink
		SystemCallFilter=readlinkat stat stat64 statfs statfs64 statx
		SystemCallFilter=ioctl madvise mremap pipe pipe2 sysinfo umask uname
	END
}

# A task also is a shell, or one of PostgreSQL's tools.
task_calls() {
	cat <<-END
		SystemCallFilter=@system-service
		SystemCallFilter=~@privileged @resources
	END
}

# unit_section DESCRIPTION
unit_section() {
	cat <<-END
		[Unit]
		Description=$1 of %i
		Documentation=man:teamdues(8)
		PartOf=teamdues@%i.target
	END
}

# service NAME USER DESCRIPTION [LINE]: the lines that differ come from standard
# input; LINE is one more of its first section.
service() {
	{
		unit_section "$3"
		cat <<-END
			After=network.target postgresql.service
			StartLimitIntervalSec=0
			${4:-}

			[Service]
			User=$2
			StandardOutput=journal
			StandardError=journal
			SyslogIdentifier=%N
			LogExtraFields=TEAMDUES_CLUB=%i
		END
		cat
		grep -v '^#' "$here/sandbox"
	} >"$folder/teamdues-$1@.service"
}

# sockets LEVEL PROGRAM...: they are there before the programs and stay while these
# restart, so that no request is refused.  A unit for each would be a third of what
# a club that is asleep costs systemd.  A list that was released stays as it is:
# changing it closes all of them for a moment.  A program that comes later gets
# a unit of sockets of its own, whose Service= is its level.
sockets() {
	local level=$1 program
	shift

	{
		unit_section "teamdues $level"
		printf '\n[Socket]\n'
		for program in "$@"; do
			echo "ListenStream=/run/teamdues/%i/${program//\//-}.sock"
		done
		cat <<-END
			SocketGroup=www-data
			SocketMode=0660
			RemoveOnStop=yes
		END
	} >"$folder/teamdues-$level@.socket"
	wanted+=("teamdues-$level@%i.socket")
}

# level NAME PROGRAM...: the programs of a trust level have the same user, the same
# settings and secrets, and one service, whose starter (starter.c) begins each with
# the first request to it.  A service for each would be half of what a club that
# is asleep costs systemd.
level() {
	local level=$1 wants=
	shift

	# Who only looks leaves no mail and no request behind.
	[ "$level" = public ] ||
		wants="Wants=teamdues-mailer@%i.service teamdues-clerk@%i.service"

	sockets "$level" "$@"
	# shellcheck disable=SC2046  # a list of names
	{
		cat <<-END
			Type=exec
			ExecStart=$PROGRAM_DIR/starter $PROGRAM_DIR $*
			Environment=IDLE_EXIT=600
			KillMode=mixed
			OOMPolicy=continue
			Restart=on-failure
			RestartSec=1
			TimeoutStopSec=30
		END
		settings_lines "$level" $(role_settings "$level")
		network_lines "$level"
		program_calls
	} | service "$level" "teamdues_%i_$level" "teamdues $level" "$wants"
	# What the sandbox allows one, for each.
	cat >>"$folder/teamdues-$level@.service" <<-END
		MemoryMax=$((256 * $#))M
		TasksMax=$((128 * $#))
	END
	services+=("teamdues-$level@%i.service")
}

# command_lines NAME TYPE COMMAND...: of one that is the trust level of its name.
command_lines() {
	local name=$1 type=$2
	shift 2

	echo "Type=$type"
	printf 'ExecStart=%s/teamdues %s\n' "$BIN_DIR" "$*"
	# shellcheck disable=SC2046  # a list of names
	settings_lines "$name" $(role_settings "$name")
	network_lines "$name"
	program_calls
}

# daemon NAME: a command that goes on while a program of the club runs, after the
# family that waits for its page, and one that does once what is due.
daemon() {
	{
		command_lines "$1" exec "$1"
		cat <<-END
			Nice=10
			Restart=always
			RestartSec=5
			TimeoutStopSec=60
		END
	} | service "$1" "teamdues_%i_$1" "teamdues $1" StopWhenUnneeded=yes
	services+=("teamdues-$1@%i.service")
	command_lines "$1" oneshot "$1" --once |
		service "$1-once" "teamdues_%i_$1" "teamdues $1, once"
	timer "$1-once" '*:2/5' 60
}

# timer NAME WHEN DELAY [LINE [WORD]]: one for all clubs.  Their tasks are units only
# while they run; a timer and a task for each would be a third of what a club
# that is asleep costs systemd.
timer() {
	cat >"$folder/teamdues-$1.timer" <<-END
		[Unit]
		Description=teamdues $1 of all clubs
		Documentation=man:teamdues(8)

		[Timer]
		OnCalendar=$2
		RandomizedDelaySec=$3
		${4:-}
	END
	{
		cat <<-END
			[Unit]
			Description=teamdues $1 of all clubs
			Documentation=man:teamdues(8)

			[Service]
			Type=oneshot
			ExecStart=$PROGRAM_DIR/each $1 ${5:-}
		END
		network_lines "$1-of-all"
		task_calls
		grep -v '^#' "$here/sandbox"
	} >"$folder/teamdues-$1.service"
	wanted+=("teamdues-$1.timer")
}

# task NAME COMMAND SETTING...: once, as the operator.
task() {
	local name=$1 command=$2
	shift 2

	{
		cat <<-END
			Type=oneshot
			ExecStart=$command
		END
		settings_lines operator "$@"
		network_lines "$name"
		task_calls
	} | service "$name" teamdues_%i_operator "teamdues $name"
}

# The textfile collector must not read a file that is half written.
metrics() {
	task metrics "/bin/sh -ec '$BIN_DIR/teamdues metrics >new; mv new teamdues-%i.prom'"
	cat >>"$folder/teamdues-metrics@.service" <<-END
		StateDirectory=teamdues/metrics/%i
		StateDirectoryMode=0755
		WorkingDirectory=/var/lib/teamdues/metrics/%i
		UMask=0022
	END
}

# owner_task NAME COMMAND [LINE...]: once, as the user of the database's server,
# who owns the tables.  Its shared memory is this user's, too, and must outlive
# the task.
owner_task() {
	local name=$1 command=$2
	shift 2

	{
		cat <<-END
			Type=oneshot
			ExecStart=$command
		END
		printf '%s\n' "$@"
		environment_lines DATABASE_URL OWNER_DATABASE_URL
		network_lines "$name"
		task_calls
	} | service "$name" postgres "teamdues $name"
	sed -i 's/^RemoveIPC=yes/RemoveIPC=no/' \
		"$folder/teamdues-$name@.service"
}

# What runs goes on as the installed version once the schema is that version's.
migrate() {
	owner_task migrate "$BIN_DIR/teamdues migrate" \
		"ExecStartPost=+systemctl try-restart ${services[*]}"
}

target() {
	cat <<-END
		[Unit]
		Description=teamdues of %i
		Documentation=man:teamdues(8)
		$(printf 'Wants=%s\n' "${wanted[@]}")

		[Install]
		WantedBy=multi-user.target
	END
}

users() {
	local role

	for role in $(role_names); do
		echo "u teamdues_@CLUB@_$role - \"teamdues of @CLUB@, trust level $role\""
	done
}

mkdir -p "$folder"
wanted=()
services=()
mapfile -t files < <(cd "$programs" && find . -name '*.c' | LC_ALL=C sort)
for role in $(role_names); do
	names=()
	for file in "${files[@]}"; do
		file=${file#./}
		[ "$(role_of "${file%.c}")" != "$role" ] || names+=("${file%.c}")
	done
	[ "${#names[@]}" -eq 0 ] || level "$role" "${names[@]}"
done
daemon mailer
daemon clerk
migrate
# shellcheck disable=SC2046  # a list of names
task watch "$BIN_DIR/teamdues watch --commit" $(open_settings) \
	STRIPE_SECRET_KEY STRIPE_WEBHOOK_SECRET SMTP_PASSWORD
timer watch '*:0/5' 30 '' hourly
task audit "$BIN_DIR/teamdues audit"
timer audit daily 1h Persistent=yes
task prune "$BIN_DIR/teamdues events prune --commit" KEEP_DAYS
timer prune weekly 1h Persistent=yes
metrics
timer metrics '*:0/5' 30 '' hourly
owner_task backup "$PROGRAM_DIR/backup" \
	StateDirectory=teamdues/backup/%i StateDirectoryMode=0700
timer backup daily 1h Persistent=yes
owner_task verify "$PROGRAM_DIR/verify %i" \
	StateDirectory=teamdues/backup/%i StateDirectoryMode=0700
timer verify weekly 6h Persistent=yes
target >"$folder/teamdues@.target"
users >"$folder/sysusers.conf"
