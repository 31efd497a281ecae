/*
 * The one way to a Checkout Session: nothing else in teamdues creates one (the
 * build checks it).  An order's open session is used again while amount and
 * currency match and it has time left; else it is expired and a fresh one is
 * minted.  Clicks that race, and crashes between any two steps, end at one
 * session per order.
 */
#ifndef TEAMDUES_BILLING_CHECKOUT_H
#define TEAMDUES_BILLING_CHECKOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "store/checkout.h"

/*
 * A session with less time left is replaced: its payer may be slow.  The
 * deadline is for all calls to Stripe of one click.
 */
enum { SESSION_LEFT_MIN_S = 600, CHECKOUT_DEADLINE_MS = 20000 };

enum checkout_outcome {
	CHECKOUT_GO,		/* pay at session.url */
	CHECKOUT_PAID,		/* paid, in part refunded, or disputed */
	CHECKOUT_PROCESSING,	/* a bank payment is under way */
	CHECKOUT_WAIVED,	/* nothing is owed */
	CHECKOUT_REVIEW,	/* what was paid waits for a person */
	CHECKOUT_CLOSED,	/* refunded, charged back or cancelled */
};

struct checkout {
	enum checkout_outcome outcome;
	bool is_minted;			/* GO: by this very call */
	struct checkout_order order;	/* as last read; session for GO */
};

/*
 * Which money that has come, and may be this order's, stops a click; each kind
 * includes the one before it.
 */
enum checkout_care {
	CHECKOUT_PAY_ANYWAY,	/* none: the payer saw it and goes on */
	CHECKOUT_CARE_REVIEW,	/* a payment of the order under review */
	CHECKOUT_CARE_ALL,	/* also one that may be the order's */
};

struct checkout_click {
	int64_t order_id;
	const char *word;	/* the link's; NULL: not from a link */
	enum checkout_care care;
	int64_t deadline_ms;
};

/*
 * Finds or makes the session at which the order is paid, or says why there is
 * none.  All calls to Stripe together take until deadline_ms
 * (clock_monotonic_ms) at most, and no connection to the database is held
 * meanwhile.  ST_NOT_FOUND: no such order; ST_GONE: the link's word is not the
 * order's; ST_UPSTREAM, ST_UPSTREAM_BUSY: Stripe; ST_DB.
 */
NODISCARD enum status checkout_start(struct app *app,
    const struct checkout_click *asked, struct checkout *checkout,
    struct err *err);

struct checkout_replacement {
	int64_t order_id;
	const char *session_id;	/* the one to replace; "": the order had no
				 * open session */
	int64_t deadline_ms;
};

/*
 * Ends that session and mints another in its place, where checkout_start would
 * use it again.  An open session other than that one is left alone: somebody
 * else was first (GO, not is_minted).  Nothing is minted while the old one may
 * still be paid.  Statuses as checkout_start.
 */
NODISCARD enum status checkout_replace(struct app *app,
    const struct checkout_replacement *replacement,
    struct checkout *checkout, struct err *err);

#endif
