/*
 * What a payer who comes back from Stripe asks: what has become of a session.
 * When no event has reported it for a while, Stripe is asked, and its answer
 * goes through the same fulfilment as an event.
 */
#ifndef TEAMDUES_BILLING_SESSION_STATUS_H
#define TEAMDUES_BILLING_SESSION_STATUS_H

#include "app/app.h"
#include "store/checkout.h"

/*
 * ST_NOT_FOUND when the session is not of an order of ours; ST_DB.  A question
 * to Stripe that fails is logged and leaves the state as it is.
 */
NODISCARD enum status session_status_ask(struct app *app,
    const char *session_id, struct session_state *state,
    struct err *err);

#endif
