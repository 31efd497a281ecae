/* What `teamdues reconcile` and `teamdues watch` share. */
#ifndef TEAMDUES_COMMAND_RECONCILE_H
#define TEAMDUES_COMMAND_RECONCILE_H

#include "kit/invocation.h"

/*
 * Reconciles what was made since then (Unix seconds), prints what it read and
 * found, and sets the exit.  Stripe must be open, and the command must have
 * the parameter --commit.
 */
NODISCARD enum status reconcile_tell(struct invocation *invocation,
    int64_t since, struct err *err);

#endif
