/*
 * A list of rows, described by its columns.  On a narrow screen each row
 * becomes a card (desk.css), in which every cell is named by its heading.
 */
#ifndef TEAMDUES_DESK_TABLE_H
#define TEAMDUES_DESK_TABLE_H

#include <stddef.h>

#include "base/json.h"

enum desk_cell {
	DESK_CELL_TEXT,
	DESK_CELL_WHOLE,	/* never broken: a time, a telephone number */
	DESK_CELL_HEAD,		/* what the row is about */
	DESK_CELL_MONEY,	/* cents of the row's currency */
};

struct desk_column {
	const char *member;	/* of a row */
	const char *heading;
	enum desk_cell cell;
};

struct desk_table {
	const char *caption;
	const struct desk_column *columns;
	size_t count;
	const char *currency;	/* of rows that name none */
	const char *empty;	/* the sentence instead of a list of no rows */
	const char *link;	/* from DESK_CELL_HEAD: an address to which the
				 * row's link_member is added; NULL: none */
	const char *link_member;
	size_t rows_max;	/* no more are shown; 0: all are */
};

/*
 * Appends it. sums (an array, which may be absent) are the rows of the foot,
 * their money below that of the list; one may have a count, and one of a part a
 * label instead of "In all".  A row that has `left_out` is in none of them, and
 * looks so.
 */
void desk_table_put(struct buf *html, const struct desk_table *table,
    struct json_node rows, struct json_node sums);

#endif
