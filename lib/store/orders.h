/*
 * An order that a family, or a script for it, asks for
 * (sql/functions/orders.sql).
 */
#ifndef TEAMDUES_STORE_ORDERS_H
#define TEAMDUES_STORE_ORDERS_H

#include <stdint.h>

#include "store/checkout.h"

enum place_outcome {
	PLACE_PLACED,		/* order_id stands; usually it is pending */
	PLACE_OPEN,		/* session_id must be ended first */
	PLACE_PROCESSING,	/* a bank's money for order_id is on its way */
	PLACE_NO_PLAYER,
	PLACE_NO_PRODUCT,
	PLACE_FEE,		/* a fee has its own link */
	PLACE_ONE_ONLY,		/* of this kind there is one at a time */
	PLACE_ADJUSTED,		/* the treasurer set the amount of order_id,
				 * which is of another quantity */
	PLACE_TOO_MUCH,		/* more than Stripe charges at once */
	PLACE_WITHDRAWN,	/* it is not sold any more */
	PLACE_NO_TOURNAMENT,	/* none is left to enter the player in */
	PLACE_MANY_TOURNAMENTS,	/* not clear in which */
	PLACE_BAD_SIZE,		/* a jersey: not a size of it */
	PLACE_TAKEN,		/* a jersey: the number is a team-mate's */
	PLACE_SEVERAL,		/* a jersey: an order of several is unpaid */
	PLACE_OUTCOME_MAX
};

struct order_result {
	enum place_outcome outcome;
	int64_t order_id;
	char session_id[STORE_ID_SIZE];
};

struct order_request {
	int64_t player_id;
	int64_t product_id;
	int64_t quantity;	/* 1 to 20; of a jersey alone more than 1 */
	const char *zone;	/* the club's: when a tournament is over */
};

/*
 * The player's unpaid order of the product, made when there is none.  The price
 * is the catalogue's; it follows the quantity, and stays where that does.  An
 * amount that the treasurer set stays, with its quantity.
 */
NODISCARD enum status store_place_order(struct store *store,
    const struct order_request *request, struct order_result *result,
    struct err *err);

struct statement;

/* For this room: runs a statement that gives result, order_id, session_id. */
NODISCARD enum status order_result_run(struct store *store,
    const struct statement *statement, const char *const *argv,
    struct order_result *result, struct err *err);

#endif
