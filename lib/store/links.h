/* What signed links say, as far as the database knows it. */
#ifndef TEAMDUES_STORE_LINKS_H
#define TEAMDUES_STORE_LINKS_H

#include <stdint.h>

#include "store/store.h"

/*
 * When a link to a tournament's order ends: Unix seconds of the first moment
 * after the tournament's day, or until's (YYYY-MM-DD; NULL: none), in zone.
 * ST_NOT_FOUND: no such order; ST_CONFLICT: it is for no tournament; ST_DB.
 */
NODISCARD enum status store_tournament_link(struct store *store,
    int64_t order_id, const char *zone, const char *until, int64_t *expires,
    struct err *err);

/* ST_NOT_FOUND: no such order; ST_CONFLICT: it is not of this kind; ST_DB. */
NODISCARD enum status store_check_order_kind(struct store *store,
    int64_t order_id, const char *kind, struct err *err);

/* ST_NOT_FOUND: no such player; ST_DB. */
NODISCARD enum status store_check_player(struct store *store,
    int64_t player_id, struct err *err);

#endif
