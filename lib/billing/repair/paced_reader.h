/*
 * Reading much from Stripe without being in its way: at most some twenty reads
 * a second, and whatever is only busy (429, 5xx, unreachable) is waited out for
 * a while.  For commands: a program that serves people has no time for it.
 */
#ifndef TEAMDUES_BILLING_REPAIR_PACED_READER_H
#define TEAMDUES_BILLING_REPAIR_PACED_READER_H

#include "stripe/session.h"

struct paced_reader {
	struct stripe *stripe;
	int64_t next_ms;	/* clock_monotonic_ms; 0 at first */
};

/* An object of a list, lent for the call; a status other than ST_OK ends it. */
typedef enum status paced_reader_object(void *context, struct json_node json,
    struct err *err);

/* The account's sessions created since then (Unix seconds), newest first, as
 * stripe_session_list shows them; and another list, "/v1/refunds". */
NODISCARD enum status paced_reader_each_session(struct paced_reader *reader,
    int64_t created_from, paced_reader_object *each, void *context,
    struct err *err);
NODISCARD enum status paced_reader_each(struct paced_reader *reader,
    const char *path, int64_t created_from, paced_reader_object *each,
    void *context, struct err *err);

/* Of a payment intent, as stripe_refund_list and stripe_dispute_list. */
NODISCARD enum status paced_reader_refunds(struct paced_reader *reader,
    const char *payment_intent, struct json_doc *page, struct err *err);
NODISCARD enum status paced_reader_disputes(struct paced_reader *reader,
    const char *payment_intent, struct json_doc *page, struct err *err);

/* As stripe_session_retrieve; the caller clears session in any case. */
NODISCARD enum status paced_reader_session(struct paced_reader *reader,
    const char *id, struct stripe_session *session, struct err *err);

#endif
