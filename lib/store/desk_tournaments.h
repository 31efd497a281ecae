/* Tournaments at the desk: sql/functions/desk_tournaments.sql. */
#ifndef TEAMDUES_STORE_DESK_TOURNAMENTS_H
#define TEAMDUES_STORE_DESK_TOURNAMENTS_H

#include "store/store.h"

struct desk_tournaments_query {
	const char *session;	/* as store_desk_today's */
	const char *when;	/* "", "coming" or "past" */
	const char *zone;	/* the club's, and its currency */
	const char *currency;
	const char *after;	/* the key of the row before; NULL: none */
	int64_t limit;
};

/* A page of the list, as lib/desk/list.h wants it.  ST_UNAUTHENTICATED. */
NODISCARD enum status store_desk_tournaments(struct store *store,
    const struct desk_tournaments_query *query, struct json_doc *doc,
    struct err *err);

/*
 * What an act is about: a tournament, or with tournament_id 0 one that is to be
 * added; with a team, or names with commas between ("": neither), who would
 * enter, as entrants: [{who, team, what}].  ST_UNAUTHENTICATED, ST_NOT_FOUND.
 */
NODISCARD enum status store_desk_tournament_subject(struct store *store,
    const char *session, int64_t tournament_id, const char *team,
    const char *names, struct json_doc *doc, struct err *err);

#endif
