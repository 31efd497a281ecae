/* The families that the desk lists and finds. */
#ifndef TEAMDUES_STORE_DESK_FAMILIES_H
#define TEAMDUES_STORE_DESK_FAMILIES_H

#include "store/store.h"

struct desk_families_query {
	const char *session;	/* SHA-256 of the cookie in hex; NULL: none */
	const char *text;	/* what is looked for; "": all */
	bool is_owing;		/* only of those who owe */
	const char *zone;	/* the club's, and its currency */
	const char *currency;
	const char *after;	/* key of the row before; NULL: the first */
	int64_t limit;
};

/*
 * Gives {user, rows, sums} as a list of the desk has them, and payments, which
 * are found but no family's yet.  The caller clears doc.  ST_UNAUTHENTICATED:
 * nobody is signed in; ST_BAD_INPUT: after is no key.
 */
NODISCARD enum status store_desk_families(struct store *store,
    const struct desk_families_query *query, struct json_doc *doc,
    struct err *err);

#endif
