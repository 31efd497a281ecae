/* What waits for a person: the views of sql/functions/views_open.sql. */
#ifndef TEAMDUES_STORE_VIEWS_OPEN_H
#define TEAMDUES_STORE_VIEWS_OPEN_H

#include "store/store.h"

/*
 * What waits for a person, oldest first: columns of unmatched_overview.  key is
 * an event's id or a session's; NULL: all, or as many as limit (0: none) says.
 */
NODISCARD enum status store_unmatched(struct store *store, const char *key,
    int limit, store_row *each, void *context, struct err *err);

/* Columns of rule_overview. */
NODISCARD enum status store_rules(struct store *store, store_row *each,
    void *context, struct err *err);

/* Columns of event_overview, of those whose outcome is unmatched or review. */
NODISCARD enum status store_unresolved_events(struct store *store,
    store_row *each, void *context, struct err *err);

#endif
