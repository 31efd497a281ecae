/*
 * The facts that Stripe showed of one object, to be recorded when they are
 * news, and reported to the listener.  Inside reconcile only.
 */
#ifndef TEAMDUES_BILLING_REPAIR_FINDING_H
#define TEAMDUES_BILLING_REPAIR_FINDING_H

#include "billing/facts/fetched_facts.h"
#include "billing/repair/reconcile_task.h"

struct finding {
	const char *id;		/* a session's, a refund's, a dispute's */
	int64_t amount_cents;
	const char *currency;
	struct fetched_facts facts;
};

/*
 * Records the facts, or in a dry run only tries to, and reports them to the
 * listener.  Adds to failures the facts that were refused.
 */
NODISCARD enum status finding_try(const struct reconcile *task,
    struct finding *finding, int64_t *failures, struct err *err);

#endif
