/*
 * What Stripe shows of one payment's money now: how much was given back, and
 * whether a bank disputes it.  The books may be behind Stripe, so a refund
 * begins with this look.
 */
#ifndef TEAMDUES_BILLING_REFUND_LOOK_H
#define TEAMDUES_BILLING_REFUND_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "stripe/charge.h"
#include "stripe/reply.h"

struct refund_look {
	int64_t given_cents;	/* given back, pending refunds included */
	int64_t pending_cents;	/* the pending part of it */
	size_t count;		/* refunds so far, the failed ones too */
	bool is_disputed;	/* a bank holds the money, or may take it */
	struct stripe_refund own;	/* made for this request; id "": none */
};

/*
 * True of a refund that failed or was cancelled: the club still has the money.
 */
bool refund_has_failed(const struct stripe_refund *refund);

/*
 * Appends what became of a refund: "of pi_1, refund re_1 is succeeded", or
 * without a payment_intent, for who knows none of Stripe's numbers, "goes back
 * the way it came, within 5 to 10 days".
 */
void refund_put(const struct stripe_refund *refund,
    const char *payment_intent, struct buf *words);

/*
 * Puts Stripe's refusal of a refund into words for who knows none of its codes,
 * before those that err has; err of anything else stays.  Gives err's status.
 */
NODISCARD enum status refund_refused(const struct stripe_reply *reply,
    struct err *err);

/*
 * request is the id whose refund becomes look->own; NULL: none.  ST_UPSTREAM
 * when the payment has more refunds than a page holds.
 */
NODISCARD enum status refund_look(struct stripe *stripe,
    const char *payment_intent, const char *request, int64_t deadline_ms,
    struct refund_look *look, struct err *err);

#endif
