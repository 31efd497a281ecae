/* What `teamdues reconcile` and `teamdues watch` share. */
#ifndef TEAMDUES_COMMAND_RECONCILE_H
#define TEAMDUES_COMMAND_RECONCILE_H

#include "kit/invocation.h"
#include "stripe/client.h"

/*
 * Reconciles what was made since then (Unix seconds), says what it read and
 * found, and sets the exit; --commit is among the invocation's arguments.
 */
NODISCARD enum status reconcile_tell(struct invocation *invocation,
    struct stripe *stripe, int64_t since, struct err *err);

#endif
