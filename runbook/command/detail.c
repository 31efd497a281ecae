#include "detail.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "table.h"

enum { COLUMNS_MAX = 32, LINE_MAX_LEN = 64 * 1024, NAME_WIDTH = 18 };

static bool
is_table(struct json_object *value)
{
	return json_object_is_type(value, json_type_array) &&
	    json_object_array_length(value) > 0 &&
	    json_object_is_type(json_object_array_get_idx(value, 0),
	    json_type_object);
}

static enum status
write_line(struct json_object *row, const char *name, struct err *err)
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

/* The columns are the members of the first row. */
static enum status
write_table(const char *name, struct json_object *rows, struct err *err)
{
	const char *columns[COLUMNS_MAX + 1] = { NULL };
	size_t count = 0;

	json_object_object_foreach(json_object_array_get_idx(rows, 0), key,
	    value) {
		(void)value;
		if (count < COLUMNS_MAX)
			columns[count++] = key;
	}
	printf("\n%s\n", name);
	return table_write(columns, rows, err);
}

enum status
detail_write(void *context, struct json_object *row, struct err *err)
{
	enum status st = ST_OK;

	(void)context;
	json_object_object_foreach(row, name, value) {
		if (st == ST_OK && value != NULL && !is_table(value) &&
		    strcmp(name, "currency") != 0)
			st = write_line(row, name, err);
	}
	json_object_object_foreach(row, table, rows) {
		if (st == ST_OK && is_table(rows))
			st = write_table(table, rows, err);
	}
	return st;
}
