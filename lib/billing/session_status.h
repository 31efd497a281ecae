/*
 * The way back from Stripe: a payer asks how a session stands.  Where no event
 * has told of it for a while, Stripe is asked, and its answer goes through the
 * same fulfilment as an event.
 */
#ifndef TEAMDUES_BILLING_SESSION_STATUS_H
#define TEAMDUES_BILLING_SESSION_STATUS_H

#include "app/app.h"
#include "store/checkout.h"

/*
 * ST_NOT_FOUND when the session is not of an order of ours; ST_DB.  A question
 * to Stripe that comes to nothing is logged and leaves the state as it is.
 */
NODISCARD enum status session_status_ask(struct app *app,
    const char *session_id, struct session_state *state,
    struct err *err);

#endif
