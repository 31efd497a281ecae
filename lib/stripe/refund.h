/*
 * Giving money back (docs: api/refunds): a refund of a payment intent, in whole
 * or in part.  What was given back before is read by charge.h.
 */
#ifndef TEAMDUES_STRIPE_REFUND_H
#define TEAMDUES_STRIPE_REFUND_H

#include "stripe/charge.h"
#include "stripe/session.h"

struct stripe_refund_request {
	const char *payment_intent;
	int64_t amount;		/* cents */
	const char *idempotency_key;
	const struct stripe_pair *metadata;
	size_t metadata_count;
};

/*
 * refund is what Stripe made, which may be pending, or failed at once.
 * Statuses as stripe_post, details in reply; ST_UPSTREAM, too, for an answer
 * that cannot be read: then the money may or may not go back.
 */
NODISCARD enum status stripe_refund_create(struct stripe *stripe,
    const struct stripe_refund_request *request, int64_t deadline_ms,
    struct stripe_refund *refund, struct stripe_reply *reply,
    struct err *err);

#endif
