/*
 * Sessions that are open at Stripe while their order is not pending
 * (sql/functions/stray.sql).
 */
#ifndef TEAMDUES_STORE_STRAY_H
#define TEAMDUES_STORE_STRAY_H

#include <stdbool.h>
#include <stdint.h>

#include "store/checkout.h"

/*
 * Claims the next session that is due to be ended at Stripe, for the caller
 * alone, for half a minute or longer; "": none is due.
 */
NODISCARD enum status store_claim_stray(struct store *store, bool livemode,
    char session_id[STORE_ID_SIZE], struct err *err);

struct stray {
	char session_id[STORE_ID_SIZE];
	int64_t order_id;
	char status[STORE_STATUS_SIZE];	/* the order's */
};

/*
 * The first stray session by id after `after` ("": of all), due or not.
 * ST_NOT_FOUND.
 */
NODISCARD enum status store_next_stray(struct store *store,
    const char *after, bool livemode, struct stray *stray, struct err *err);

/* How many have been stray for more than a minute. */
NODISCARD enum status store_stray_count(struct store *store, int64_t *count,
    struct err *err);

#endif
