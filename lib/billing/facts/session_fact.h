/*
 * From a session of Stripe's to the fact that it states.
 */
#ifndef TEAMDUES_BILLING_FACTS_SESSION_FACT_H
#define TEAMDUES_BILLING_FACTS_SESSION_FACT_H

#include <stdbool.h>
#include <stdint.h>

#include "store/fact_item.h"
#include "stripe/session.h"

/*
 * "paid", "free", "unpaid", "failed" or "expired"; NULL while it is open.  A
 * session whose bank payment failed looks like one whose payment is pending:
 * only the payment intent differs, and is read when it is expanded.
 */
const char *session_fact_name(const struct stripe_session *session);

/*
 * Stripe's time of the fact, as far as the object has one: the charge's, else
 * the payment intent's, else the session's creation.  Unix seconds.
 */
int64_t session_fact_time(const struct stripe_session *session);

/*
 * Fills what item says of the session, and that it is a fact; its texts are
 * borrowed from session, and from word.  at: Unix seconds, Stripe's.
 */
void session_fact_fill(struct fact_item *item,
    const struct stripe_session *session, const char *word, int64_t at,
    bool is_our_mode);

#endif
