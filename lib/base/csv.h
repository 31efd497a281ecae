/*
 * CSV as RFC 4180 has it, from a whole text in memory: fields in quotes may
 * hold commas, line ends and doubled quotes.  Lines may end in LF, too.  A byte
 * order mark at the beginning is skipped, and so are lines that are empty or
 * have only commas.
 */
#ifndef TEAMDUES_BASE_CSV_H
#define TEAMDUES_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/status.h"

enum {
	CSV_LEN_MAX = 10 * 1024 * 1024,
	CSV_LINES_MAX = 100000,
	CSV_FIELDS_MAX = 32,
};

struct csv {
	const char *at;		/* borrowed */
	const char *end;
	size_t line;		/* of at, from 1 */
	char separator;		/* of fields: a comma */
};

struct csv_field {
	const char *text;	/* terminated, but may hold a NUL before len */
	size_t len;
};

struct csv_record {
	size_t line;		/* that it begins on */
	size_t count;
	struct csv_field fields[CSV_FIELDS_MAX];
	struct buf text;	/* what the fields point into */
};

#define CSV_RECORD_INIT { .text = BUF_INIT(CSV_LEN_MAX) }

/* ST_TOO_LARGE above CSV_LEN_MAX; ST_BAD_INPUT for UTF-16. */
NODISCARD enum status csv_init(struct csv *csv, const char *text, size_t len,
    struct err *err);

/*
 * Before the first record: semicolons or tabs separate the fields where the
 * first line has one before any comma.  For files whose headings are known to
 * hold neither.
 */
void csv_take_separator(struct csv *csv);

/*
 * Reads the next record; its fields hold until the next call.  ST_NOT_FOUND at
 * the end of the text; ST_BAD_INPUT "line N: ..." when it is malformed, has too
 * many fields or lines: reading on has no meaning then.  ST_NOMEM.
 */
NODISCARD enum status csv_next(struct csv *csv, struct csv_record *record,
    struct err *err);

/* Drops the empty fields after the first width, which spreadsheets leave of a
 * column that was cleared. */
void csv_record_shorten(struct csv_record *record, size_t width);

/*
 * ST_BAD_INPUT, with what to do about it, for a header that is separated by
 * semicolons, tabs or bars.
 */
NODISCARD enum status csv_check_separator(const struct csv_record *header,
    struct err *err);

/* Without the blanks at its ends. */
struct csv_field csv_trimmed(struct csv_field field);

void csv_record_clear(struct csv_record *record);

/* True for a cell that a spreadsheet would run instead of showing it. */
bool csv_is_formula(const char *cell);

#endif
