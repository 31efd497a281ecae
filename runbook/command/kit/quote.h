/* A player's first payment, as the command line asks for it. */
#ifndef TEAMDUES_COMMAND_QUOTE_H
#define TEAMDUES_COMMAND_QUOTE_H

#include "billing/first_payment.h"
#include "invocation.h"

#define QUOTE_PARAMETERS \
	{ "--player", PARAMETER_ID, true, "N", "who plays" }, \
	{ "--no-prorate", PARAMETER_FLAG, false, NULL, \
	    "quote the whole month's fee" }

/*
 * Quotes it today.  ST_NOT_FOUND: no such player; ST_CONFLICT: it is paid, or
 * under way, or less than Stripe charges.
 */
NODISCARD enum status quote_first_payment(struct invocation *invocation,
    struct first_payment *payment, struct err *err);

#endif
