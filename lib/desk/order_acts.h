/* What may be done to an order at the desk. */
#ifndef TEAMDUES_DESK_ORDER_ACTS_H
#define TEAMDUES_DESK_ORDER_ACTS_H

#include "desk/act.h"

/* All of them, in the order in which a page offers them. */
extern const struct act_kind order_acts[];

/* The act of a request's action; NULL: it is none of an order's. */
const struct act_kind *order_act_find(const char *action);

/* Whether the order of a page's data allows it now: desk_possible() in
 * sql/functions/desk_order.sql. */
bool order_act_is_possible(struct json_node data, const struct act_kind *kind);

/* Appends what the order is, and of whom; data as desk_order_head() in
 * sql/functions/desk_order.sql gives it. */
void order_put_head(struct buf *html, struct json_node data);

#endif
