/*
 * A player's first payment: its amount, the link that carries the amount, and
 * the order that a click on the link pays.  The amount is computed when the
 * link is made; the family is charged what the link says, even if the roster
 * has changed since, unless the treasurer has set the order's amount.
 */
#ifndef TEAMDUES_BILLING_FIRST_PAYMENT_H
#define TEAMDUES_BILLING_FIRST_PAYMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "app/app.h"
#include "base/buf.h"
#include "base/signed_url.h"
#include "billing/checkout.h"

struct first_payment {
	int64_t player_id;
	char word[SIGNED_WORD_SIZE];	/* the player's; "": none */
	bool prorate;
	char quoted[16];	/* YYYY-MM-DD in the club's zone */
	int64_t amount_cents;
	bool is_adjusted;	/* the treasurer's amount, not the fee's */
	int64_t expires;	/* Unix seconds: the end of the month quoted */
};

/*
 * Quotes the player of row (store_first_payment_players), for today.
 * ST_CONFLICT: the amount is below Stripe's minimum; ST_BAD_INPUT: the row has
 * no valid fee.
 */
NODISCARD enum status first_payment_quote(const struct config *config,
    struct json_node row, bool prorate, struct first_payment *payment,
    struct err *err);

/* Appends the signed pay link.  ST_NOMEM. */
NODISCARD enum status first_payment_link(const struct config *config,
    const struct first_payment *payment, struct buf *url, struct err *err);

/*
 * The player's order for this amount, ready for checkout_start: an open session
 * for another amount is expired first.  ST_NOT_FOUND: no such player; ST_GONE:
 * the word is another's; else as checkout_start.
 */
NODISCARD enum status first_payment_open(struct app *app,
    const struct first_payment *payment, int64_t deadline_ms,
    int64_t *order_id, struct err *err);

#endif
