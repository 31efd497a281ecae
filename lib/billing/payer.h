/*
 * Whom Stripe is given as the payer of an order: the parent's customer, or only
 * an address to fill in where the payer may be somebody else.  No detail that a
 * family wrote about itself keeps it from paying: one that Stripe refuses is
 * left out.
 */
#ifndef TEAMDUES_BILLING_PAYER_H
#define TEAMDUES_BILLING_PAYER_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "store/checkout.h"

/*
 * Makes a customer at Stripe for an order that needs one and has none;
 * order->customer_id stays "" when the caller has to try again.
 */
NODISCARD enum status payer_make_customer(struct app *app,
    struct checkout_order *order, int64_t deadline_ms, struct err *err);

/*
 * True when Stripe refused a call because of an optional detail of the payer.
 * The detail is removed from order, and the call may be made again without it.
 */
bool payer_leave_out(struct checkout_order *order,
    const struct stripe_reply *reply);

#endif
