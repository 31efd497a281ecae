/*
 * What Stripe showed of one object that may be news, on its way into the books
 * and to whoever listens.  Inside reconcile only.
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
 * Records the facts, or with a dry run only tries them, and tells the
 * listener.  Adds to failures what was refused.
 */
NODISCARD enum status finding_try(const struct reconcile *task,
    struct finding *finding, int64_t *failures, struct err *err);

#endif
