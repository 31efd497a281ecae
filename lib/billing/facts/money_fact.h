/*
 * From what becomes of a payment's money (charges, refunds, disputes,
 * warnings) to the
 * fact that it states.  The item borrows its texts from the object; one without
 * a payment intent states none, and leaves the item as it is.
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
