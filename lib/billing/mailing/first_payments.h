/* Mails that ask for first payments: one player's, or all of them. */
#ifndef TEAMDUES_BILLING_MAILING_FIRST_PAYMENTS_H
#define TEAMDUES_BILLING_MAILING_FIRST_PAYMENTS_H

#include "app/app.h"
#include "billing/mailing/result.h"

/*
 * One player's first payment, outside any batch.  ST_NOT_FOUND: no such player;
 * ST_CONFLICT: why that player gets none (asked today already, the amount is
 * too small, ...); ST_DB.
 */
struct mailed {
	int64_t email_id;
	int64_t amount_cents;
	char to[256];
};

NODISCARD enum status mailing_first_payment(struct app *app,
    int64_t player_id, const struct mailing *mailing, struct mailed *mailed,
    struct err *err);

/* All players who may be asked, as one batch.  Clear result in any case. */
NODISCARD enum status mailing_first_payments(struct app *app,
    const struct mailing *mailing, struct mailing_result *result,
    struct err *err);

#endif
