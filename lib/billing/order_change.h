/*
 * What the treasurer decides about an order that is not paid: to cancel it, to
 * change its amount, to record money that came by another way, or to attach a
 * payment to it that waits for a person.  Its open session is ended first; a
 * session that was paid meanwhile stops the act.
 */
#ifndef TEAMDUES_BILLING_ORDER_CHANGE_H
#define TEAMDUES_BILLING_ORDER_CHANGE_H

#include "app/app.h"
#include "store/act_result.h"
#include "store/checkout.h"
#include "store/order_acts.h"

struct order_change_result {
	struct act_result result;
	enum order_status status;	/* the order's, at the end */
	char session_id[STORE_ID_SIZE];	/* its open one; "": none */
	int ended;			/* sessions that were ended for it */
	bool was_complete;		/* session_id was: its payment is
					 * applied, and the act refused */
};

/*
 * ST_BAD_INPUT: an amount below what Stripe charges; ST_UPSTREAM,
 * ST_UPSTREAM_BUSY: the session could not be ended, and nothing is changed.
 */
NODISCARD enum status order_change_apply(struct app *app,
    const struct order_change *change, const char *actor, bool commit,
    struct order_change_result *done, struct err *err);

#endif
