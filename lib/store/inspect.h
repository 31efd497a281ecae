/* What a person looks at when something does not explain itself. */
#ifndef TEAMDUES_STORE_INSPECT_H
#define TEAMDUES_STORE_INSPECT_H

#include <stdint.h>

#include "store/store.h"

/*
 * What waits for a person, oldest first: columns of unmatched_overview.  key is
 * an event's id or a session's; NULL: all, or as many as limit (0: none) says.
 */
NODISCARD enum status store_unmatched(struct store *store, const char *key,
    int limit, store_row *each, void *context, struct err *err);

/*
 * The payment that stands under such a key, wherever: session_id,
 * payment_intent_id, amount_cents, currency, email, place, reason, order_id,
 * stripe_created, recorded_at, event_ids, history.  At most one row.
 */
NODISCARD enum status store_payment_detail(struct store *store,
    const char *key, store_row *each, void *context, struct err *err);

/* rule_id, field, value, actor, created_at */
NODISCARD enum status store_rules(struct store *store, store_row *each,
    void *context, struct err *err);

/*
 * The columns of order_overview; timeline, all that happened to the order, the
 * oldest first, in the times of zone: at, what, amount_cents, currency, detail;
 * and order_detail's arrays sessions, payments, failures, history, jersey,
 * registration (null when empty).  ST_NOT_FOUND.
 */
struct order_question {
	int64_t order_id;
	const char *zone;
};
NODISCARD enum status store_order_detail(struct store *store,
    const struct order_question *question, store_row *each, void *context,
    struct err *err);

/* ST_BAD_INPUT: the database knows no such time zone. */
NODISCARD enum status store_check_zone(struct store *store, const char *zone,
    struct err *err);

/* name, label, label_value (both null without one), value; by name. */
NODISCARD enum status store_metrics(struct store *store, store_row *each,
    void *context, struct err *err);

#endif
