/* A reminder of one order, as the desk shows it before it is sent:
 * sql/functions/desk_remind.sql. */
#ifndef TEAMDUES_STORE_DESK_REMIND_H
#define TEAMDUES_STORE_DESK_REMIND_H

#include "store/store.h"

/*
 * What store_desk_order_subject() gives, with reminder: {player_id, order_id,
 * facts} as store_desk_show_mail() takes them; null where nobody would be
 * mailed.  session is the SHA-256 of the cookie in hex, NULL without one; the
 * caller clears doc.  ST_UNAUTHENTICATED: nobody is signed in; ST_NOT_FOUND.
 */
NODISCARD enum status store_desk_reminder(struct store *store,
    const char *session, int64_t order_id, const char *zone,
    struct json_doc *doc, struct err *err);

#endif
