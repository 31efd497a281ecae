/*
 * Who pays an order, as Stripe is told: the parent's customer, or an address to
 * begin with where it is not proven that the payer is the parent.  What a
 * family wrote about itself never keeps it from paying: a detail that Stripe
 * refuses is left out.
 */
#ifndef TEAMDUES_BILLING_PAYER_H
#define TEAMDUES_BILLING_PAYER_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "store/checkout.h"

/*
 * Makes the customer of an order that is to have one and has none;
 * order->customer_id stays "" where it has to be tried again.
 */
NODISCARD enum status payer_make_customer(struct app *app,
    struct checkout_order *order, int64_t deadline_ms, struct err *err);

/*
 * True when Stripe refused a call for a detail of the payer's that it need not
 * have, and which is now out of order: the call may be made again without.
 */
bool payer_leave_out(struct checkout_order *order,
    const struct stripe_reply *reply);

#endif
