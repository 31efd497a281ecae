#include "billing/session_close.h"

#include "billing/fulfilment.h"
#include "stripe/session.h"

/* What Stripe shows of a session goes into the books before anything else. */
static enum status
look_again(struct billing *billing, const char *session_id,
    int64_t deadline_ms, bool *is_complete, struct err *err)
{
	struct stripe_session session = { .id = "" };
	struct standing standing;
	enum status st;

	st = stripe_session_retrieve(billing->stripe, session_id, deadline_ms,
	    &session, err);
	*is_complete = st == ST_OK && session.status == SESSION_COMPLETE;
	if (st == ST_NOT_FOUND)
		st = fulfilment_session_gone(billing, session_id, err);
	else if (st == ST_OK && session.status == SESSION_OPEN)
		st = err_set(err, ST_UPSTREAM_BUSY,
		    "%s is open and will not expire", session_id);
	else if (st == ST_OK)
		st = fulfilment_session(billing, &session, &standing, err);
	stripe_session_clear(&session);
	return st;
}

enum status
session_close(struct billing *billing, const char *session_id,
    int64_t deadline_ms, bool *is_complete, struct err *err)
{
	enum status st;

	*is_complete = false;
	st = stripe_session_expire(billing->stripe, session_id, deadline_ms,
	    err);
	if (st == ST_CONFLICT || st == ST_NOT_FOUND)
		return look_again(billing, session_id, deadline_ms,
		    is_complete, err);
	if (st == ST_OK)
		st = fulfilment_session_gone(billing, session_id, err);
	return st;
}
