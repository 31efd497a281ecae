/*
 * The SVG has no text and is hidden from screen readers (aria-hidden): the
 * figures in the same row say all that it shows.  Colours come from desk.css by
 * class, since the page's Content-Security-Policy allows no styles in it.
 */
#include "desk/bars.h"

#include "desk/frame.h"
#include "desk/money.h"

/*
 * The drawing's own units. preserveAspectRatio="none" stretches them to the
 * cell's width, so that 1000 steps are finer than any screen shows.
 */
enum { WIDTH = 1000, HEIGHT = 10 };

/*
 * Never below zero: the books may know of a refund before its payment, and a
 * bar has no place for that.
 */
static int64_t
part_of(const struct bar_part *part, struct json_node row)
{
	int64_t cents = json_i64_or_0(row, part->member);

	if (part->less != NULL)
		cents -= json_i64_or_0(row, part->less);
	return cents > 0 ? cents : 0;
}

static int64_t
cents_of(const struct bars *bars, struct json_node row)
{
	int64_t cents = 0;

	for (size_t i = 0; i < bars->count; i++)
		cents += part_of(&bars->parts[i], row);
	return cents;
}

/*
 * All bars share one scale, that of the longest.  At least 1, as it is divided
 * by.
 */
static int64_t
most_cents(const struct bars *bars, struct json_node rows)
{
	struct json_node row = json_first(rows);
	int64_t most = 1;

	while (json_exists(row)) {
		int64_t cents = cents_of(bars, row);

		if (cents > most)
			most = cents;
		row = json_next(rows, row);
	}
	return most;
}

/*
 * Parts follow each other without a gap: each begins where the sum of those
 * before it ends.  Rounding the sums, and not each part, keeps the errors from
 * adding up.  AMOUNT_MAX_CENTS times WIDTH fits an int64_t easily.
 */
static void
put_bar(struct buf *html, const struct bars *bars, struct json_node row,
    int64_t most)
{
	int64_t before = 0;

	buf_putf(html, "<td class=\"bar\"><svg viewBox=\"0 0 %d %d\" "
	    "preserveAspectRatio=\"none\" aria-hidden=\"true\">", WIDTH,
	    HEIGHT);
	for (size_t i = 0; i < bars->count; i++) {
		const struct bar_part *part = &bars->parts[i];
		int64_t end = before + part_of(part, row);
		int from = (int)(before * WIDTH / most);
		int to = (int)(end * WIDTH / most);

		if (to > from)
			buf_putf(html, "<rect class=\"%s\" x=\"%d\" "
			    "width=\"%d\" height=\"%d\"/>", part->look, from,
			    to - from, HEIGHT);
		before = end;
	}
	buf_puts(html, "</svg></td>\n");
}

static void
put_label(struct buf *html, const struct bars *bars, struct json_node row)
{
	bool is_link = bars->link != NULL && json_exists(json_at(row, "page"));

	if (is_link) {
		buf_putf(html, "<a href=\"%s", bars->link);
		frame_put_member(html, row, "page");
		buf_puts(html, "\">");
	}
	frame_put_member(html, row, "label");
	if (is_link)
		buf_puts(html, "</a>");
}

static void
put_row(struct buf *html, const struct bars *bars, struct json_node row,
    int64_t most)
{
	buf_puts(html, cents_of(bars, row) == 0 ? "<tr class=\"nil\">\n"
	    : "<tr>\n");
	buf_puts(html, "<th scope=\"row\">");
	put_label(html, bars, row);
	if (json_exists(json_at(row, "note"))) {
		buf_puts(html, " <small>");
		frame_put_member(html, row, "note");
		buf_puts(html, "</small>");
	}
	buf_puts(html, "</th>\n");
	put_bar(html, bars, row, most);
	for (size_t i = 0; i < bars->count; i++) {
		buf_putf(html, "<td class=\"money%s\" data-name=\"%s\">",
		    json_i64_or_0(row, bars->parts[i].member) == 0 ? " nil"
		    : "", bars->parts[i].name);
		desk_put_money(html, row, bars->parts[i].member,
		    bars->currency);
		buf_puts(html, "</td>\n");
	}
	buf_puts(html, "</tr>\n");
}

/*
 * Each part's heading has its colour beside it, which serves as the legend.
 * The heading of the drawing's column is empty and no <th>: it names nothing.
 */
static void
put_headings(struct buf *html, const struct bars *bars)
{
	buf_putf(html, "<thead><tr>\n<th scope=\"col\">%s</th>\n"
	    "<td class=\"bar\"></td>\n", bars->heading);
	for (size_t i = 0; i < bars->count; i++)
		buf_putf(html, "<th scope=\"col\" class=\"money\">"
		    "<span class=\"key %s\"></span>%s</th>\n",
		    bars->parts[i].look, bars->parts[i].name);
	buf_puts(html, "</tr></thead>\n");
}

void
bars_put(struct buf *html, const struct bars *bars, struct json_node rows)
{
	int64_t most = most_cents(bars, rows);

	if (!json_exists(json_first(rows))) {
		buf_puts(html, "<p class=\"empty\">");
		frame_put_text(html, bars->empty);
		buf_puts(html, "</p>\n");
		return;
	}
	buf_puts(html, "<table class=\"bars\">\n<caption>");
	frame_put_text(html, bars->caption);
	buf_puts(html, "</caption>\n");
	put_headings(html, bars);
	buf_puts(html, "<tbody>\n");
	for (struct json_node row = json_first(rows); json_exists(row);
	    row = json_next(rows, row))
		put_row(html, bars, row, most);
	buf_puts(html, "</tbody>\n</table>\n");
}
