#include "output.h"

#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "table.h"

void
output_init(struct output *output, const struct arguments *arguments,
    const char *const *columns)
{
	*output = (struct output){ .columns = columns };
	if (arguments_flag(arguments, "--json"))
		output->format = OUTPUT_JSON;
	else if (arguments_flag(arguments, "--csv"))
		output->format = strcmp(arguments_text(arguments, "--csv"),
		    "raw") == 0 ? OUTPUT_CSV_RAW : OUTPUT_CSV;
}

/* before: what stands in front of the text in its cell. */
static void
write_csv_cell(const char *before, const char *text)
{
	if (strpbrk(text, ",\"\r\n") == NULL) {
		fputs(before, stdout);
		fputs(text, stdout);
		return;
	}
	putchar('"');
	fputs(before, stdout);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}

static void
write_csv_header(const char *const *columns)
{
	for (size_t i = 0; columns[i] != NULL; i++) {
		if (i > 0)
			putchar(',');
		write_csv_cell("", columns[i]);
	}
	putchar('\n');
}

/* A text, of strangers maybe; our numbers are numbers below zero, too. */
static bool
is_to_be_marked(const struct output *output, struct json_object *value)
{
	return output->format == OUTPUT_CSV
	    && json_object_is_type(value, json_type_string)
	    && csv_is_formula(json_object_get_string(value));
}

static void
write_csv_row(const struct output *output, struct json_object *row)
{
	for (size_t i = 0; output->columns[i] != NULL; i++) {
		struct json_object *value = json_at(row, output->columns[i]);

		if (i > 0)
			putchar(',');
		if (value != NULL)
			write_csv_cell(is_to_be_marked(output, value) ? "'"
			    : "", json_object_get_string(value));
	}
	putchar('\n');
}

static enum status
write_json_row(struct json_object *row, bool is_first, struct err *err)
{
	const char *text = json_object_to_json_string_ext(row,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);

	if (text == NULL)
		return err_set(err, ST_NOMEM, "no memory for a row");
	printf("%s%s", is_first ? "" : ",\n ", text);
	return ST_OK;
}

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

static enum status
keep_row(struct output *output, struct json_object *row, struct err *err)
{
	if (output->kept == NULL)
		output->kept = json_object_new_array();
	if (output->kept == NULL || json_object_array_add(output->kept,
	    json_object_get(row)) != 0)
		return err_set(err, ST_NOMEM, "no memory for a table");
	return ST_OK;
}

enum status
output_row(void *context, struct json_object *row, struct err *err)
{
	struct output *output = context;
	bool is_first = !output->has_started;

	if (output->format == OUTPUT_TABLE)
		return keep_row(output, row, err);
	start(output);
	if (output->format == OUTPUT_JSON)
		return write_json_row(row, is_first, err);
	write_csv_row(output, row);
	return ST_OK;
}

enum status
output_end(struct output *output, enum status st, struct err *err)
{
	if (st == ST_OK) {
		start(output);
		if (output->format == OUTPUT_TABLE)
			st = table_write(output->columns, output->kept, err);
		else if (output->format == OUTPUT_JSON)
			fputs("]\n", stdout);
	}
	json_object_put(output->kept);
	output->kept = NULL;
	return st;
}
