/*
 * The fact that a charge, a refund, a dispute or a warning states about a
 * payment.  The item borrows its texts from the object; an object without a
 * payment intent states no fact, and leaves the item as it is.
 */
#ifndef TEAMDUES_BILLING_FACTS_MONEY_FACT_H
#define TEAMDUES_BILLING_FACTS_MONEY_FACT_H

#include "store/fact_item.h"
#include "stripe/charge.h"

void charge_fact_fill(struct fact_item *item,
    const struct stripe_charge *charge);
void refund_fact_fill(struct fact_item *item,
    const struct stripe_refund *refund);
void dispute_fact_fill(struct fact_item *item,
    const struct stripe_dispute *dispute);
void warning_fact_fill(struct fact_item *item,
    const struct stripe_warning *warning);

#endif
