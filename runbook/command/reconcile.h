/* What `teamdues reconcile` and `teamdues watch` share. */
#ifndef TEAMDUES_COMMAND_RECONCILE_H
#define TEAMDUES_COMMAND_RECONCILE_H

#include "kit/invocation.h"

/*
 * Reconciles what was made since then (Unix seconds), says what it read and
 * found, and sets the exit; Stripe is open, and --commit among the arguments.
 */
NODISCARD enum status reconcile_tell(struct invocation *invocation,
    int64_t since, struct err *err);

#endif
