/* The lists that people read, and one of each in detail: the views of
 * sql/functions/views.sql. */
#ifndef TEAMDUES_STORE_VIEWS_H
#define TEAMDUES_STORE_VIEWS_H

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

/*
 * The columns of order_overview; timeline, all that happened to the order, the
 * oldest first, in the times of zone: at, what, amount_cents, currency, detail;
 * and order_detail's arrays sessions, payments, failures, history, jersey,
 * registration (null when empty).  ST_NOT_FOUND.
 */
struct order_question {
	int64_t order_id;
	const char *zone;
};

NODISCARD enum status store_order_detail(struct store *store,
    const struct order_question *question, store_row *each, void *context,
    struct err *err);

/* Columns of event_overview, as they came. */
NODISCARD enum status store_events(struct store *store, store_row *each,
    void *context, struct err *err);

/* The same for one event; no row when there is no such event. */
NODISCARD enum status store_event(struct store *store, const char *event_id,
    store_row *each, void *context, struct err *err);

/* The event's overview with object_id, livemode, api_version, session_id and
 * payload (null once pruned).  ST_NOT_FOUND. */
NODISCARD enum status store_event_detail(struct store *store,
    const char *event_id, store_row *each, void *context, struct err *err);

/* When the newest event came, in Unix seconds; 0: none ever did. */
NODISCARD enum status store_newest_event(struct store *store,
    int64_t *received_at, struct err *err);

/*
 * The payment under an event's id or a session's, whatever its place: columns
 * of payment_detail.  At most one row.
 */
NODISCARD enum status store_payment_detail(struct store *store,
    const char *key, store_row *each, void *context, struct err *err);

/* product_id, name, kind, amount_cents, currency; of what is sold, or of what
 * is not any more. */
NODISCARD enum status store_products(struct store *store, bool are_withdrawn,
    store_row *each, void *context, struct err *err);

/* Columns of tournament_overview; tournament_id 0: all. */
NODISCARD enum status store_tournaments(struct store *store,
    int64_t tournament_id, store_row *each, void *context, struct err *err);

#endif
