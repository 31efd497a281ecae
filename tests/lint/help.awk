# help.awk: the targets of makefiles with what their rules say behind ##.
{
	rule = rule $0
	if (sub(/\\$/, "", rule))
		next
}

rule ~ /^[a-z][a-z \t-]*:.*## / {
	said = rule
	sub(/.*## /, "", said)
	sub(/:.*/, "", rule)
	count = split(rule, target, " ")
	for (i = 1; i <= count; i++)
		printf "  make %-16s %s\n", target[i], said
}

{
	rule = ""
}
