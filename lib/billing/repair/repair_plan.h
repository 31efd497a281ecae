/*
 * Decides what to do about one pending order from all its sessions, as Stripe
 * shows them.  Pure functions.
 */
#ifndef TEAMDUES_BILLING_REPAIR_REPAIR_PLAN_H
#define TEAMDUES_BILLING_REPAIR_REPAIR_PLAN_H

#include <stdbool.h>

#include "store/checkout.h"
#include "stripe/session.h"

/* A later one outweighs an earlier one. */
enum session_finding {
	FOUND_NONE,		/* the order has no session */
	FOUND_UNKNOWN,		/* to Stripe */
	FOUND_EXPIRED,
	FOUND_FAILED,		/* complete; its bank payment failed */
	FOUND_GOOD,		/* open, and what the order needs */
	FOUND_BROKEN,		/* open, but wrong, or not open here */
	FOUND_UNPAID,		/* complete; a bank payment is under way */
	FOUND_PAID,
};

enum repair {
	REPAIR_LEAVE,
	REPAIR_REPLACE,		/* end what is open, mint another */
	REPAIR_FULFIL,		/* record what the weightiest session
				 * brought; never replace it */
	REPAIR_REFUSE,		/* neither: another family may have paid */
	REPAIR_MAX
};

enum { REPAIR_REASON_SIZE = 256 };

struct repair_plan {
	enum session_finding found;	/* the weightiest */
	char session_id[STRIPE_ID_SIZE];	/* whose */
	char reason[REPAIR_REASON_SIZE];	/* in words */
	char open_id[STRIPE_ID_SIZE];	/* open here; "": none is */
	bool is_open_good;		/* at Stripe as well */
};

/* One session of the order. */
struct seen_session {
	const char *session_id;
	bool is_open_here;
	const struct stripe_session *shown;	/* NULL: unknown to Stripe */
};

/* plan begins as { 0 }.  True when the session outweighs those before it. */
bool repair_plan_add(struct repair_plan *plan,
    const struct checkout_order *order, const struct seen_session *seen);

/* force: replace good sessions too. */
enum repair repair_plan_decide(struct repair_plan *plan, bool force);

/* The open session that must not be used again; "" when there is none. */
const char *repair_plan_replaced(const struct repair_plan *plan,
    bool force);

#endif
