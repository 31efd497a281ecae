/*
 * The clerk: does what the desk asked for and needs Stripe, one request after
 * the other, through the calls that the command uses.  Killed at any moment, it
 * takes the request up again, and asks Stripe first what was done of it.
 */
#ifndef TEAMDUES_BILLING_CLERK_H
#define TEAMDUES_BILLING_CLERK_H

#include <stdbool.h>

#include "base/config.h"
#include "base/status.h"

#define CLERK_NEEDS (NEEDS(SETTING_DATABASE_URL) \
	| NEEDS(SETTING_STRIPE_MODE) | NEEDS(SETTING_STRIPE_SECRET_KEY) \
	| NEEDS(SETTING_STRIPE_API_BASE) | NEEDS(SETTING_CLUB_TIMEZONE) \
	| NEEDS(SETTING_RECEIPTS))

struct clerk;

/* Connects to nothing yet.  ST_NOMEM, ST_CONFIG. */
NODISCARD enum status clerk_open(const struct config *config,
    struct clerk **clerk, struct err *err);

/* Why clerk_do_due came back. */
enum clerk_pause {
	CLERK_IDLE,		/* nothing is due */
	CLERK_STOPPED,		/* told_to_stop() was true */
	CLERK_IN_TROUBLE,	/* the database, or Stripe, is away */
};

/*
 * Does what is due until nothing is left, Stripe is away, or told_to_stop,
 * asked between two requests, says so; then ends sessions that are open for
 * orders that are not pending.  ST_DB, ST_DB_BUSY, ST_UPSTREAM and
 * ST_UPSTREAM_BUSY with CLERK_IN_TROUBLE.
 */
NODISCARD enum status clerk_do_due(struct clerk *clerk,
    bool (*told_to_stop)(void), enum clerk_pause *pause, struct err *err);

void clerk_close(struct clerk *clerk);

#endif
