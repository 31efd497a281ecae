/*
 * Items: facts in the form that sql/functions/record.sql takes.  Each builder
 * gives a new object that the caller puts.  ST_NOMEM.
 */
#ifndef TEAMDUES_BILLING_ITEM_H
#define TEAMDUES_BILLING_ITEM_H

#include "base/json.h"
#include "stripe/charge.h"
#include "stripe/event.h"

/* How an item is to be taken, and why when it brings no fact. */
struct verdict {
	const char *disposition;	/* fact, ignored, foreign, refused */
	const char *reason;
};

/* A fact as a member of an item: { name: object }. */
struct fact {
	const char *name;	/* "session", "refund", ...; NULL: none */
	struct json_object *json;	/* owned */
};

void fact_clear(struct fact *fact);

/* The event's envelope, with the body that was signed. */
NODISCARD enum status item_event(const struct stripe_event *event,
    const char *body, struct json_object **json, struct err *err);

NODISCARD enum status item_charge(const struct stripe_charge *charge,
    struct json_object **json, struct err *err);
NODISCARD enum status item_refund(const struct stripe_refund *refund,
    struct json_object **json, struct err *err);

/* facts: "needs_response", "funds_withdrawn", ...; NULL-ended. */
NODISCARD enum status item_dispute(const struct stripe_dispute *dispute,
    const char *const *facts, struct json_object **json, struct err *err);

/* at: Unix seconds. */
NODISCARD enum status item_failure(const struct stripe_failure *failure,
    int64_t at, struct json_object **json, struct err *err);

/*
 * The whole item.  Takes envelope (NULL: Stripe was asked) and fact, whatever
 * happens.
 */
NODISCARD enum status item_new(struct json_object *envelope,
    struct fact *fact, const struct verdict *verdict,
    struct json_object **item, struct err *err);

#endif
