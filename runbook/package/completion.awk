# Writes what bash completes of teamdues, out of what `teamdues --help` prints,
# which is made of the commands' own tables.
# Usage: teamdues --help | awk -f completion.awk

BEGIN {
	print "# What bash completes of teamdues(8); made of `teamdues --help`."
	print ""
	print "# A command, a tab, and its options; one that takes a value ends"
	print "# in =, with the words to choose from behind it.  = alone: so does"
	print "# the operand."
	print "_teamdues_commands()"
	print "{"
	print "\tcat <<'END'"
}

/^       teamdues [a-z]/ {
	name = options = ""
	for (i = 2; $i ~ /^[a-z][a-z-]*$/; i++)
		name = name (name == "" ? "" : " ") $i
	for (; i <= NF; i++) {
		word = $i
		gsub(/[][]/, "", word)
		if (word ~ /^--/) {
			sub(/=.*/, "", word)
			options = options " " word
			if ($i !~ /\]$/ && $(i + 1) != "" && $(i + 1) !~ /^\[?--/)
				options = options "="
		} else if (index(word, "|") > 0) {
			options = options (options ~ /=$/ ? "" : " =") word
		}
	}
	print name "\t" substr(options, 2)
}

END {
	print "END"
	print "}"
	print ""
	while ((getline line < body) > 0)
		print line
}
