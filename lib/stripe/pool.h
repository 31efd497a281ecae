/*
 * A bounded set of transfers.  One is made when all others are in use, and the
 * one used last is taken first, so that no more of them are made or kept
 * connected than the traffic needs.  Used inside lib/stripe only.
 */
#ifndef TEAMDUES_STRIPE_POOL_H
#define TEAMDUES_STRIPE_POOL_H

#include <pthread.h>
#include <stdint.h>

#include "base/status.h"
#include "stripe/transfer.h"

struct pool {
	const struct transfer_setup *setup;
	pthread_mutex_t mutex;
	pthread_cond_t given_back;
	struct transfer **idle;		/* a stack of idle_count */
	int idle_count;
	int made_count;
	int max;
};

/* ST_NOMEM.  After a failure there is nothing to clear. */
NODISCARD enum status pool_init(struct pool *pool,
    const struct transfer_setup *setup, int max, struct err *err);

/*
 * Waits for a free transfer until deadline_ms (clock_monotonic_ms):
 * ST_UPSTREAM_BUSY when none came free.  ST_NOMEM, ST_CONFIG.
 */
NODISCARD enum status pool_take(struct pool *pool, int64_t deadline_ms,
    struct transfer **transfer, struct err *err);

void pool_give_back(struct pool *pool, struct transfer *transfer);

/* All must have been given back. */
void pool_clear(struct pool *pool);

#endif
