/*
 * What is sent to Stripe for an order, and under which idempotency key: pure
 * functions of stored rows and settings, without a clock, so that the same
 * click makes the same bytes.
 */
#ifndef TEAMDUES_BILLING_CHECKOUT_BODY_H
#define TEAMDUES_BILLING_CHECKOUT_BODY_H

#include "base/buf.h"
#include "base/config.h"
#include "store/checkout.h"

enum { IDEMPOTENCY_KEY_SIZE = 256 };

/*
 * Whether the order is paid as a customer: of a parent who is known, by whoever
 * proves to be the parent.  Anybody may type a family's address into the
 * tryout's form, and a customer's page may offer that customer's cards.
 */
bool checkout_is_by_customer(const struct checkout_order *order);

/* What the payer reads: "2 × Team jersey". */
void checkout_put_sold(struct buf *b, const struct checkout_order *order);

/*
 * The create call's form: metadata order_id, player_id, product_id and teamdues
 * on session and payment intent, with the order's word and the names for books
 * that have lost it; client_reference_id = order id.  ST_NOMEM.
 */
NODISCARD enum status checkout_session_body(const struct config *config,
    const struct checkout_order *order, struct buf *form, struct err *err);

/* Order, attempt and a SHA-256 of the form. */
NODISCARD enum status checkout_session_key(
    const struct checkout_order *order, const char *form,
    char key[IDEMPOTENCY_KEY_SIZE], struct err *err);

NODISCARD enum status checkout_customer_body(
    const struct checkout_order *order, struct buf *form, struct err *err);

/* Installation, parent, the count and a SHA-256 of the form. */
NODISCARD enum status checkout_customer_key(
    const struct checkout_order *order, const char *form,
    char key[IDEMPOTENCY_KEY_SIZE], struct err *err);

#endif
