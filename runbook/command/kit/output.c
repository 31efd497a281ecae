/*
 * A long list is written while it is read, so that memory does not grow with
 * it.  Only the table keeps its first rows, whose widths it needs for the
 * headings.
 */
#include "output.h"

#include <stdio.h>
#include <string.h>

#include "base/csv_out.h"

/*
 * KEPT_ROWS rows are enough to find the widths of nearly any table; a wider
 * cell that comes later only shifts its own row.
 */
enum { CELL_MAX = 1024 * 1024, KEPT_ROWS = 1000 };

void
output_init(struct output *output, const struct arguments *arguments,
    const char *const *columns)
{
	*output = (struct output){ .columns = columns, .kept = KEPT_INIT,
	    .table = TABLE_INIT };
	if (arguments_flag(arguments, "--json"))
		output->format = OUTPUT_JSON;
	else if (arguments_flag(arguments, "--csv"))
		output->format = strcmp(arguments_text(arguments, "--csv"),
		    "raw") == 0 ? OUTPUT_CSV_RAW : OUTPUT_CSV;
}

/* The columns' names are ours, and plain. */
static void
write_csv_header(const char *const *columns)
{
	for (size_t i = 0; columns[i] != NULL; i++) {
		if (i > 0)
			putchar(',');
		fputs(columns[i], stdout);
	}
	putchar('\n');
}

/*
 * Only texts are marked, since they can be a stranger's.  Numbers are ours, and
 * a negative amount must stay a number.
 */
static bool
is_to_be_marked(const struct output *output, struct json_node value)
{
	return output->format == OUTPUT_CSV && json_is(value, JSON_STRING);
}

static enum status
write_csv_row(const struct output *output, struct json_node row,
    struct err *err)
{
	struct buf line = BUF_INIT(CELL_MAX);
	struct buf cell = BUF_INIT(CELL_MAX);
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && output->columns[i] != NULL; i++) {
		struct json_node value = json_at(row, output->columns[i]);

		buf_reset(&cell);
		json_put_chars(&cell, value);
		st = buf_check(&cell, output->columns[i], err);
		if (i > 0)
			buf_putc(&line, ',');
		if (st == ST_OK && json_exists(value))
			csv_put_cell(&line, buf_str(&cell),
			    is_to_be_marked(output, value));
	}
	buf_putc(&line, '\n');
	if (st == ST_OK)
		st = buf_check(&line, "a row", err);
	if (st == ST_OK)
		fputs(buf_str(&line), stdout);
	buf_clear(&cell);
	buf_clear(&line);
	return st;
}

/* The bytes of the source go out unchanged: a number keeps all its digits. */
static void
write_json_row(struct json_node row, bool is_first)
{
	size_t len;
	const char *source = json_source(row, &len);

	if (!is_first)
		fputs(",\n ", stdout);
	fwrite(source, 1, len, stdout);
}

/* Also called at the end: an empty list still has its header line, or is []. */
static void
start(struct output *output)
{
	if (output->has_started)
		return;
	output->has_started = true;
	if (output->format == OUTPUT_JSON)
		putchar('[');
	else if (output->format != OUTPUT_TABLE)
		write_csv_header(output->columns);
}

/* Writes the rows that are kept, once. */
static enum status
begin_table(struct output *output, struct err *err)
{
	struct json_node rows;
	enum status st = kept_rows(&output->kept, &rows, err);

	if (st == ST_OK)
		st = table_begin(&output->table, output->columns, rows, err);
	kept_clear(&output->kept);
	return st;
}

static enum status
add_to_table(struct output *output, struct json_node row, struct err *err)
{
	enum status st;

	/*
	 * The table has begun: its widths are fixed, and the row goes straight
	 * out.
	 */
	if (output->table.count > 0)
		return table_row(&output->table, row, err);
	st = kept_add(&output->kept, row, err);
	if (st == ST_OK && ++output->kept_count == KEPT_ROWS)
		st = begin_table(output, err);
	return st;
}

enum status
output_row(void *context, struct json_node row, struct err *err)
{
	struct output *output = context;
	bool is_first = !output->has_started;

	/*
	 * The reader has closed the pipe (`| head`).  The list may be long, and
	 * its query is ended here.
	 */
	if (ferror(stdout) != 0)
		return err_set(err, ST_GONE, "nobody reads the list");
	if (output->format == OUTPUT_TABLE)
		return add_to_table(output, row, err);
	start(output);
	if (output->format != OUTPUT_JSON)
		return write_csv_row(output, row, err);
	write_json_row(row, is_first);
	return ST_OK;
}

enum status
output_written(struct output *output, const struct json_out *row,
    struct err *err)
{
	struct json_doc doc;
	enum status st = json_out_parse(row, "a row", &doc, err);

	if (st == ST_OK)
		st = output_row(output, json_root(&doc), err);
	json_clear(&doc);
	return st;
}

enum status
output_end(struct output *output, enum status st, struct err *err)
{
	/*
	 * A list that failed in its middle gets no closing bracket, so that a
	 * program does not take it for a whole one.
	 */
	if (st == ST_OK) {
		start(output);
		if (output->format == OUTPUT_TABLE && output->table.count == 0)
			st = begin_table(output, err);
		else if (output->format == OUTPUT_JSON)
			fputs("]\n", stdout);
	}
	kept_clear(&output->kept);
	table_clear(&output->table);
	return st;
}
