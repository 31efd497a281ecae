/*
 * Ending an order's session, so that nobody can pay it any more.  It is done at
 * Stripe first and here after it; what had been paid by then goes through
 * fulfilment.
 */
#ifndef TEAMDUES_BILLING_SESSION_EXPIRE_H
#define TEAMDUES_BILLING_SESSION_EXPIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"

/*
 * Expires a session at Stripe and here.  *is_complete: it turned out to be paid
 * (or a bank's money to be on its way), and that is applied.  ST_UPSTREAM,
 * ST_UPSTREAM_BUSY: it may still be open; ST_DB.
 */
NODISCARD enum status session_expire(struct app *app,
    const char *session_id, int64_t deadline_ms, bool *is_complete,
    struct err *err);

/*
 * Families may click while we end their session: whoever must end it tries this
 * often, as each round ends the one that the round before did not know of.
 */
enum { EXPIRE_ROUNDS_MAX = 5 };

/* The last round is over: ST_UPSTREAM_BUSY. */
NODISCARD enum status session_expire_give_up(struct err *err);

/*
 * Ends those that are open while their order is not pending, and that are due,
 * at most max of them; stops at the first that fails, which is logged.
 */
NODISCARD enum status session_expire_strays(struct app *app, int max,
    struct err *err);

#endif
