/* A table for people: aligned columns, amounts as money. */
#ifndef TEAMDUES_COMMAND_TABLE_H
#define TEAMDUES_COMMAND_TABLE_H

#include "base/buf.h"
#include "base/json.h"
#include "base/status.h"

enum { TABLE_COLUMNS_MAX = 32, TABLE_CELL_MAX = 64 * 1024 };

struct table {
	const char *columns[TABLE_COLUMNS_MAX];
	size_t widths[TABLE_COLUMNS_MAX];
	size_t count;		/* of columns; 0: not begun */
	struct buf cell;	/* the one in hand */
};

#define TABLE_INIT { .cell = BUF_INIT(TABLE_CELL_MAX) }

/*
 * Writes a line of headings and the first rows, an array of objects, whose
 * widths are the table's.  A column NAME_cents is shown as money of the row's
 * currency, and the column `currency` is left out beside one.  Control
 * characters become "?".  columns must outlive the table.  ST_NOMEM.
 */
NODISCARD enum status table_begin(struct table *table,
    const char *const *columns, struct json_node rows, struct err *err);

/* Writes one more row; a cell wider than its column shifts the next ones. */
NODISCARD enum status table_row(struct table *table, struct json_node row,
    struct err *err);

void table_clear(struct table *table);

/* A whole table. */
NODISCARD enum status table_write(const char *const *columns,
    struct json_node rows, struct err *err);

/* Append one column's heading, or its cell in row, as a table shows them. */
void table_put_heading(struct buf *cell, const char *column);
void table_put_cell(struct buf *cell, struct json_node row,
    const char *column);

#endif
