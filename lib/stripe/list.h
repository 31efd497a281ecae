/*
 * Pages of Stripe's lists (docs: api/pagination), newest first.  What is in
 * them is read by the files of the objects.
 */
#ifndef TEAMDUES_STRIPE_LIST_H
#define TEAMDUES_STRIPE_LIST_H

#include "stripe/client.h"

struct stripe_listing {
	const char *path;	/* "/v1/refunds" */
	const char *filter;	/* more of the query, encoded; NULL: nothing */
	int64_t created_from;	/* Unix seconds; 0: no bound */
	const char *starting_after;	/* an id; NULL: from the newest */
	int limit;		/* 1 to 100 */
};

/*
 * One page, whose "data" is an array; the caller clears it.  Statuses as
 * stripe_get; ST_BAD_INPUT for a malformed id, ST_UPSTREAM for a page without
 * data, ST_DENIED when the key may not read this list.
 */
NODISCARD enum status stripe_list(struct stripe *stripe,
    const struct stripe_listing *listing, int64_t deadline_ms,
    struct json_doc *page, struct err *err);

#endif
