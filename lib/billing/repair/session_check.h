/*
 * Whether a session that Stripe shows is the one that an order needs: pure
 * functions, for sessions that something else may have made or changed.
 */
#ifndef TEAMDUES_BILLING_REPAIR_SESSION_CHECK_H
#define TEAMDUES_BILLING_REPAIR_SESSION_CHECK_H

#include <stdbool.h>

#include "base/buf.h"
#include "store/checkout.h"
#include "stripe/session.h"

/*
 * True when its metadata name another order, player, product or installation;
 * says which in reason.  What is missing is no fault here.
 */
bool session_names_another(const struct checkout_order *order,
    const struct stripe_session *session, struct buf *reason);

/*
 * True when a payment made in it would not be the order's, or not be known as
 * that by its own words: metadata missing or wrong, another amount or currency.
 */
bool session_is_broken(const struct checkout_order *order,
    const struct stripe_session *session, struct buf *reason);

#endif
