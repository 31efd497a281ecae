/*
 * The same list as lines of a file, whose columns end with a member of NULL.  A
 * cell that is a text is made harmless to a spreadsheet; DESK_CELL_MONEY is
 * "150.00".
 */
#ifndef TEAMDUES_DESK_TABLE_CSV_H
#define TEAMDUES_DESK_TABLE_CSV_H

#include "base/buf.h"
#include "desk/table.h"

/* Append a line each. */
void table_csv_put_headings(struct buf *csv,
    const struct desk_column *columns);
void table_csv_put_row(struct buf *csv, const struct desk_column *columns,
    struct json_node row);

/* Appends an empty line and the sums; nothing where there are none. */
void table_csv_put_sums(struct buf *csv, const struct desk_column *columns,
    struct json_node sums);

#endif
