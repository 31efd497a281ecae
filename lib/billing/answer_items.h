/*
 * Items made of what Stripe shows when it is asked, as judgement.h makes them
 * of its events.  The caller puts what it is given; lists are arrays of items
 * that grow.  ST_NOMEM, and ST_BAD_INPUT for an object that cannot be read.
 */
#ifndef TEAMDUES_BILLING_ANSWER_ITEMS_H
#define TEAMDUES_BILLING_ANSWER_ITEMS_H

#include <stdbool.h>

#include "billing/item.h"
#include "stripe/session.h"

/* *item stays NULL while the session is open: that says nothing.  livemode:
 * ours. */
NODISCARD enum status answer_session(const struct stripe_session *session,
    bool livemode, struct json_object **item, struct err *err);

/* Of a session that Stripe does not know (any more): it has expired. */
NODISCARD enum status answer_gone(const char *session_id,
    struct json_object **item, struct err *err);

NODISCARD enum status answer_add(struct json_object *items,
    struct json_object *item, struct err *err);

NODISCARD enum status answer_add_charge(struct json_object *items,
    const struct stripe_charge *charge, struct err *err);

/* page: of stripe_refund_list, stripe_dispute_list. */
NODISCARD enum status answer_add_refunds(struct json_object *items,
    struct json_node page, struct err *err);
NODISCARD enum status answer_add_disputes(struct json_object *items,
    struct json_node page, struct err *err);

#endif
