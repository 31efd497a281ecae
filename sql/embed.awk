# Turns SQL files into one C table: the binaries carry the schema's text.
# Usage: awk -f sql/embed.awk sql/*/*.sql sql/*.sql > sql_files.c

BEGIN {
	print "#include <stddef.h>"
	print "#include \"store/sql_files.h\""
	print ""
	print "const struct sql_file sql_files[] = {"
}

FNR == 1 {
	if (NR > 1)
		print "\t},"
	path = FILENAME
	sub(/^.*sql\//, "", path)
	print "\t{ \"" path "\","
}

{
	gsub(/\\/, "\\\\&")
	gsub(/"/, "\\\"")
	print "\t\"" $0 "\\n\""
}

END {
	if (NR > 0)
		print "\t},"
	print "\t{ NULL, NULL },"
	print "};"
}
