/* The order of a player's first payment: sql/functions/first_payment.sql. */
#ifndef TEAMDUES_STORE_FIRST_PAYMENT_H
#define TEAMDUES_STORE_FIRST_PAYMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "store/checkout.h"

enum fee_order { FEE_READY, FEE_CLOSE, FEE_UNKNOWN };

/*
 * The player's order for a first payment of this amount.  FEE_CLOSE: session_id
 * is open and asks for another one; expire it and call again.
 */
NODISCARD enum status store_open_fee_order(struct store *store,
    int64_t player_id, int64_t amount_cents, const char *currency,
    enum fee_order *result, int64_t *order_id,
    char session_id[STORE_ID_SIZE], struct err *err);

/* Notes that a person opened the order; is_new: nobody had opened it before. */
NODISCARD enum status store_fee_opened(struct store *store, int64_t order_id,
    const char *actor, bool *is_new, struct err *err);

#endif
