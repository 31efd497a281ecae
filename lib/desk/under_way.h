/* What was asked for about an order or a payment and is not done. */
#ifndef TEAMDUES_DESK_UNDER_WAY_H
#define TEAMDUES_DESK_UNDER_WAY_H

#include "base/buf.h"
#include "base/json.h"

/* Appends a section, or nothing where rows has none; rows as the `requests` of
 * store_desk_order are. */
void under_way_put(struct buf *html, struct json_node rows);

#endif
