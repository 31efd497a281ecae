/* A table for people: aligned columns, amounts as money. */
#ifndef TEAMDUES_COMMAND_TABLE_H
#define TEAMDUES_COMMAND_TABLE_H

#include "base/buf.h"
#include "base/json.h"
#include "base/status.h"

/*
 * Writes rows, an array of objects, under a line of headings.  A
 * column NAME_cents is shown as money of the row's currency, and the column
 * `currency` is left out beside one.  Control characters become "?".  ST_NOMEM.
 */
NODISCARD enum status table_write(const char *const *columns,
    struct json_node rows, struct err *err);

/* The same for one column alone: its heading, and its cell in a row. */
void table_put_heading(struct buf *cell, const char *column);
void table_put_cell(struct buf *cell, struct json_node row,
    const char *column);

#endif
