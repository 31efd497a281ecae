/*
 * Adopting sessions that something else made for orders of ours: from then on
 * their payments are matched, and `teamdues regenerate` sees them.
 */
#ifndef TEAMDUES_BILLING_REPAIR_ADOPT_H
#define TEAMDUES_BILLING_REPAIR_ADOPT_H

#include "app/app.h"
#include "billing/repair/adopt_file.h"

struct adopt_options {
	bool commit;
	bool is_anyway;		/* whoever pays, and though the order needs
				 * no payment */
	const char *actor;
};

/*
 * Asks Stripe for each session of the list, compares it with its order, and
 * fills each line with the result (without commit: with what it would be).  An
 * open session that its order cannot take is ended at Stripe first, and so is
 * the order's open one where a listed one was paid.  All are adopted in one
 * transaction, except those in doubt unless is_anyway.  ST_BAD_INPUT: a line
 * has a fault, and nothing was changed; ST_UPSTREAM, ST_UPSTREAM_BUSY: Stripe,
 * and nothing was stored; ST_DB.
 */
NODISCARD enum status adopt_sessions(struct app *app,
    struct adopt_list *list, const struct adopt_options *options,
    struct err *err);

#endif
