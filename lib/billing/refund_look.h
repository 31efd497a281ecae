/*
 * What Stripe shows of the money of one payment now: what went back, what is
 * left, and whether a bank disputes it.  The books may be behind; whoever gives
 * money back looks here first.
 */
#ifndef TEAMDUES_BILLING_REFUND_LOOK_H
#define TEAMDUES_BILLING_REFUND_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "stripe/charge.h"

struct refund_look {
	int64_t given_cents;	/* back, or on its way back */
	int64_t pending_cents;	/* of that: on its way */
	size_t count;		/* refunds so far, the failed ones too */
	bool is_disputed;	/* the bank takes the money, or has it */
	struct stripe_refund own;	/* made for this request; id "": none */
};

/* True of a refund that came to nothing. */
bool refund_has_failed(const struct stripe_refund *refund);

/* request names ours.  ST_UPSTREAM for more refunds than a page holds. */
NODISCARD enum status refund_look(struct stripe *stripe,
    const char *payment_intent, const char *request, int64_t deadline_ms,
    struct refund_look *look, struct err *err);

#endif
