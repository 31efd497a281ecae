/* What signed links say, as far as the database knows it. */
#ifndef TEAMDUES_STORE_LINKS_H
#define TEAMDUES_STORE_LINKS_H

#include <stdint.h>

#include "base/signed_url.h"
#include "store/store.h"

struct tournament_link {
	char word[SIGNED_WORD_SIZE];	/* the order's; "": it has none */
	int64_t expires;	/* Unix seconds: the first moment after the
				 * tournament's day, or after until's
				 * (YYYY-MM-DD; NULL: none), in zone */
};

/*
 * Of an order of a tournament.  ST_NOT_FOUND: no such order; ST_CONFLICT: it is
 * for no tournament; ST_DB.
 */
NODISCARD enum status store_tournament_link(struct store *store,
    int64_t order_id, const char *zone, const char *until,
    struct tournament_link *link, struct err *err);

/* ST_NOT_FOUND: no such order; ST_CONFLICT: it is not of this kind; ST_DB. */
NODISCARD enum status store_order_link(struct store *store,
    int64_t order_id, const char *kind, char word[SIGNED_WORD_SIZE],
    struct err *err);

/* ST_NOT_FOUND: no such player; ST_DB. */
NODISCARD enum status store_player_link(struct store *store,
    int64_t player_id, char word[SIGNED_WORD_SIZE], struct err *err);

#endif
