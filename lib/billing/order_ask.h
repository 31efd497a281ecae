/*
 * Asking Stripe about one order: its sessions, what was paid from its family's
 * address, and what became of the money of its payments.  The answers go
 * through the same fulfilment as an event.
 */
#ifndef TEAMDUES_BILLING_ORDER_ASK_H
#define TEAMDUES_BILLING_ORDER_ASK_H

#include "app/app.h"
#include "base/buf.h"

/*
 * Appends one sentence about the answers, for a person.  ST_NOT_FOUND: no such
 * order; ST_UPSTREAM, ST_UPSTREAM_BUSY; ST_DB.
 */
NODISCARD enum status order_ask(struct app *app, int64_t order_id,
    struct buf *words, struct err *err);

#endif
