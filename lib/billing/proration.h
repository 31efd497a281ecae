/*
 * What a first month costs.  A pure function of the fee, the day quoted and the
 * rule: whoever makes a link calls it once, and a click is charged the amount
 * that the link carries.
 */
#ifndef TEAMDUES_BILLING_PRORATION_H
#define TEAMDUES_BILLING_PRORATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct proration_terms {
	int64_t monthly_fee_cents;
	const char *quoted;	/* YYYY-MM-DD in the club's zone */
	bool prorate;		/* false: the flat fee */
	const char *currency;	/* "usd" */
};

/*
 * The fee for the days left in the month, the day quoted included, rounded
 * half up to the cent; or the whole fee.  ST_BAD_INPUT: no such day, or no
 * such fee.  ST_CONFLICT: the amount is below what Stripe charges at least;
 * err names both figures, in words for the admin.
 */
NODISCARD enum status proration_quote(const struct proration_terms *terms,
    int64_t *amount_cents, struct err *err);

#endif
