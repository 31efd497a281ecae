/* The contents of an order's page. */
#ifndef TEAMDUES_DESK_ORDER_PAGE_H
#define TEAMDUES_DESK_ORDER_PAGE_H

#include "desk/visit.h"

/* Appends it, below the title; data as store_desk_order gives it. */
NODISCARD enum status order_page_put(struct buf *html, struct visit *visit,
    struct json_node data, struct err *err);

#endif
