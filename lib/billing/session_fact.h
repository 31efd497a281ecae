/*
 * From a session of Stripe's to the fact that it states, in the form that
 * sql/functions/record.sql takes.
 */
#ifndef TEAMDUES_BILLING_SESSION_FACT_H
#define TEAMDUES_BILLING_SESSION_FACT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "stripe/session.h"

/*
 * "paid", "unpaid", "failed", "free", "expired", or NULL while it is open.  A
 * bank debit that came to nothing leaves its session complete and unpaid: its
 * payment intent, where it is expanded, tells.
 */
const char *session_fact_name(const struct stripe_session *session);

/*
 * Stripe's time of the fact as far as the object itself tells: the charge's,
 * else the payment intent's, else the session's creation.  Unix seconds.
 */
int64_t session_fact_time(const struct stripe_session *session);

struct session_fact {
	const struct stripe_session *session;
	const char *name;
	int64_t at;		/* Unix seconds, Stripe's */
	bool is_our_mode;
};

/* The caller puts *json.  ST_NOMEM. */
NODISCARD enum status session_fact_json(const struct session_fact *fact,
    struct json_object **json, struct err *err);

#endif
