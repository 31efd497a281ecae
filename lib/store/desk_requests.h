/*
 * What a user of the desk asks for, and what became of it:
 * sql/functions/desk_requests.sql.  The database itself refuses what the
 * session's user may not do.
 */
#ifndef TEAMDUES_STORE_DESK_REQUESTS_H
#define TEAMDUES_STORE_DESK_REQUESTS_H

#include "store/act_result.h"

enum desk_state {
	DESK_QUEUED,		/* for the clerk */
	DESK_WORKING,		/* the clerk has begun */
	DESK_DONE,		/* or would be */
	DESK_REFUSED,
	DESK_FAILED,
	DESK_STATE_MAX
};

/* "queued" and so on. */
const char *desk_state_name(enum desk_state state);

/* The state of what store_desk_request gives.  ST_BUG: none that is known. */
NODISCARD enum status desk_state_read(struct json_node request,
    enum desk_state *state, struct err *err);

/*
 * What each action's args hold; an amount that is not there is all of it, a
 * payment's key an event's id or a session's, the rest as struct order_change
 * and struct dismissal have it:
 *   of an order   record_payment (amount_cents, source, reference,
 *                 received_on), adjust (amount_cents), refund
 *                 (amount_cents), unrecord_payment (reference), waive,
 *                 cancel, reopen, remind, ask_stripe
 *   of both       attach (payment, anyway)
 *   of a payment  detach, undismiss (payment), refund (payment, amount_cents),
 *                 dismiss (payment, not_ours, like_field, like_key)
 *   of a rule     remove_rule (rule_id)
 *   of a request that failed  put_away, bring_back (request_id)
 * The forms of lib/desk have what is asked of families, tournaments and mails.
 */
struct desk_act {
	const char *session;	/* SHA-256 of the cookie, in hex */
	const char *form_id;	/* of the form that was sent: one request,
				 * however often it comes */
	const char *action;
	int64_t order_id;	/* 0: none */
	const char *args;	/* a JSON object; NULL: an empty one */
	const char *reason;	/* "" where none is needed */
	const char *seen;	/* the order's `seen` on the page that was acted
				 * on; NULL: it showed none */
	const char *zone;	/* the club's, and its currency */
	const char *currency;
};

struct desk_request {
	int64_t request_id;	/* 0 without commit */
	enum desk_state state;
	char words[ACT_DETAIL_SIZE];	/* for a person */
};

/*
 * Asks, or without commit says what would become of it (DESK_DONE: at once;
 * DESK_QUEUED: the clerk would try).  ST_UNAUTHENTICATED: nobody's session;
 * ST_DENIED: a viewer's; ST_BAD_INPUT: an action, an order or a value that
 * cannot be.
 */
NODISCARD enum status store_desk_act(struct store *store,
    const struct desk_act *act, bool commit, struct desk_request *request,
    struct err *err);

/*
 * How a request stands, {user, state, words, action, ...} as desk_request_shown
 * in sql/functions/desk_requests.sql has it; the caller clears doc.
 * ST_UNAUTHENTICATED, ST_NOT_FOUND.
 */
NODISCARD enum status store_desk_request(struct store *store,
    const char *session, int64_t request_id, struct json_doc *doc,
    struct err *err);

#endif
