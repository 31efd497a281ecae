/* Whether a role may do what its programs do. */
#ifndef TEAMDUES_STORE_GRANTS_H
#define TEAMDUES_STORE_GRANTS_H

#include "store/store.h"

/*
 * Has PostgreSQL check, without running any, each statement of the operator's
 * command under the role that the store connects as; *count of them are
 * allowed.  ST_DB; else the status of the first one that is refused, and why.
 */
NODISCARD enum status store_check_operator(struct store *store, int *count,
    struct err *err);

#endif
