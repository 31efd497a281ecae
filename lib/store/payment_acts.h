/*
 * What people decide about payments: sql/functions/payment_acts.sql.
 * Each act is refused or done as a whole and writes who did it; without commit
 * it only says what it would do.
 */
#ifndef TEAMDUES_STORE_PAYMENT_ACTS_H
#define TEAMDUES_STORE_PAYMENT_ACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/act_result.h"

struct attachment {
	const char *payment;	/* an event's id or a session's */
	int64_t order_id;
	bool leaves_open;	/* who attaches holds no key of Stripe's: the
				 * order's open session is left to the list */
	bool is_anyway;		/* though the payer is a stranger, or the order
				 * needs no payment */
};

NODISCARD enum status store_attach_payment(struct store *store,
    const struct attachment *attachment, const char *actor, bool commit,
    struct act_result *result, struct err *err);

/*
 * What a person is shown before a payment is attached: payer_name, payer_email,
 * amount_cents, currency, paid_at, order_id, order_status, player_name, team,
 * parent_name, parent_email, product_name, left_cents.  No row when the payment
 * or the order is unknown.
 */
NODISCARD enum status store_attach_facts(struct store *store,
    const char *payment, int64_t order_id, store_row *each, void *context,
    struct err *err);

/* The way back from an attachment. */
NODISCARD enum status store_detach(struct store *store, const char *key,
    const char *actor, bool commit, struct act_result *result,
    struct err *err);

/* before is Unix seconds; count is of bodies that are (or would be) gone. */
NODISCARD enum status store_prune_payloads(struct store *store,
    int64_t before, bool commit, int64_t *count, struct err *err);

#endif
