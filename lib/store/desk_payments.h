/* The money that came and went, as the desk lists it. */
#ifndef TEAMDUES_STORE_DESK_PAYMENTS_H
#define TEAMDUES_STORE_DESK_PAYMENTS_H

#include "store/store.h"

struct desk_payments_query {
	const char *session;	/* SHA-256 of the cookie in hex; NULL: none */
	const char *from;	/* YYYY-MM-DD, in zone; "": this month's 1st */
	const char *until;	/* this day too; "": today */
	const char *how;	/* "Stripe", "cash" and so on; "": any */
	const char *after;	/* key of the row before; NULL: the first */
	const char *zone;
	int64_t limit;
};

/*
 * Gives {user, title, choices, rows, sums} as a list of the desk has them,
 * which the caller clears.  ST_UNAUTHENTICATED: nobody is signed in;
 * ST_BAD_INPUT: a day is none.
 */
NODISCARD enum status store_desk_payments(struct store *store,
    const struct desk_payments_query *query, struct json_doc *doc,
    struct err *err);

#endif
