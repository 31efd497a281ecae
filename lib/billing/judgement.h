/*
 * What an event of Stripe's means to a club: a table from its type to the fact
 * that it states (docs: api/events/types).  Types that are not there concern no
 * payment of ours and are ignored, cheaply.
 */
#ifndef TEAMDUES_BILLING_JUDGEMENT_H
#define TEAMDUES_BILLING_JUDGEMENT_H

#include <stdbool.h>

#include "billing/item.h"

/*
 * Fills verdict and, when it is `fact`, fact.  An object that cannot be read is
 * `refused`, its reason held by err until err is set again.  livemode: ours.
 * ST_NOMEM.
 */
NODISCARD enum status judge_event(const struct stripe_event *event,
    bool livemode, struct verdict *verdict, struct fact *fact,
    struct err *err);

#endif
