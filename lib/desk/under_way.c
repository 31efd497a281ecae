/* Only those that are not done: the rest stands among what happened. */
#include "desk/under_way.h"

#include "desk/acts.h"
#include "desk/frame.h"
#include "desk/money.h"

static void
put_request(struct buf *html, struct json_node row)
{
	char action[48];
	struct err unused;
	const struct act_kind *kind = json_get_text(row, "action", action,
	    sizeof(action), &unused) == ST_OK ? acts_find(action, row)
	    : NULL;

	buf_puts(html, "<li><p><a href=\"/desk/request?request_id=");
	frame_put_member(html, row, "request_id");
	buf_putf(html, "\">%s</a> ", kind != NULL ? kind->title
	    : "A request");
	buf_puts(html, json_text_is(row, "state", "failed")
	    ? "<strong class=\"due\">did not succeed</strong>: "
	    : "is under way: ");
	desk_put_words_of(html, row, "words");
	buf_puts(html, " <small>");
	frame_put_member(html, row, "who");
	buf_puts(html, ", ");
	frame_put_member(html, row, "at");
	buf_puts(html, "</small></p></li>\n");
}

void
under_way_put(struct buf *html, struct json_node rows)
{
	if (!json_exists(json_first(rows)))
		return;
	buf_puts(html, "<section aria-labelledby=\"requests\">\n"
	    "<h2 id=\"requests\">Under way</h2>\n<ul class=\"needs\">\n");
	for (struct json_node row = json_first(rows); json_exists(row);
	    row = json_next(rows, row))
		put_request(html, row);
	buf_puts(html, "</ul>\n</section>\n");
}
