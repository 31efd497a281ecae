/*
 * Giving money back through Stripe.  What Stripe answers goes into the books at
 * once, as its event would bring it later.  What is to be given back is asked
 * of Stripe first, every time, so that a request that was cut off anywhere is
 * finished and never done twice.
 */
#ifndef TEAMDUES_BILLING_REFUND_H
#define TEAMDUES_BILLING_REFUND_H

#include "app/app.h"
#include "store/act_result.h"

struct refund_request {
	int64_t order_id;	/* 0: the payment alone is meant */
	const char *payment;	/* an event's id or a session's; or NULL */
	int64_t amount_cents;	/* 0: all that is left */
	const char *id;		/* names the request for ever, also in a
				 * database that was restored; NULL: made of the
				 * order, the amount and the refunds so far */
	const char *reason;	/* "" when none is given */
	const char *actor;
	bool is_plain;		/* the result's words are for somebody who
				 * knows none of Stripe's numbers */
};

/*
 * result: refused while a payment is disputed, for more than is left to give
 * back, or when Stripe says at once that it came to nothing; already when
 * nothing is left.  ST_NOT_FOUND; ST_UPSTREAM: Stripe refused;
 * ST_UPSTREAM_BUSY, ST_DB: it may have gone through, and the same request again
 * finds out.
 */
NODISCARD enum status refund_give(struct app *app,
    const struct refund_request *request, bool commit,
    struct act_result *result, struct err *err);

#endif
