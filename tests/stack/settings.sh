# shellcheck shell=bash disable=SC2154  # place.sh names the places
# The settings of a stack: what the environment says, else one made up for it.
# Sourced after place.sh.

setting_names=$(sed -n 's/^\tSETTING_\([A-Z_]*\),$/\1/p' \
	"$(dirname "${BASH_SOURCE[0]}")/../../lib/base/setting.h")

# random_hex BYTES: of the kernel's, four at a time.
random_hex() {
	local i

	for ((i = 0; i < $1; i += 4)); do
		printf %08x "$SRANDOM"
	done
}

# NAME, or the content of the file that NAME_FILE names, for every setting.
adopt_settings() {
	local name file

	for name in $setting_names; do
		file=${name}_FILE
		if [ -z "${!name:-}" ] && [ -n "${!file:-}" ]; then
			printf -v "$name" %s "$(<"${!file}")"
		fi
		printf -v "$name" %s "${!name:-}"
		export -n "${name?}"
	done
}

# A test must never reach what the caller's own settings name.
forget_settings() {
	local name

	for name in $setting_names; do
		unset "$name" "${name}_FILE"
	done
}

default_settings() {
	: "${STRIPE_SECRET_KEY:=sk_test_$(random_hex 24)}"
	: "${STRIPE_WEBHOOK_SECRET:=whsec_$(random_hex 24)}"
	case $STRIPE_SECRET_KEY in
	sk_live_* | rk_live_*) : "${STRIPE_MODE:=live}" ;;
	*) : "${STRIPE_MODE:=test}" ;;
	esac
	: "${SITE_URL:=https://localhost:$port}"
	: "${LINK_SECRET:=$(random_hex 32)}"
	: "${CLUB_NAME:=Westside Kings}"
	: "${CLUB_CONTACT:=treasurer@westside.example}"
	: "${CLUB_TIMEZONE:=America/Denver}"
	: "${CURRENCY:=usd}"
	if [ -z "$ADMIN_TOKENS" ]; then
		admin_token=$(random_hex 32)
		ADMIN_TOKENS=demo:$(printf %s "$admin_token" | sha256sum |
			cut -d ' ' -f 1)
	fi
}

# store_setting ROLE NAME VALUE: in a file that the role's programs are pointed
# to, so that no secret stands in an argument or in a process's environment.
# The files must be handed over.
store_setting() {
	local folder=$state/settings/$1

	[ -d "$folder" ] || mkdir -m 700 "$folder"
	printf '%s\n' "$3" >"$folder/$2"
}

# store_role ROLE NAME...: those settings, where they are set.
store_role() {
	local role=$1 name
	shift

	for name in "$@" LOG_LEVEL THREADS IDLE_EXIT; do
		if [ -n "${!name}" ]; then
			store_setting "$role" "$name" "${!name}"
		fi
	done
}

# The NAME_FILE=path words of a role, for the front of a command.
role_environment() {
	local file

	for file in "$state/settings/$1"/*; do
		printf '%s_FILE=%s\n' "${file##*/}" "$file"
	done
}

quoted() {
	printf "'%s'" "${1//\'/\'\\\'\'}"
}

# The operator's view: everything, for `. run/env && build/teamdues doctor`.
write_env() {
	local name

	{
		echo "# Written by make; gone with make down."
		for name in $setting_names; do
			if [ -n "${!name}" ]; then
				printf 'export %s=%s\n' "$name" \
					"$(quoted "${!name}")"
			fi
		done
		echo "# Of this stack alone, for scripts and tests:"
		printf 'export %s=%s\n' \
			TEAMDUES_CA_FILE "$(quoted "$run_dir/ca.pem")" \
			TEAMDUES_STATE "$(quoted "$state")" \
			TEAMDUES_ADMIN_TOKEN "$(quoted "${admin_token:-}")" \
			TEAMDUES_CATCHER "$(quoted "${catcher_control:-}")"
	} >"$run_dir/env.new"
	mv "$run_dir/env.new" "$run_dir/env"
}
