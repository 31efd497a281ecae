/* The pay link of an order, for the treasurer to send or to show. */
#ifndef TEAMDUES_DESK_ORDER_LINK_H
#define TEAMDUES_DESK_ORDER_LINK_H

#include "base/config.h"
#include "base/json.h"

/*
 * Appends it as text and as a QR code, or why there is none; nothing when the
 * order needs no payment.  data as desk_order() in
 * sql/functions/desk_order.sql gives it.
 */
NODISCARD enum status order_link_put(struct buf *html,
    const struct config *config, struct json_node data, struct err *err);

#endif
