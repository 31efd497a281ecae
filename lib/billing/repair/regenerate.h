/*
 * The repair of a tournament: each pending order whose session is broken gets a
 * new one, and what was paid at Stripe meanwhile is recorded.  Each order is
 * repaired by itself: when a run is cut off, the next one repairs the rest.
 */
#ifndef TEAMDUES_BILLING_REPAIR_REGENERATE_H
#define TEAMDUES_BILLING_REPAIR_REGENERATE_H

#include "app/app.h"
#include "billing/repair/repair_plan.h"

enum { REGENERATION_REASON_SIZE = 1024, REGENERATION_LINK_SIZE = 4096 };

struct regenerate_options {
	bool commit;
	bool force;		/* replace good sessions too */
	bool is_anyway;		/* whoever paid in an adopted session */
};

/* What is done about an order (without commit: would be), and why. */
struct regeneration {
	enum repair repair;
	char reason[REGENERATION_REASON_SIZE];
	char status[STORE_STATUS_SIZE];	/* the order's, after it */
	char payer_name[STRIPE_NAME_SIZE];	/* of the session that is
						 * recorded; or "" */
	char payer_email[STRIPE_EMAIL_SIZE];
	char link[REGENERATION_LINK_SIZE];	/* the pay link; "" unless a
						 * session was replaced */
};

/*
 * ST_NOT_FOUND: no such order; ST_UPSTREAM, ST_UPSTREAM_BUSY: Stripe, and
 * nothing was minted while the old session may still be paid; ST_DB.
 */
NODISCARD enum status regenerate_order(struct app *app,
    int64_t order_id, const struct regenerate_options *options,
    struct regeneration *regeneration, struct err *err);

#endif
