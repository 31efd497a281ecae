# example.awk: makes the example file of settings from teamdues.conf(5), so that
# the two cannot differ: each setting, commented out, below what the page says
# of it.  Knows the macros that the page uses, and refuses any other.

function end_text(    line, count, word, i) {
	count = split(text, word, " ")
	line = "#"
	for (i = 1; i <= count; i++) {
		if (length(line " " word[i]) > 80) {
			print line
			line = "#"
		}
		line = line " " word[i]
	}
	if (count > 0)
		print line
	text = ""
}

# The settings that the text above them is about.
function end_item(    i) {
	end_text()
	for (i = 1; i <= name_count; i++)
		print "#" name[i] "="
	name_count = 0
}

function add(word) {
	if (word ~ /^[,.;:)]$/)
		text = text word
	else
		text = text (text == "" ? "" : " ") word
}

function add_words(from,    i) {
	for (i = from; i <= NF; i++)
		add($i)
}

function item(    i) {
	end_item()
	print ""
	for (i = 3; i <= NF; i++)
		if ($i ~ /^[A-Z_]+$/)
			name[++name_count] = $i
}

BEGIN {
	print "# Settings of a club's payments, NAME=value, as teamdues.conf(5)"
	print "# explains them.  A line that begins with # is not in force."
}

$1 == ".Sh" { inside = 0; end_item() }
$1 == ".Ss" {
	end_item()
	inside = 1
	print "\n## " $2
	next
}
!inside { next }
$1 == ".Bl" || $1 == ".El" { next }
$1 == ".It" { item(); next }
$1 == ".Pp" { end_text(); next }
$1 == ".Li" || $1 == ".Cm" || $1 == ".Ev" || $1 == ".Pa" { add_words(2); next }
$1 == ".Sq" { add("'" $2 "'"); next }
$1 == ".Xr" { add($2 "(" $3 ")"); if (NF > 3) add_words(4); next }
/^\./ {
	print "example.awk: unknown macro " $1 | "cat >&2"
	failed = 1
	exit
}
{ add_words(1) }

END { exit failed }
