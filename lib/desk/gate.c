/*
 * It is printed, and read in the rain: two columns of names, each with a box to
 * tick and a word.  The word alone tells, as paper has no colours.
 */
#include "desk/gate.h"

#include <inttypes.h>

#include "desk/frame.h"

static void
put_row(struct buf *html, struct json_node row)
{
	bool is_good = false;
	struct err unused;
	enum status st = json_get_bool(row, "is_good", &is_good, &unused);

	buf_puts(html, st == ST_OK && is_good ? "<li>" : "<li class=\"due\">");
	buf_puts(html, "<b>");
	frame_put_member(html, row, "player");
	buf_puts(html, "</b> <small>");
	frame_put_member(html, row, "team");
	buf_puts(html, "</small> <span>");
	frame_put_member(html, row, "standing");
	buf_puts(html, "</span></li>\n");
}

void
gate_put(struct buf *html, struct json_node data)
{
	struct json_node rows = json_at(data, "rows");
	int64_t count = json_i64_or_0(data, "count");

	buf_puts(html, "<p>");
	frame_put_member(html, data, "held_on");
	buf_putf(html, ", %" PRId64 " players</p>\n<p class=\"ways\"><a "
	    "href=\"/desk/tournament?tournament_id=%" PRId64 "\">Back to the "
	    "tournament</a></p>\n<section>\n<ol class=\"gate\">\n", count,
	    json_i64_or_0(data, "tournament_id"));
	for (struct json_node row = json_first(rows); json_exists(row);
	    row = json_next(rows, row))
		put_row(html, row);
	buf_puts(html, "</ol>\n");
	if (count > GATE_NAMES)
		buf_putf(html, "<p>And %" PRId64 " more, which the "
		    "tournament's CSV has.</p>\n", count - GATE_NAMES);
	buf_puts(html, "</section>\n");
}
