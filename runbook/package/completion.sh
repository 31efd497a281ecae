# The word of a command's name that comes next, or an option of the command, or a
# word to choose from; else bash completes a file's name.
_teamdues()
{
	local current=${COMP_WORDS[COMP_CWORD]} candidates='' name options option
	local typed words=("${COMP_WORDS[@]:1:COMP_CWORD-1}")
	local previous=${COMP_WORDS[COMP_CWORD-1]}

	if [ "${words[0]-}" = --club ]; then
		if [ "${#words[@]}" -eq 1 ]; then
			mapfile -t COMPREPLY < <(cd /etc/teamdues 2>/dev/null &&
				compgen -d -- "$current")
			return
		fi
		words=("${words[@]:2}")
	elif [ "${#words[@]}" -eq 0 ]; then
		candidates='--club --help --version'
	fi
	typed="${words[*]} "
	while IFS=$'\t' read -r name options; do
		if [ "$typed" = ' ' ]; then
			candidates+=" ${name%% *}"
		elif [[ $name == "$typed"* ]]; then
			name=${name#"$typed"}
			candidates+=" ${name%% *}"
		elif [[ $typed == "$name "* ]]; then
			candidates+=' --help'
			for option in $options; do
				if [[ $option == "$previous="* ]]; then
					option=${option#*=}
					candidates=${option//|/ }
					break
				fi
				case $option in
				=*) [ "$typed" != "$name " ] ||
					candidates+=" ${option//[=|]/ }" ;;
				*) candidates+=" ${option%%=*}" ;;
				esac
			done
		fi
	done < <(_teamdues_commands)
	mapfile -t COMPREPLY < <(compgen -W "$candidates" -- "$current" |
		sort -u)
}
complete -o default -F _teamdues teamdues
