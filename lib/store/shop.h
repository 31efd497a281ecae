/* What the club sells: sql/functions/shop.sql. */
#ifndef TEAMDUES_STORE_SHOP_H
#define TEAMDUES_STORE_SHOP_H

#include <stdint.h>

#include "store/checkout.h"

struct offer {
	int64_t product_id;
	char name[STORE_NAME_SIZE];
	int64_t amount_cents;
	char currency[CURRENCY_SIZE];
};

struct pg_result;

/* For this room: from a row of product_id, product_name and so on. */
void offer_read(struct offer *offer, const struct pg_result *row);

/* The newest product of a kind.  ST_NOT_FOUND: none is sold. */
NODISCARD enum status store_offer(struct store *store, const char *kind,
    struct offer *offer, struct err *err);

/* The newest of each kind but the fee, and the tournaments to come: rows {kind,
 * name, amount_cents, currency, held_on (null but for these)}. */
NODISCARD enum status store_shop_window(struct store *store, store_row *each,
    void *context, struct err *err);

#endif
