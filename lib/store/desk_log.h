/* Who did what, as the desk lists it. */
#ifndef TEAMDUES_STORE_DESK_LOG_H
#define TEAMDUES_STORE_DESK_LOG_H

#include "store/store.h"

struct desk_log_query {
	const char *session;	/* SHA-256 of the cookie in hex; NULL: none */
	const char *who;	/* whoever did it; these four: "": any */
	const char *what;	/* the act's word, as the log has it */
	const char *day;	/* YYYY-MM-DD, in zone */
	const char *order_id;
	const char *after;	/* key of the row before; NULL: the first */
	const char *zone;
	int64_t limit;
};

/*
 * Gives {user, choices, rows} as a list of the desk has them, which the caller
 * clears.  ST_UNAUTHENTICATED: nobody is signed in; ST_BAD_INPUT: day is none,
 * or order_id or after is no number.
 */
NODISCARD enum status store_desk_log(struct store *store,
    const struct desk_log_query *query, struct json_doc *doc,
    struct err *err);

#endif
