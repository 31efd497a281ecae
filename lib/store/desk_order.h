/* One order, as the desk shows it: sql/functions/desk_order.sql. */
#ifndef TEAMDUES_STORE_DESK_ORDER_H
#define TEAMDUES_STORE_DESK_ORDER_H

#include "store/store.h"

/*
 * What the page of an order shows, for session (the SHA-256 of the cookie in
 * hex, NULL without one); the caller clears doc.  ST_UNAUTHENTICATED: nobody is
 * signed in; ST_NOT_FOUND.
 */
NODISCARD enum status store_desk_order(struct store *store,
    const char *session, int64_t order_id, const char *zone,
    struct json_doc *doc, struct err *err);

/* Only what the order is and of whom, for a page that acts on it. */
NODISCARD enum status store_desk_order_subject(struct store *store,
    const char *session, int64_t order_id, const char *zone,
    struct json_doc *doc, struct err *err);

#endif
