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

/* An item, and what its texts are borrowed from. */
struct event_fact {
	struct fact_item item;
	struct stripe_event event;
	struct err why;		/* it cannot be read; the item says so */
	union {
		struct stripe_session session;
		union stripe_money money;
	} object;
};

/* Whose events are ours. */
struct event_terms {
	bool livemode;
	const char *account;	/* NULL: not known */
};

/*
 * Reads the body of a signed event, which must outlive event_fact; as the item
 * borrows from it, event_fact is to be used where it is.  An object that cannot
 * be read is `refused`.  ST_BAD_INPUT: the body is no event; ST_NOMEM.  Free
 * with event_fact_clear, after a failure too.
 */
NODISCARD enum status event_fact_read(struct event_fact *event_fact,
    const char *body, size_t len, const struct event_terms *terms,
    struct err *err);

void event_fact_clear(struct event_fact *event_fact);

/* Appends "&NAME=TYPE" for each type that states a fact; of Stripe's list of
 * events the name is "types[]". */
void event_facts_put_types(struct buf *form, const char *name);

#endif
