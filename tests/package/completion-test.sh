#!/bin/bash
# completion-test.sh BUILD: what bash completes of teamdues: every command, every
# option, the words to choose from, and nothing else.
set -eu
cd "$(dirname "$0")/../.."
command=$1/teamdues
. tests/stack/expect.sh

# completed WORD...: what comes of the tab behind the last one, which may be "".
completed() {
	COMP_WORDS=(teamdues "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_teamdues
	echo "${COMPREPLY[*]-}"
}

# completes WORDS WORD...: that is all of it.
completes() {
	local wanted=$1 found
	shift

	found=$(completed "$@")
	[ "$found" = "$wanted" ] || echo "$*: \"$found\", not \"$wanted\""
}

# Word by word each command is found, and then its options, as its own usage
# says them.
check_all() {
	local name words word typed options

	while read -r name; do
		words=()
		read -ra typed <<<"$name"
		for word in "${typed[@]}"; do
			[[ " $(completed "${words[@]}" "${word:0:1}") " == \
				*" $word "* ]] || echo "$name is not found"
			words+=("$word")
		done
		options=$({
			echo --help
			"$command" "${typed[@]}" --help |
				sed -n 's/^  \(--[a-z-]*\).*/\1/p'
		} | sort | paste -sd ' ')
		completes "$options" "${words[@]}" --
	done < <("$command" --help |
		sed -nE 's/^ {7}teamdues (([a-z][a-z-]* ?)+).*/\1/p')
}

script=$(mktemp)
trap 'rm -f "$script"' EXIT
"$command" --help | LC_ALL=C awk -v body=runbook/package/completion.sh \
	-f runbook/package/completion.awk >"$script"
# shellcheck source=/dev/null
. "$script"

expect 'bash reads it, and shellcheck finds nothing' < <(
	bash -n "$script" 2>&1
	! command -v shellcheck >/dev/null || shellcheck -s bash "$script")
expect 'every command, with its options' < <(check_all)
expect 'a word that is begun' < <(
	completes 'order orders' ord
	completes 'cancel' order ca
	completes 'record-payment reopen' order re
	completes 'list remove' unmatched rules '')
expect 'words to choose from' < <(
	completes 'cash cheque transfer' order record-payment 7 --source ''
	completes 'cheque' order record-payment 7 --source che
	completes 'database-password desk-cookies' rotate d)
expect 'a value that is no choice is left to bash' < <(
	completes '' order cancel 7 --reason ''
	completes '' setup kings --answers x)
expect 'before any command' < <(
	completes '--club --help --version' --
	completes 'order orders' --club kings ord)
expect 'nothing where nothing begins so' < <(
	completes '' nonsense
	completes '' order nonsense)

# Each check can fail.
sed '/^order cancel/d' "$script" >"$script.less"
# shellcheck source=/dev/null
. "$script.less"
rm "$script.less"
expect 'a missing command would be seen' < <(
	[ -n "$(check_all)" ] || echo 'it is not')

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
