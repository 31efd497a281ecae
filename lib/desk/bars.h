/*
 * Amounts as bars, drawn here as SVG, each beside its figures in one table: who
 * does not see the bars reads, or hears, the same.
 */
#ifndef TEAMDUES_DESK_BARS_H
#define TEAMDUES_DESK_BARS_H

#include <stddef.h>

#include "base/json.h"

/* A part of each bar; the parts of a bar follow one another. */
struct bar_part {
	const char *member;	/* of a row, in cents */
	const char *name;
	const char *look;	/* class of desk.css */
	const char *less;	/* a member that is a part of this one and is
				 * drawn by itself; NULL: none */
};

struct bars {
	const char *caption;
	const char *heading;	/* of what the rows are about */
	const struct bar_part *parts;
	size_t count;
	const char *currency;
	const char *empty;	/* the sentence instead of no rows */
	const char *link;	/* its page's address, before the row's page;
				 * NULL: rows lead nowhere */
};

/* rows: {label, note and page (may be null), and each part's member}. */
void bars_put(struct buf *html, const struct bars *bars,
    struct json_node rows);

#endif
