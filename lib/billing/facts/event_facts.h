/*
 * What an event of Stripe's means to a club: a table from its type to the fact
 * that it states (docs: api/events/types).  Types that are not there concern no
 * payment of ours and are ignored, cheaply.
 */
#ifndef TEAMDUES_BILLING_FACTS_EVENT_FACTS_H
#define TEAMDUES_BILLING_FACTS_EVENT_FACTS_H

#include <stdbool.h>

#include "store/fact_item.h"
#include "stripe/charge.h"
#include "stripe/event.h"
#include "stripe/session.h"

/* An item, and the object of Stripe's that its texts are borrowed from. */
struct event_fact {
	struct fact_item item;
	union {
		struct stripe_session session;
		struct stripe_charge charge;
		struct stripe_refund refund;
		struct stripe_dispute dispute;
		struct stripe_warning warning;
		struct stripe_failure failure;
	} object;
};

/*
 * Fills event_fact, whose item borrows from itself, from event and from err: it
 * is to be used where it is, before these end.  An object that cannot be read
 * is `refused`, its reason held by err until err is set again.  livemode: ours.
 * ST_NOMEM.
 */
NODISCARD enum status event_to_fact(const struct stripe_event *event,
    bool livemode, struct event_fact *event_fact, struct err *err);

#endif
