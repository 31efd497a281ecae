/* The desk's first page. */
#ifndef TEAMDUES_STORE_DESK_TODAY_H
#define TEAMDUES_STORE_DESK_TODAY_H

#include "store/store.h"

/*
 * session is the SHA-256 of the cookie in hex, NULL without one.  Gives {user,
 * needs, money, week} (sql/functions/desk_today.sql), which the caller clears.
 * ST_UNAUTHENTICATED: nobody is signed in.
 */
NODISCARD enum status store_desk_today(struct store *store,
    const char *session, const char *zone, const char *currency,
    struct json_doc *doc, struct err *err);

#endif
