/*
 * How a command prints rows: a table for people, CSV (RFC 4180's quoting, a
 * header line) or one JSON array.  All are written row by row, however many
 * rows come; but the table's first are kept until its widths are known.
 */
#ifndef TEAMDUES_COMMAND_OUTPUT_H
#define TEAMDUES_COMMAND_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"
#include "base/json_out.h"
#include "base/status.h"
#include "kept.h"
#include "options.h"
#include "table.h"

enum output_format {
	OUTPUT_TABLE,
	OUTPUT_CSV,	/* for spreadsheets: none of its texts is a formula */
	OUTPUT_CSV_RAW,
	OUTPUT_JSON,
};

enum { OUTPUT_ROW_MAX = 1024 * 1024 };	/* of one that a command writes */

struct output {
	enum output_format format;
	const char *const *columns;	/* NULL-ended */
	bool has_started;
	struct kept kept;	/* the table's first rows */
	size_t kept_count;
	struct table table;	/* begun once these are written */
};

/* The format is --json's or --csv's, where they were given. */
void output_init(struct output *output, const struct arguments *arguments,
    const char *const *columns);

/*
 * Prints one row, whose members are the columns; context is the struct output
 * (this is a store_row).  ST_NOMEM.
 */
NODISCARD enum status output_row(void *context, struct json_node row,
    struct err *err);

/* As output_row, for a row that the command itself has written. */
NODISCARD enum status output_written(struct output *output,
    const struct json_out *row, struct err *err);

/*
 * Ends the list if st, what came of making it, is ST_OK, and returns st or its
 * own failure.  Frees what output holds in any case.
 */
NODISCARD enum status output_end(struct output *output, enum status st,
    struct err *err);

#endif
