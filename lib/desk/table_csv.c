#include "desk/table_csv.h"

#include "base/csv_out.h"
#include "base/money.h"

enum { TEXT_MAX = 64 * 1024 };

void
table_csv_put_headings(struct buf *csv, const struct desk_column *columns)
{
	for (const struct desk_column *c = columns; c->member != NULL; c++) {
		if (c != columns)
			buf_putc(csv, ',');
		csv_put_cell(csv, c->heading, false);
	}
	buf_puts(csv, "\r\n");
}

/* What is ours, and not a text of a stranger's, stays as it is. */
static void
put_cell(struct buf *csv, const struct desk_column *c, struct json_node row,
    struct buf *cell)
{
	struct json_node value = json_at(row, c->member);

	buf_reset(cell);
	if (c->cell == DESK_CELL_MONEY && json_exists(value))
		money_put_plain(cell, json_i64_or_0(row, c->member));
	else
		json_put_chars(cell, value);
	if (buf_str(cell) != NULL)
		csv_put_cell(csv, buf_str(cell), json_is(value, JSON_STRING));
}

void
table_csv_put_row(struct buf *csv, const struct desk_column *columns,
    struct json_node row)
{
	struct buf cell = BUF_INIT(TEXT_MAX);

	for (const struct desk_column *c = columns; c->member != NULL; c++) {
		if (c != columns)
			buf_putc(csv, ',');
		put_cell(csv, c, row, &cell);
	}
	buf_puts(csv, "\r\n");
	buf_clear(&cell);
}

/* Apart from the rows, so that whoever sorts those does not mix them. */
void
table_csv_put_sums(struct buf *csv, const struct desk_column *columns,
    struct json_node sums)
{
	struct json_node sum = json_first(sums);

	if (json_exists(sum))
		buf_puts(csv, "\r\n");
	for (; json_exists(sum); sum = json_next(sums, sum))
		table_csv_put_row(csv, columns, sum);
}
