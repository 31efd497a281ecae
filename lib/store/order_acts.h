/*
 * What people decide about an order: sql/functions/order_acts.sql.  Each act is
 * refused or done as a whole and writes who did it; without commit it only says
 * what it would do.
 */
#ifndef TEAMDUES_STORE_ORDER_ACTS_H
#define TEAMDUES_STORE_ORDER_ACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/act_result.h"

struct order_change {
	int64_t order_id;
	const char *payment;	/* is attached: an event's id or a session's;
				 * NULL: action says what is done */
	bool leaves_open;	/* who attaches holds no key of Stripe's: the
				 * order's open session is left to the list */
	bool is_anyway;		/* though the payer is a stranger, or the order
				 * needs no payment */
	const char *action;	/* "cancel", "waive", "reopen", "adjust",
				 * "record payment", "unrecord payment" */
	const char *reason;	/* of all but "record payment"; may be NULL
				 * where something is taken back */
	int64_t amount_cents;	/* of "adjust"; of "record payment", where 0 is
				 * all that is left */
	const char *source;	/* of "record payment": "cash", "cheque",
				 * "transfer" */
	const char *reference;	/* of the last two; of "unrecord payment" it
				 * may be NULL: the only one */
	const char *received_on;	/* of "record payment": the day on
				 * which it came, YYYY-MM-DD; NULL: today, in */
	const char *zone;	/* the club's; may be NULL with received_on */
};

/*
 * ACT_REFUSED unless the order is pending (for a payment, cancelled will do),
 * or there is what is to be taken back; with commit, while a pending one has an
 * open session.
 */
NODISCARD enum status store_change_order(struct store *store,
    const struct order_change *change, const char *actor, bool commit,
    struct act_result *result, struct err *err);

#endif
