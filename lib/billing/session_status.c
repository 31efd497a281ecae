/*
 * Every payer's page asks again and again, so the database limits the questions
 * to Stripe, for all hosts together.
 */
#include "billing/session_status.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "billing/facts/fulfilment.h"
#include "store/reconcile.h"
#include "stripe/session.h"

/* The payer's page asks again soon: no thread waits longer for Stripe. */
enum { QUESTION_MS = 5000 };

/*
 * A session that has expired cannot be paid any more: Stripe has nothing to add
 * to it.
 */
static bool
is_worth_asking(const struct session_state *state)
{
	return state->order_status == ORDER_PENDING &&
	    strcmp(state->session_status, "expired") != 0;
}

static enum status
ask(struct app *app, const char *session_id, struct err *err)
{
	struct stripe_session session;
	struct record_result result;
	enum status st;

	st = stripe_session_retrieve(app->stripe, session_id,
	    clock_monotonic_ms() + QUESTION_MS, &session, err);
	if (st == ST_OK)
		st = fulfilment_session(app, &session, &result, err);
	else if (st == ST_NOT_FOUND)
		st = fulfilment_session_unknown(app, session_id, err);
	stripe_session_clear(&session);
	return st;
}

/*
 * True when Stripe was asked and its answer is recorded.  A failure is only
 * logged: the payer is shown what the books know, and asks again.
 */
static bool
has_healed(struct app *app, const char *session_id)
{
	bool is_granted = false;
	struct err err;
	enum status st;

	st = store_claim_question(app->store, session_id, &is_granted,
	    &err);
	if (st == ST_OK && !is_granted)
		return false;
	if (st == ST_OK)
		st = ask(app, session_id, &err);
	if (st != ST_OK)
		log_event(LOG_WARN, "session_status",
		    LOG_TEXT("id", session_id), LOG_TEXT("error", err.msg),
		    NULL);
	return st == ST_OK;
}

enum status
session_status_ask(struct app *app, const char *session_id,
    struct session_state *state, struct err *err)
{
	enum status st;

	st = store_session_status(app->store, session_id, state, err);
	if (st == ST_OK && is_worth_asking(state) &&
	    has_healed(app, session_id))
		st = store_session_status(app->store, session_id, state,
		    err);
	return st;
}
