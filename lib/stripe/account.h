/* The account that a key is of (docs: api/accounts/retrieve). */
#ifndef TEAMDUES_STRIPE_ACCOUNT_H
#define TEAMDUES_STRIPE_ACCOUNT_H

#include "stripe/client.h"

/* ST_DENIED: a restricted key without this right; ST_UPSTREAM,
 * ST_UPSTREAM_BUSY. */
NODISCARD enum status stripe_account_id(struct stripe *stripe,
    int64_t deadline_ms, char id[STRIPE_ID_SIZE], struct err *err);

#endif
