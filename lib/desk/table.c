/*
 * data-name repeats the heading in each cell: on a narrow screen desk.css shows
 * it before the value, where the row of headings has no room.
 */
#include "desk/table.h"

#include "desk/frame.h"
#include "desk/money.h"

static void
put_headings(struct buf *html, const struct desk_table *table)
{
	buf_puts(html, "<thead><tr>\n");
	for (size_t i = 0; i < table->count; i++) {
		const struct desk_column *c = &table->columns[i];

		buf_putf(html, "<th scope=\"col\"%s>%s</th>\n",
		    c->cell == DESK_CELL_MONEY ? " class=\"money\"" : "",
		    c->heading);
	}
	buf_puts(html, "</tr></thead>\n");
}

/* A row without the member, or of a page that does not exist, has no link. */
static void
put_head(struct buf *html, const struct desk_table *table,
    const struct desk_column *c, struct json_node row)
{
	bool is_link = table->link != NULL && frame_has_page(table->link) &&
	    json_exists(json_at(row, table->link_member));

	if (is_link) {
		buf_putf(html, "<a href=\"%s", table->link);
		frame_put_member(html, row, table->link_member);
		buf_puts(html, "\">");
	}
	frame_put_member(html, row, c->member);
	if (is_link)
		buf_puts(html, "</a>");
}

static void
put_cell(struct buf *html, const struct desk_table *table,
    const struct desk_column *c, struct json_node row)
{
	static const char *const looks[] = {
		[DESK_CELL_TEXT] = "",
		[DESK_CELL_WHOLE] = " class=\"whole\"",
		[DESK_CELL_HEAD] = " scope=\"row\"",
		[DESK_CELL_MONEY] = " class=\"money\"",
	};
	const char *element = c->cell == DESK_CELL_HEAD ? "th" : "td";
	bool is_nil = c->cell == DESK_CELL_MONEY &&
	    json_i64_or_0(row, c->member) == 0;

	buf_putf(html, "<%s%s data-name=\"%s\">", element, is_nil
	    ? " class=\"money nil\"" : looks[c->cell], c->heading);
	if (c->cell == DESK_CELL_MONEY)
		desk_put_money(html, row, c->member, table->currency);
	else if (c->cell == DESK_CELL_HEAD)
		put_head(html, table, c, row);
	else
		desk_put_words_of(html, row, c->member);
	buf_putf(html, "</%s>\n", element);
}

static void
put_row(struct buf *html, const struct desk_table *table,
    struct json_node row)
{
	bool is_owed = false;
	struct err unused;

	if (json_exists(json_at(row, "left_out")))
		buf_puts(html, "<tr class=\"left-out\">\n");
	else if (json_get_bool(row, "is_owed", &is_owed, &unused) == ST_OK &&
	    is_owed)
		buf_puts(html, "<tr class=\"owing\">\n");
	else
		buf_puts(html, "<tr>\n");
	for (size_t i = 0; i < table->count; i++)
		put_cell(html, table, &table->columns[i], row);
	buf_puts(html, "</tr>\n");
}

/*
 * Only money is summed.  The cells before it become one, which says what is
 * summed; there is a row of them for each currency, and for parts of that.
 */
static void
put_sum(struct buf *html, const struct desk_table *table,
    struct json_node sum)
{
	bool is_part = json_exists(json_at(sum, "label"));
	size_t words = 0;

	while (words < table->count &&
	    table->columns[words].cell != DESK_CELL_MONEY)
		words++;
	buf_puts(html, is_part ? "<tr class=\"part\">\n" : "<tr>\n");
	buf_putf(html, "<th scope=\"row\" colspan=\"%zu\">", words);
	if (is_part)
		frame_put_member(html, sum, "label");
	else
		buf_puts(html, "In all");
	if (json_exists(json_at(sum, "count"))) {
		buf_puts(html, ": ");
		frame_put_member(html, sum, "count");
	}
	buf_puts(html, "</th>\n");
	for (size_t i = words; i < table->count; i++)
		put_cell(html, table, &table->columns[i], sum);
	buf_puts(html, "</tr>\n");
}

static void
put_sums(struct buf *html, const struct desk_table *table,
    struct json_node sums)
{
	if (!json_exists(json_first(sums)))
		return;
	buf_puts(html, "<tfoot>\n");
	for (struct json_node sum = json_first(sums); json_exists(sum);
	    sum = json_next(sums, sum))
		put_sum(html, table, sum);
	buf_puts(html, "</tfoot>\n");
}

void
desk_table_put(struct buf *html, const struct desk_table *table,
    struct json_node rows, struct json_node sums)
{
	size_t count = 0;

	if (!json_exists(json_first(rows))) {
		buf_puts(html, "<p class=\"empty\">");
		frame_put_text(html, table->empty);
		buf_puts(html, "</p>\n");
		return;
	}
	buf_puts(html, "<table class=\"list\">\n<caption>");
	frame_put_text(html, table->caption);
	buf_puts(html, "</caption>\n");
	put_headings(html, table);
	buf_puts(html, "<tbody>\n");
	for (struct json_node row = json_first(rows); json_exists(row) &&
	    (table->rows_max == 0 || count < table->rows_max);
	    row = json_next(rows, row), count++)
		put_row(html, table, row);
	buf_puts(html, "</tbody>\n");
	put_sums(html, table, sums);
	buf_puts(html, "</table>\n");
}
