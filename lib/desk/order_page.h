/* The contents of an order's page. */
#ifndef TEAMDUES_DESK_ORDER_PAGE_H
#define TEAMDUES_DESK_ORDER_PAGE_H

#include "desk/visit.h"

/* Appends it, below the title; data as store_desk_order gives it. */
NODISCARD enum status order_page_put(struct buf *html, struct visit *visit,
    struct json_node data, struct err *err);

/* How an order stands, as a treasurer would say it; data has its status
 * and its sums. */
void order_put_status(struct buf *html, struct json_node data);

/*
 * What Stripe said of an order last, and for a writer the button that asks it
 * again; data has `stripe` and `possible`, as that page's data has them.
 */
void order_put_stripe(struct buf *html, struct visit *visit,
    struct json_node data, bool is_writer);

#endif
