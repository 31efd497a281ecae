/*
 * Reconciliation: Stripe's own record of a period, its sessions, refunds and
 * disputes, put through the same fulfilment as an event; then the sessions
 * whose answer we still wait for; at last those that are open for an order that
 * is not pending are ended.  Nothing is stored but facts, each object's in a
 * transaction of its own: a run that is killed has done what it has done, and
 * the next one does the rest.  It needs no event, only what Stripe keeps for
 * good.
 */
#ifndef TEAMDUES_BILLING_REPAIR_RECONCILE_H
#define TEAMDUES_BILLING_REPAIR_RECONCILE_H

#include "billing/repair/reconcile_task.h"

/*
 * ST_OK when every object was looked at, whatever became of single ones
 * (failure was called for those).  A run that committed and failed with none is
 * remembered: store/runs.h.  Else Stripe could not be read any further, or the
 * database was away.
 */
NODISCARD enum status reconcile_run(const struct reconcile *task,
    struct reconcile_counts *counts, struct err *err);

#endif
