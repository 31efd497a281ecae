/* The lists that people read: the views of schema teamdues. */
#ifndef TEAMDUES_STORE_OVERVIEW_H
#define TEAMDUES_STORE_OVERVIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

struct order_filter {
	const char *status;	/* NULL: any */
	int64_t tournament_id;	/* 0: any */
	int64_t order_id;	/* 0: any */
	int64_t product_id;	/* 0: any */
	const char *q;		/* in the player's name or the parent's e-mail
				 * address, whatever the case; NULL: any */
	int64_t limit;		/* 0: all */
	int64_t after;		/* with a limit, only ids above it */
};

/* Columns of order_overview, by id. */
NODISCARD enum status store_orders(struct store *store,
    const struct order_filter *filter, store_row *each, void *context,
    struct err *err);

/* Columns of event_overview, as they came. */
NODISCARD enum status store_events(struct store *store, store_row *each,
    void *context, struct err *err);

/* The same of one; no row: there is no such event. */
NODISCARD enum status store_event(struct store *store, const char *event_id,
    store_row *each, void *context, struct err *err);

/* The same of those whose outcome is unmatched or review. */
NODISCARD enum status store_unresolved_events(struct store *store,
    store_row *each, void *context, struct err *err);

/* The event's overview with object_id, livemode, api_version, session_id and
 * payload (null once pruned).  ST_NOT_FOUND. */
NODISCARD enum status store_event_detail(struct store *store,
    const char *event_id, store_row *each, void *context, struct err *err);

/* When the newest event came, in Unix seconds; 0: none ever did. */
NODISCARD enum status store_newest_event(struct store *store,
    int64_t *received_at, struct err *err);

/* product_id, name, kind, amount_cents, currency; of what is sold, or of what
 * is not any more. */
NODISCARD enum status store_products(struct store *store, bool are_withdrawn,
    store_row *each, void *context, struct err *err);

/* tournament_id, name, date, product_id; tournament_id 0: all */
NODISCARD enum status store_tournaments(struct store *store,
    int64_t tournament_id, store_row *each, void *context, struct err *err);

#endif
