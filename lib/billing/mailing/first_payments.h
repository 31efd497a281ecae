/* Mails that ask for first payments: one player's, or all of them. */
#ifndef TEAMDUES_BILLING_MAILING_FIRST_PAYMENTS_H
#define TEAMDUES_BILLING_MAILING_FIRST_PAYMENTS_H

#include "app/app.h"
#include "base/json_out.h"
#include "billing/first_payment.h"
#include "billing/mailing/result.h"

/*
 * What a row of store_first_payment_players comes to: the payment, or why its
 * player gets no mail (reason; "" for one who does).  ST_BUG, ST_NOMEM.
 */
NODISCARD enum status mailing_quote(const struct config *config,
    struct json_node row, bool prorate, struct first_payment *payment,
    char reason[MAILING_REASON_SIZE], struct err *err);

/* Appends it as one of the rows of store_queue_first_payments. */
void mailing_put_payment(struct json_out *json, const struct config *config,
    const struct first_payment *payment);

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
