/*
 * The members are printed in the order in which the view gives them, so a new
 * column of a view is shown without a change here.
 */
#include "detail.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "table.h"

enum { COLUMNS_MAX = 32, LINE_MAX_LEN = 64 * 1024, NAME_WIDTH = 18,
	NAME_SIZE = 64 };

/* An empty array is no table: its columns are not known. */
static bool
is_table(struct json_node value)
{
	return json_is(value, JSON_ARRAY) &&
	    json_is(json_first(value), JSON_OBJECT);
}

/* Cut to NAME_SIZE: names are columns of our own views, all of which fit. */
static void
copy_name(char name[NAME_SIZE], struct json_node member)
{
	struct buf b = buf_over(name, NAME_SIZE);

	json_put_name(&b, member);
}

/*
 * At least one space separates a name that is longer than its column from its
 * value.
 */
static enum status
write_line(struct json_node row, const char *name, struct err *err)
{
	struct buf line = BUF_INIT(LINE_MAX_LEN);
	enum status st;

	table_put_heading(&line, name);
	do
		buf_putc(&line, ' ');
	while (line.len < NAME_WIDTH && !line.failed);
	table_put_cell(&line, row, name);
	st = buf_check(&line, name, err);
	if (st == ST_OK)
		printf("%s\n", buf_str(&line));
	buf_clear(&line);
	return st;
}

/*
 * All rows of one array come from one query, so the first row has the columns
 * of all of them.
 */
static enum status
write_table(const char *name, struct json_node rows, struct err *err)
{
	char names[COLUMNS_MAX][NAME_SIZE];
	const char *columns[COLUMNS_MAX + 1] = { NULL };
	struct json_node first = json_first(rows);
	struct json_node member = json_first(first);
	size_t count = 0;

	while (json_exists(member) && count < COLUMNS_MAX) {
		copy_name(names[count], member);
		columns[count] = names[count];
		count++;
		member = json_next(first, member);
	}
	printf("\n%s\n", name);
	return table_write(columns, rows, err);
}

static bool
is_omitted(const struct detail *detail, const char *name)
{
	const char *const *at = detail != NULL ? detail->omitted : NULL;

	while (at != NULL && *at != NULL && strcmp(*at, name) != 0)
		at++;
	return at != NULL && *at != NULL;
}

enum status
detail_write(void *context, struct json_node row, struct err *err)
{
	const struct detail *detail = context;
	struct json_node value = json_first(row);
	char name[NAME_SIZE];
	enum status st = ST_OK;

	while (st == ST_OK && json_exists(value)) {
		copy_name(name, value);
		if (!json_is(value, JSON_NULL) && !is_table(value) &&
		/* Amounts are printed with their currency already. */
		    strcmp(name, "currency") != 0)
			st = write_line(row, name, err);
		value = json_next(row, value);
	}
	value = json_first(row);
	while (st == ST_OK && json_exists(value)) {
		copy_name(name, value);
		if (is_table(value) && !is_omitted(detail, name))
			st = write_table(name, value, err);
		value = json_next(row, value);
	}
	return st;
}
