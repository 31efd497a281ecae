/* What the club sells and how an order of it begins: what orders.sql,
 * jersey.sql, tryout.sql and shop.sql in sql/functions offer. */
#ifndef TEAMDUES_STORE_SALE_H
#define TEAMDUES_STORE_SALE_H

#include <stdint.h>

#include "store/checkout.h"

enum place_result {
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
	PLACE_RESULT_MAX
};

struct placed {
	enum place_result result;
	int64_t order_id;
	char session_id[STORE_ID_SIZE];
};

struct order_wish {
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
    const struct order_wish *wish, struct placed *placed, struct err *err);

struct jersey_wish {
	int64_t player_id;
	const char *size;	/* "" when the jersey has no sizes */
	const char *number;	/* "0" to "99", or "00" */
	const char *name_on_jersey;
};

/* The same for the newest jersey, with what is to be made. */
NODISCARD enum status store_place_jersey(struct store *store,
    const struct jersey_wish *wish, struct placed *placed, struct err *err);

struct tryout_wish {
	const char *player_name;
	const char *birth_date;	/* YYYY-MM-DD */
	const char *parent_name;
	const char *parent_email;
	const char *parent_phone;
	const char *consent;	/* what was agreed to */
	const char *zone;	/* the club's */
};

/*
 * Parent, player and order for the newest tryout, each found or made, once
 * however often it is sent.  ST_NOT_FOUND: no tryout is sold.
 */
NODISCARD enum status store_register_tryout(struct store *store,
    const struct tryout_wish *wish, int64_t *order_id, struct err *err);

struct offer {
	int64_t product_id;
	char name[STORE_NAME_SIZE];
	int64_t amount_cents;
	char currency[CURRENCY_SIZE];
};

/* The newest product of a kind.  ST_NOT_FOUND: none is sold. */
NODISCARD enum status store_offer(struct store *store, const char *kind,
    struct offer *offer, struct err *err);

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

/* The newest of each kind but the fee, and the tournaments to come: rows {kind,
 * name, amount_cents, currency, held_on (null but for these)}. */
NODISCARD enum status store_shop_window(struct store *store, store_row *each,
    void *context, struct err *err);

#endif
