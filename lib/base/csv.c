/*
 * One pass, byte by byte.  What csv.h does not allow is refused with its line
 * instead of guessed at: a roster that is misread would bill the wrong family.
 */
#include "base/csv.h"

#include <stdbool.h>
#include <string.h>

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* A spreadsheet's "Unicode text" begins with one of these marks, which no UTF-8
 * text does. */
static bool
is_utf16(const char *text, size_t len)
{
	return len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 ||
	    memcmp(text, "\xfe\xff", 2) == 0);
}

enum status
csv_init(struct csv *csv, const char *text, size_t len, struct err *err)
{
	size_t mark = sizeof(byte_order_mark) - 1;

	if (len > CSV_LEN_MAX)
		return err_set(err, ST_TOO_LARGE, "more than %d MiB of CSV",
		    CSV_LEN_MAX / (1024 * 1024));
	if (is_utf16(text, len))
		return err_set(err, ST_BAD_INPUT, "line 1: the file is "
		    "UTF-16: save it as \"CSV UTF-8\"");
	if (len >= mark && memcmp(text, byte_order_mark, mark) == 0) {
		text += mark;
		len -= mark;
	}
	*csv = (struct csv){ .at = text, .end = text + len, .line = 1,
	    .separator = ',' };
	return ST_OK;
}

/* The length of the line end at csv->at: 2, 1, or 0 where there is none.  A CR
 * alone ends no line (RFC 4180, section 2). */
static size_t
line_end(const struct csv *csv)
{
	size_t left = (size_t)(csv->end - csv->at);

	if (left >= 2 && csv->at[0] == '\r' && csv->at[1] == '\n')
		return 2;
	return left >= 1 && csv->at[0] == '\n' ? 1 : 0;
}

/* A spreadsheet writes semicolons where the comma is the decimal sign, and tabs
 * as "Unicode text". */
void
csv_take_separator(struct csv *csv)
{
	static const char signs[] = ",;\t\n";
	const char *at = csv->at;

	while (at < csv->end && (*at == '\n' || *at == '\r'))
		at++;
	while (at < csv->end && memchr(signs, *at, sizeof(signs) - 1) == NULL)
		at++;
	if (at < csv->end && *at != '\n')
		csv->separator = *at;
}

static bool
is_separator(const struct csv *csv)
{
	return csv->at == csv->end || *csv->at == csv->separator ||
	    line_end(csv) > 0;
}

static enum status
malformed(const struct csv *csv, const char *what, struct err *err)
{
	return err_set(err, ST_BAD_INPUT, "line %zu: %s", csv->line, what);
}

/* From behind the opening quote to behind the closing one. */
static enum status
read_quoted(struct csv *csv, struct buf *text, struct err *err)
{
	/* A quote that is not closed swallows the rest of the file, so the
	 * message names the line that it was opened in. */
	size_t opened = csv->line;
	const char *quote;

	for (;;) {
		quote = memchr(csv->at, '"', (size_t)(csv->end - csv->at));
		if (quote == NULL)
			return err_set(err, ST_BAD_INPUT,
			    "line %zu: a quote is not closed", opened);
		for (; csv->at < quote; csv->at++) {
			csv->line += *csv->at == '\n';
			buf_putc(text, *csv->at);
		}
		csv->at++;
		if (csv->at == csv->end || *csv->at != '"')
			break;
		buf_putc(text, *csv->at++);
	}
	if (!is_separator(csv))
		return malformed(csv, "text after a closing quote", err);
	return ST_OK;
}

static enum status
read_bare(struct csv *csv, struct buf *text, struct err *err)
{
	while (!is_separator(csv)) {
		if (*csv->at == '"')
			return malformed(csv,
			    "a quote inside a field without quotes", err);
		buf_putc(text, *csv->at++);
	}
	return ST_OK;
}

/* Appends one field to the record's text, with a NUL behind it.  The field's
 * pointer is set later, by read_record(). */
static enum status
read_field(struct csv *csv, struct csv_record *record, struct err *err)
{
	size_t start = record->text.len;
	enum status st;

	if (record->count == CSV_FIELDS_MAX)
		return malformed(csv, "too many fields", err);
	if (csv->at < csv->end && *csv->at == '"') {
		csv->at++;
		st = read_quoted(csv, &record->text, err);
	} else {
		st = read_bare(csv, &record->text, err);
	}
	if (st != ST_OK)
		return st;
	record->fields[record->count].len = record->text.len - start;
	record->count++;
	buf_putc(&record->text, '\0');
	return ST_OK;
}

static enum status
read_fields(struct csv *csv, struct csv_record *record, struct err *err)
{
	enum status st;

	for (;;) {
		st = read_field(csv, record, err);
		if (st != ST_OK)
			return st;
		if (csv->at == csv->end || *csv->at != csv->separator)
			break;
		csv->at++;
	}
	return buf_check(&record->text, "a line", err);
}

static void
skip_line_end(struct csv *csv)
{
	size_t len = line_end(csv);

	csv->at += len;
	csv->line += len > 0;
}

struct csv_field
csv_trimmed(struct csv_field field)
{
	while (field.len > 0 && field.text[0] == ' ') {
		field.text++;
		field.len--;
	}
	while (field.len > 0 && field.text[field.len - 1] == ' ')
		field.len--;
	return field;
}

void
csv_record_shorten(struct csv_record *record, size_t width)
{
	while (record->count > width &&
	    csv_trimmed(record->fields[record->count - 1]).len == 0)
		record->count--;
}

enum status
csv_check_separator(const struct csv_record *header, struct err *err)
{
	static const struct {
		char sign;
		const char *name;
	} others[] = {
		{ ';', "semicolons" }, { '\t', "tabs" }, { '|', "bars" },
	};
	/* A file with another separator has its whole header in the first
	 * field. */
	struct csv_field first = header->fields[0];

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (memchr(first.text, others[i].sign, first.len) != NULL)
			return err_set(err, ST_BAD_INPUT, "line 1: the columns "
			    "are separated by %s: save the file as CSV with "
			    "commas", others[i].name);
	return ST_OK;
}

/* The next record, even one of nothing but commas. */
static enum status
read_record(struct csv *csv, struct csv_record *record, struct err *err)
{
	const char *text;
	enum status st;

	while (line_end(csv) > 0)
		skip_line_end(csv);
	if (csv->at == csv->end)
		return err_set(err, ST_NOT_FOUND, "the end");
	if (csv->line > CSV_LINES_MAX)
		return err_set(err, ST_BAD_INPUT, "more than %d lines",
		    CSV_LINES_MAX);
	buf_reset(&record->text);
	record->line = csv->line;
	record->count = 0;
	st = read_fields(csv, record, err);
	if (st != ST_OK)
		return st;
	/* The pointers are set last, because the text may move while it
	 * grows. */
	text = buf_str(&record->text);
	for (size_t i = 0; i < record->count; i++) {
		record->fields[i].text = text;
		text += record->fields[i].len + 1;
	}
	skip_line_end(csv);
	return ST_OK;
}

static bool
is_empty(const struct csv_record *record)
{
	for (size_t i = 0; i < record->count; i++)
		if (csv_trimmed(record->fields[i]).len > 0)
			return false;
	return true;
}

enum status
csv_next(struct csv *csv, struct csv_record *record, struct err *err)
{
	enum status st;

	do
		st = read_record(csv, record, err);
	while (st == ST_OK && is_empty(record));
	return st;
}

void
csv_record_clear(struct csv_record *record)
{
	buf_clear(&record->text);
	record->count = 0;
}

/* A spreadsheet ignores blanks in front of a formula, no-break spaces among
 * them. */
static const char *
skip_blanks(const char *cell)
{
	static const char unbroken[] = "\xc2\xa0";

	for (;;) {
		if (*cell == ' ')
			cell++;
		else if (strncmp(cell, unbroken, sizeof(unbroken) - 1) == 0)
			cell += sizeof(unbroken) - 1;
		else
			return cell;
	}
}

bool
csv_is_formula(const char *cell)
{
	/* The full-width = + - @, which some programs read as the ASCII
	 * ones. */
	static const char *const wide[] = { "\xef\xbc\x9d", "\xef\xbc\x8b",
	    "\xef\xbc\x8d", "\xef\xbc\xa0" };

	cell = skip_blanks(cell);
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (strncmp(cell, wide[i], strlen(wide[i])) == 0)
			return true;
	return cell[0] != '\0' && strchr("=+-@\t\r\n", cell[0]) != NULL;
}
