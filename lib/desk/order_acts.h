/* What may be done to an order at the desk. */
#ifndef TEAMDUES_DESK_ORDER_ACTS_H
#define TEAMDUES_DESK_ORDER_ACTS_H

#include "desk/act.h"

/* All of them, in the order in which a page offers them. */
extern const struct act_kind order_acts[];

/* Appends what the order is for, and of whom; data as desk_order_head() in
 * sql/functions/desk_order.sql gives it. */
void order_put_facts(struct buf *html, struct json_node data);

#endif
