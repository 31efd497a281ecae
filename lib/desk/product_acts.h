/* What may be done to a product at the desk. */
#ifndef TEAMDUES_DESK_PRODUCT_ACTS_H
#define TEAMDUES_DESK_PRODUCT_ACTS_H

#include "desk/act.h"

/* The first of them, which is of no product yet, adds one. */
extern const struct act_kind product_acts[];

/* Appends what the product is; data as desk_product_subject() in
 * sql/functions/desk_products.sql gives it. */
void product_put_head(struct buf *html, struct json_node data);

#endif
