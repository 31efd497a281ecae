/*
 * Reconciliation: Stripe's own record of a period, session by session, put
 * through the same fulfilment as an event; then the sessions whose answer we
 * still wait for.  Nothing is stored but facts, each session's in a transaction
 * of its own: a run that is killed has done what it has done, and the next one
 * does the rest.  It needs no event, only what Stripe keeps for good.
 */
#ifndef TEAMDUES_BILLING_RECONCILE_H
#define TEAMDUES_BILLING_RECONCILE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/healing.h"
#include "stripe/session.h"

/* A session of which Stripe knows what is not known here. */
struct difference {
	const char *session_id;
	int64_t amount_cents;	/* of the session; 0 when Stripe forgot it */
	const char *currency;	/* "" likewise */
	const char *fact;	/* "paid", "expired", ...; NULL: no news */
	const char *dispute;	/* a status that is news; NULL: none is */
	bool has_refunds;	/* there is news of refunds */
	const struct trial *trial;	/* what it comes to */
};

/* Context first.  Differences come as they are found, after their commit. */
struct reconcile_listener {
	void (*difference)(void *context, const struct difference *difference);
	void (*failure)(void *context, const char *session_id,
	    const struct err *err);
	void (*progress)(void *context, int64_t sessions);
	void *context;
};

struct reconcile {
	struct store *store;
	struct stripe *stripe;
	bool livemode;
	int64_t since;		/* Unix seconds: of the sessions' creation */
	bool commit;		/* else nothing at all is changed */
	struct reconcile_listener listener;
};

/*
 * ST_OK when every session was looked at, whatever became of single ones
 * (failure was called for those).  Else Stripe could not be read any further,
 * or the database was away.
 */
NODISCARD enum status reconcile_run(const struct reconcile *task,
    struct err *err);

#endif
