/* The jersey's form and its order: sql/functions/jersey.sql. */
#ifndef TEAMDUES_STORE_JERSEY_H
#define TEAMDUES_STORE_JERSEY_H

#include <stdint.h>

#include "store/checkout.h"
#include "store/orders.h"
#include "store/shop.h"

struct jersey_request {
	int64_t player_id;
	const char *size;	/* "" when the jersey has no sizes */
	const char *number;	/* "0" to "99", or "00" */
	const char *name_on_jersey;
};

/*
 * Places an order of the newest jersey, as store_place_order does, with what is
 * to be printed on it.
 */
NODISCARD enum status store_place_jersey(struct store *store,
    const struct jersey_request *request, struct order_result *result,
    struct err *err);

enum { STORE_SIZES_SIZE = 4096, STORE_NUMBER_SIZE = 3,
	STORE_JERSEY_NAME_SIZE = 121 };

struct jersey_form {
	struct offer offer;
	char player_name[STORE_NAME_SIZE];
	char sizes[STORE_SIZES_SIZE];	/* with commas between */
	/* The unpaid order's; "" without one. */
	char size[STORE_SIZES_SIZE];
	char number[STORE_NUMBER_SIZE];
	char name_on_jersey[STORE_JERSEY_NAME_SIZE];
	int64_t bought;		/* that are paid for */
};

/* ST_NOT_FOUND: no such player, or no jersey is sold. */
NODISCARD enum status store_jersey_form(struct store *store,
    int64_t player_id, struct jersey_form *form, struct err *err);

#endif
