/*
 * Reading much from Stripe without being in its way: at most some twenty reads
 * a second, and whatever is only busy (429, 5xx, unreachable) is waited out for
 * a while.  For commands: a program that serves people has no time for it.
 */
#ifndef TEAMDUES_BILLING_READER_H
#define TEAMDUES_BILLING_READER_H

#include "stripe/session.h"

struct reader {
	struct stripe *stripe;
	int64_t next_ms;	/* clock_monotonic_ms; 0 at first */
};

/*
 * A page of stripe_session_list's, as many as one page may hold; the caller
 * clears it.  created_from: Unix seconds.  starting_after: NULL for the first.
 */
NODISCARD enum status reader_sessions(struct reader *reader,
    int64_t created_from, const char *starting_after,
    struct json_doc *page, struct err *err);

/* Of a payment intent, as stripe_refund_list and stripe_dispute_list. */
NODISCARD enum status reader_refunds(struct reader *reader,
    const char *payment_intent, struct json_doc *page, struct err *err);
NODISCARD enum status reader_disputes(struct reader *reader,
    const char *payment_intent, struct json_doc *page, struct err *err);

/* As stripe_session_retrieve; the caller clears session in any case. */
NODISCARD enum status reader_session(struct reader *reader, const char *id,
    struct stripe_session *session, struct err *err);

#endif
