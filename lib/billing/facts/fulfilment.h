/*
 * What Stripe says becomes the club's books here, and only here: events that it
 * sends, sessions that we asked it for, refunds that it made for us.  All end
 * in the same SQL function; what they say is recorded, matched and applied in
 * one transaction.
 */
#ifndef TEAMDUES_BILLING_FACTS_FULFILMENT_H
#define TEAMDUES_BILLING_FACTS_FULFILMENT_H

#include <stddef.h>

#include "app/app.h"
#include "store/ledger.h"
#include "stripe/charge.h"
#include "stripe/session.h"

/*
 * The type of the event by which doctor tries the way to the webhook program:
 * it says nothing and is recorded nowhere.
 */
#define FULFILMENT_PROBE "teamdues.probe"

/*
 * A webhook's body, its signature already checked.  ST_OK after the commit;
 * ST_BAD_INPUT when the body is no event that we can read, or its id was
 * recorded with another body; ST_DB, ST_DB_BUSY when it could not be committed.
 */
NODISCARD enum status fulfilment_event(struct app *app,
    const char *body, size_t len, struct record_result *result,
    struct err *err);

/*
 * A session as Stripe just showed it to us (fetched, not replayed).  An open
 * one says nothing and changes nothing.  ST_DB.
 */
NODISCARD enum status fulfilment_session(struct app *app,
    const struct stripe_session *session, struct record_result *result,
    struct err *err);

/*
 * A refund that Stripe has just made, or just showed us; its event says the
 * same again.  One that the database refuses is only logged: the money went all
 * the same.  ST_DB, ST_DB_BUSY.
 */
NODISCARD enum status fulfilment_refund(struct app *app,
    const struct stripe_refund *refund, struct err *err);

/* Stripe has just expired the session for us: it is marked so. */
NODISCARD enum status fulfilment_session_gone(struct app *app,
    const char *session_id, struct err *err);

/*
 * Stripe does not know the session (404): it is marked as expired too.  But
 * Stripe must know a session of ours that it made less than a day ago, unless
 * our key is another account's: then ST_UPSTREAM, logged as an error, and
 * nothing is marked.
 */
NODISCARD enum status fulfilment_session_unknown(struct app *app,
    const char *session_id, struct err *err);

/* Only that check: ST_OK when the 404 may be believed. */
NODISCARD enum status fulfilment_check_unknown(struct app *app,
    const char *session_id, struct err *err);

/*
 * Logs what was recorded, one line for each; a payment without a place is an
 * error, once.  For callers that record answers by themselves.
 */
void fulfilment_log(const char *what, const char *id,
    const struct record_result *result);

#endif
