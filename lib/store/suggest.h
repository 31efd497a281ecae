/*
 * Orders that sessions of Stripe's list may be for: sql/functions/suggest.sql.
 */
#ifndef TEAMDUES_STORE_SUGGEST_H
#define TEAMDUES_STORE_SUGGEST_H

#include <stdint.h>

#include "store/store.h"

/* From when on sessions may be for it, in Unix seconds.  ST_NOT_FOUND. */
NODISCARD enum status store_tournament_since(struct store *store,
    int64_t tournament_id, int64_t *since, struct err *err);

/* items: a JSON array of fact items.  The rows are billing/suggest.h's. */
NODISCARD enum status store_suggest(struct store *store, const char *items,
    int64_t tournament_id, store_row *each, void *context, struct err *err);

#endif
