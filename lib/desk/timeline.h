/* What happened to an order, in plain words. */
#ifndef TEAMDUES_DESK_TIMELINE_H
#define TEAMDUES_DESK_TIMELINE_H

#include "base/json.h"

/* Appends the list; rows as desk_timeline() in sql/functions/desk_order.sql
 * gives them, amounts in currency. */
void timeline_put(struct buf *html, struct json_node rows,
    const char *currency);

/* Appends the last of them in a line; nothing for none. */
void timeline_put_last(struct buf *html, struct json_node rows,
    const char *currency);

#endif
