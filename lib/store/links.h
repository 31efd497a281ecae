/* The parts of signed links that the database knows: the word, and the end. */
#ifndef TEAMDUES_STORE_LINKS_H
#define TEAMDUES_STORE_LINKS_H

#include <stdint.h>

#include "base/signed_url.h"
#include "store/checkout.h"

struct store_link {
	char word[SIGNED_WORD_SIZE];	/* the order's or player's; "": none */
	char order_kind[STORE_STATUS_SIZE];	/* an order's; "" of a player */
	int64_t expires;	/* Unix seconds: the first at which it is dead,
				 * when it is made now */
};

/*
 * A link to a tournament's order ends with the tournament's day in zone, or
 * with until (YYYY-MM-DD; NULL: none).  ST_NOT_FOUND: no such order; ST_DB.
 */
NODISCARD enum status store_order_link(struct store *store,
    int64_t order_id, const char *zone, const char *until,
    struct store_link *link, struct err *err);

/* ST_NOT_FOUND: no such player; ST_DB. */
NODISCARD enum status store_player_link(struct store *store,
    int64_t player_id, struct store_link *link, struct err *err);

#endif
