/* One walk over what Stripe has: the state of a reconciliation. */
#ifndef TEAMDUES_BILLING_REPAIR_WALK_H
#define TEAMDUES_BILLING_REPAIR_WALK_H

#include "billing/repair/paced_reader.h"
#include "billing/repair/reconcile_task.h"

struct walk {
	const struct reconcile *task;
	struct paced_reader reader;
	bool livemode;
	struct reconcile_counts counts;
};

/*
 * What became of one object.  One that cannot be read, or is refused, must not
 * hide the others: it is reported and counted, and ST_OK comes back.  A
 * database that is away would fail them all: ST_DB and ST_NOMEM stay.
 */
NODISCARD enum status walk_pass_over(struct walk *walk, const char *id,
    enum status st, const struct err *err);

/* The same of an object as Stripe lists it. */
NODISCARD enum status walk_pass_over_listed(struct walk *walk,
    struct json_node json, enum status st, const struct err *err);

/* Tells the listener how many objects have been read. */
void walk_report(const struct walk *walk);

/* The refunds, disputes and early fraud warnings: walk_money.c. */
NODISCARD enum status walk_money(struct walk *walk, struct err *err);

#endif
