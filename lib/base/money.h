/* Money is integer minor units (cents) and a currency of two decimals. */
#ifndef TEAMDUES_BASE_MONEY_H
#define TEAMDUES_BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

enum { CURRENCY_SIZE = 4 };

/* Stripe takes up to 8 digits for most methods (docs: currencies). */
#define AMOUNT_MAX_CENTS INT64_C(99999999)

/* "150", "150.5" or "150.00" to cents; 0..AMOUNT_MAX_CENTS.  ST_BAD_INPUT. */
NODISCARD enum status money_parse(const char *text, int64_t *cents,
    struct err *err);

/* With the sign of usd, eur and gbp ("$1,250.00"), else with the code ("CAD
 * 1,250.00"). */
void money_put(struct buf *b, int64_t cents, const char *currency);

/* "150.00" */
void money_put_plain(struct buf *b, int64_t cents);

/* True for three lower-case letters that ISO 4217 gives exactly two decimals
 * at Stripe (docs: currencies, zero- and three-decimal lists). */
bool money_currency_ok(const char *currency);

/* Whether Stripe would charge it (docs: currencies, minimum amounts; a cent
 * where the docs name no amount).  If not, words says what the minimum is. */
bool money_is_chargeable(int64_t cents, const char *currency,
    struct buf *words);
/* What that is. */
int64_t money_minimum_cents(const char *currency);
bool money_minimum_is_known(const char *currency);

#endif
