/*
 * An order that a family, or a script for it, asks for.  If its quantity has to
 * change, the open session for the old quantity is ended first.
 */
#ifndef TEAMDUES_BILLING_ORDER_PLACE_H
#define TEAMDUES_BILLING_ORDER_PLACE_H

#include "app/app.h"
#include "store/jersey.h"
#include "store/orders.h"

/*
 * result->outcome is never PLACE_OPEN.  If the open session was complete, its
 * payment is applied and the order keeps its quantity; checkout_start then
 * answers what has become of it.  ST_UPSTREAM, ST_UPSTREAM_BUSY: the session
 * could not be ended.
 */
NODISCARD enum status order_place(struct app *app,
    const struct order_request *request, struct order_result *result,
    struct err *err);

/* The same for the newest jersey. */
NODISCARD enum status order_place_jersey(struct app *app,
    const struct jersey_request *request, struct order_result *result,
    struct err *err);

#endif
