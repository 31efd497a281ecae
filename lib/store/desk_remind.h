/*
 * A reminder of an order, or of all that a family owes, as the desk shows it
 * before it is sent: sql/functions/desk_remind.sql.  session is the SHA-256 of
 * the cookie in hex, NULL without one; the caller clears doc.
 * ST_UNAUTHENTICATED: nobody is signed in; ST_NOT_FOUND.
 */
#ifndef TEAMDUES_STORE_DESK_REMIND_H
#define TEAMDUES_STORE_DESK_REMIND_H

#include "store/store.h"

/* What store_desk_order_subject() gives, with reminders: [{player_id, order_id,
 * facts}] as store_desk_show_mail() takes them; none where nobody is mailed. */
NODISCARD enum status store_desk_reminder(struct store *store,
    const char *session, int64_t order_id, const char *zone,
    struct json_doc *doc, struct err *err);

/* The same with what store_desk_family_subject() gives. */
NODISCARD enum status store_desk_family_reminders(struct store *store,
    const char *session, int64_t parent_id, const char *zone,
    struct json_doc *doc, struct err *err);

#endif
