/*
 * Widths come from the first rows only: each is written twice, once to be
 * measured and once for good, so no cell is kept.
 */
#include "table.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/money.h"
#include "base/text.h"

static const char unit[] = "_cents";

static bool
is_money(const char *column)
{
	size_t len = strlen(column);

	return len >= sizeof(unit) - 1 &&
	    strcmp(column + len - (sizeof(unit) - 1), unit) == 0;
}

/*
 * Columns beyond TABLE_COLUMNS_MAX are left out; no command has so many.  Where
 * amounts show the currency, its column is too.
 */
static void
choose_columns(struct table *table, const char *const *columns)
{
	bool has_money = false;

	for (size_t i = 0; columns[i] != NULL; i++)
		has_money = has_money || is_money(columns[i]);
	for (size_t i = 0; columns[i] != NULL; i++)
		if (table->count < TABLE_COLUMNS_MAX &&
		    !(has_money && strcmp(columns[i], "currency") == 0))
			table->columns[table->count++] = columns[i];
}

void
table_put_heading(struct buf *cell, const char *column)
{
	size_t len = strlen(column);

	buf_put(cell, column, is_money(column) ? len - (sizeof(unit) - 1)
	    : len);
}

static void
put_money(struct buf *cell, struct json_node row, const char *column)
{
	int64_t cents = json_i64_or_0(row, column);
	char currency[CURRENCY_SIZE];
	struct err ignored;

	/*
	 * A row without a currency, such as a missing session's, prints the
	 * bare amount.
	 */
	if (json_get_text(row, "currency", currency, sizeof(currency),
	    &ignored) == ST_OK)
		money_put(cell, cents, currency);
	else
		money_put_plain(cell, cents);
}

/*
 * A name from outside could hold escape sequences that move the cursor or hide
 * lines; its control characters become "?".
 */
static void
put_harmless(struct buf *cell, struct json_node value)
{
	size_t first = cell->len;

	json_put_chars(cell, value);
	if (cell->len > first)
		text_disarm(cell->data + first, cell->len - first);
}

void
table_put_cell(struct buf *cell, struct json_node row, const char *column)
{
	struct json_node value = json_at(row, column);

	if (json_exists(value) && is_money(column))
		put_money(cell, row, column);
	else
		put_harmless(cell, value);
}

/* Fills table->cell.  The row JSON_NONE is the line of headings. */
static enum status
fill_cell(struct table *table, struct json_node row, size_t column,
    struct err *err)
{
	const char *name = table->columns[column];
	struct buf *cell = &table->cell;

	buf_reset(cell);
	if (!json_exists(row))
		table_put_heading(cell, name);
	else
		table_put_cell(cell, row, name);
	return buf_check(cell, name, err);
}

/*
 * Counts characters: every byte of UTF-8 but its continuation bytes (10xxxxxx).
 * Names have accents, and a wide character is too rare here for a table of
 * widths.
 */
static size_t
cell_width(const struct buf *cell)
{
	size_t count = 0;

	for (size_t i = 0; i < cell->len; i++)
		if (((unsigned char)cell->data[i] & 0xc0) != 0x80)
			count++;
	return count;
}

static enum status
measure_row(struct table *table, struct json_node row, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < table->count; i++) {
		st = fill_cell(table, row, i, err);
		if (cell_width(&table->cell) > table->widths[i])
			table->widths[i] = cell_width(&table->cell);
	}
	return st;
}

/*
 * Amounts are aligned to the right, so that their digits are below each other.
 * The last column is not padded: its lines have no blanks at the end.
 */
enum status
table_row(struct table *table, struct json_node row, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < table->count; i++) {
		bool is_last = i + 1 == table->count;
		size_t width;
		int pad;

		st = fill_cell(table, row, i, err);
		if (st != ST_OK)
			break;
		width = cell_width(&table->cell);
		pad = width < table->widths[i]
		    ? (int)(table->widths[i] - width) : 0;
		if (is_money(table->columns[i]))
			printf("%*s%s", pad, "", buf_str(&table->cell));
		else
			printf("%s%*s", buf_str(&table->cell),
			    is_last ? 0 : pad, "");
		fputs(is_last ? "\n" : "  ", stdout);
	}
	return st;
}

enum status
table_begin(struct table *table, const char *const *columns,
    struct json_node rows, struct err *err)
{
	enum status st;

	choose_columns(table, columns);
	st = measure_row(table, JSON_NONE, err);
	for (struct json_node row = json_first(rows);
	    st == ST_OK && json_exists(row); row = json_next(rows, row))
		st = measure_row(table, row, err);
	if (st == ST_OK)
		st = table_row(table, JSON_NONE, err);
	for (struct json_node row = json_first(rows);
	    st == ST_OK && json_exists(row); row = json_next(rows, row))
		st = table_row(table, row, err);
	return st;
}

void
table_clear(struct table *table)
{
	buf_clear(&table->cell);
}

enum status
table_write(const char *const *columns, struct json_node rows,
    struct err *err)
{
	struct table table = TABLE_INIT;
	enum status st = table_begin(&table, columns, rows, err);

	table_clear(&table);
	return st;
}
