/* The desk's page of rosters: sql/functions/desk_rosters.sql. */
#ifndef TEAMDUES_STORE_DESK_ROSTERS_H
#define TEAMDUES_STORE_DESK_ROSTERS_H

#include "store/store.h"

/*
 * rows is what roster_parse gives; NULL for the page without a file.  Gives
 * {user} and, with rows, what importing them would do: {seen, new, changed,
 * same, lines: [{line, player_name, team, what, changes}], missing, absent:
 * [{who}]}.  session as store_desk_today's; the caller clears doc.
 * ST_UNAUTHENTICATED; ST_DENIED: a viewer brought rows.
 */
NODISCARD enum status store_desk_rosters(struct store *store,
    const char *session, const struct buf *rows, struct json_doc *doc,
    struct err *err);

#endif
