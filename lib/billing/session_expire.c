/*
 * The books call a session ended only after Stripe has said so: else they would
 * promise that nobody can pay in it while somebody does.
 */
#include "billing/session_expire.h"

#include "base/clock.h"
#include "base/log.h"
#include "billing/facts/fulfilment.h"
#include "store/stray.h"
#include "stripe/session.h"

/* For one stray: it is due again after a while, if Stripe is slow now. */
enum { STRAY_MS = 10000 };

/*
 * Stripe refused to expire it: the session is complete, expired or unknown.
 * What Stripe shows of it is recorded before the caller goes on, since it may
 * be the payment that makes the next step wrong.
 */
static enum status
look_again(struct app *app, const char *session_id,
    int64_t deadline_ms, bool *is_complete, struct err *err)
{
	struct stripe_session session = { .id = "" };
	struct record_result result;
	enum status st;

	st = stripe_session_retrieve(app->stripe, session_id, deadline_ms,
	    &session, err);
	*is_complete = st == ST_OK && session.status == SESSION_COMPLETE;
	if (st == ST_NOT_FOUND)
		st = fulfilment_session_unknown(app, session_id, err);
	/*
	 * Refused though open: it may still be paid, so the caller must not go
	 * on.
	 */
	else if (st == ST_OK && session.status == SESSION_OPEN)
		st = err_set(err, ST_UPSTREAM_BUSY,
		    "%s is open and will not expire", session_id);
	else if (st == ST_OK)
		st = fulfilment_session(app, &session, &result, err);
	stripe_session_clear(&session);
	return st;
}

enum status
session_expire(struct app *app, const char *session_id,
    int64_t deadline_ms, bool *is_complete, struct err *err)
{
	enum status st;

	*is_complete = false;
	st = stripe_session_expire(app->stripe, session_id, deadline_ms,
	    err);
	if (st == ST_CONFLICT || st == ST_NOT_FOUND)
		return look_again(app, session_id, deadline_ms,
		    is_complete, err);
	if (st == ST_OK)
		st = fulfilment_session_gone(app, session_id, err);
	return st;
}

enum status
session_expire_give_up(struct err *err)
{
	return err_set(err, ST_UPSTREAM_BUSY,
	    "the order's family keeps clicking; try again");
}

/*
 * Logged either way: nobody asked for it, and a family may ask why its payment
 * page closed.
 */
static enum status
close_stray(struct app *app, const char *session_id, struct err *err)
{
	bool was_complete;
	enum status st;

	st = session_expire(app, session_id,
	    clock_monotonic_ms() + STRAY_MS, &was_complete, err);
	if (st == ST_OK)
		log_event(LOG_INFO, "stray_ended", LOG_TEXT("id", session_id),
		    LOG_TEXT("was", was_complete ? "complete" : "open"), NULL);
	else
		log_event(LOG_WARN, "stray", LOG_TEXT("id", session_id),
		    LOG_TEXT("error", err->msg), NULL);
	return st;
}

/*
 * A stray is claimed for one caller and for some time: programs on several
 * hosts do not end the same one, and one that cannot be ended does not hold up
 * the others.  The first failure ends the turn: when Stripe is away, each more
 * would only wait.
 */
enum status
session_expire_strays(struct app *app, int max, struct err *err)
{
	bool livemode = config_livemode(&app->config);
	char session_id[STORE_ID_SIZE];
	enum status st = ST_OK;

	for (int i = 0; st == ST_OK && i < max; i++) {
		st = store_claim_stray(app->store, livemode, session_id,
		    err);
		if (st == ST_OK && session_id[0] == '\0')
			return ST_OK;
		if (st == ST_OK)
			st = close_stray(app, session_id, err);
	}
	return st;
}
