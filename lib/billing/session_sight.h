/*
 * What Stripe shows of all the sessions of one pending order, weighed against
 * each other: what is to be done about the order.  Pure functions.
 */
#ifndef TEAMDUES_BILLING_SESSION_SIGHT_H
#define TEAMDUES_BILLING_SESSION_SIGHT_H

#include <stdbool.h>

#include "store/checkout.h"
#include "stripe/session.h"

/* A later one outweighs an earlier one. */
enum session_sight {
	SIGHT_NONE,		/* the order has no session */
	SIGHT_UNKNOWN,		/* to Stripe */
	SIGHT_EXPIRED,
	SIGHT_FAILED,		/* complete; its bank payment came to nothing */
	SIGHT_GOOD,		/* open, and what the order needs */
	SIGHT_BROKEN,		/* open, and not that, or not open here */
	SIGHT_UNPAID,		/* complete; a bank payment is under way */
	SIGHT_PAID,
};

enum repair {
	REPAIR_LEAVE,
	REPAIR_REPLACE,		/* end what is open, mint another */
	REPAIR_FULFIL,		/* put the weightiest session through
				 * fulfilment; never replace it */
	REPAIR_REFUSE,		/* neither: it is somebody else's, it seems */
	REPAIR_MAX
};

enum { SIGHT_REASON_SIZE = 256 };

struct order_sight {
	enum session_sight sight;	/* the weightiest */
	char session_id[STRIPE_ID_SIZE];	/* whose */
	char reason[SIGHT_REASON_SIZE];	/* in words */
	char open_id[STRIPE_ID_SIZE];	/* open here; "": none is */
	bool is_open_good;		/* at Stripe as well */
};

/* One session of the order. */
struct seen_session {
	const char *session_id;
	bool is_open_here;
	const struct stripe_session *shown;	/* NULL: unknown to Stripe */
};

/* sight begins as { 0 }.  True when the session outweighs those before it. */
bool order_sight_add(struct order_sight *sight,
    const struct checkout_order *order, const struct seen_session *seen);

/* force: good sessions are replaced as well. */
enum repair order_sight_decide(struct order_sight *sight, bool force);

/* The open session that must not be used again; "" when there is none. */
const char *order_sight_replaced(const struct order_sight *sight,
    bool force);

#endif
