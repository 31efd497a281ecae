/*
 * A tournament, as the desk shows it: sql/functions/desk_tournament.sql.  The
 * caller clears doc.  ST_UNAUTHENTICATED: nobody is signed in; ST_NOT_FOUND.
 */
#ifndef TEAMDUES_STORE_DESK_TOURNAMENT_H
#define TEAMDUES_STORE_DESK_TOURNAMENT_H

#include "store/store.h"

struct desk_roster_query {
	const char *session;	/* SHA-256 of the cookie, in hex; or NULL */
	const char *tournament_id;
	const char *status;	/* NULL: all but the cancelled */
	const char *after;	/* the key of the row before; NULL: none */
	int64_t limit;
	const char *zone;
};

/* Who is in it, by name, and how their orders stand. */
NODISCARD enum status store_desk_tournament(struct store *store,
    const struct desk_roster_query *query, struct json_doc *doc,
    struct err *err);

/* The list for the gate, limit names at most. */
NODISCARD enum status store_desk_gate(struct store *store,
    const char *session, int64_t tournament_id, int64_t limit,
    struct json_doc *doc, struct err *err);

#endif
