/*
 * Whose the paid sessions are that something else made: Stripe's list beside a
 * tournament's orders.  Nothing is changed anywhere.
 */
#ifndef TEAMDUES_BILLING_REPAIR_SUGGEST_H
#define TEAMDUES_BILLING_REPAIR_SUGGEST_H

#include "app/app.h"

/*
 * A row for each paid session that belongs to no order, those with a suggestion
 * first: order_id (null: none), session_id, sure ("sure", "likely", "guess",
 * "no"), why, player_name, team, product_name, amount_cents, currency,
 * payer_name, payer_email.  ST_NOT_FOUND: no such tournament; ST_TOO_LARGE: too
 * many sessions; ST_UPSTREAM, ST_UPSTREAM_BUSY, ST_DB.
 */
NODISCARD enum status suggest_sessions(struct app *app,
    int64_t tournament_id, store_row *each, void *context, struct err *err);

#endif
