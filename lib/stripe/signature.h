/*
 * The Stripe-Signature header (docs: webhooks, "Verify manually"): HMAC-SHA256
 * under the endpoint's secret, prefix whsec_ included, over `t`, a dot and the
 * raw body.  Where Stripe's libraries differ we take the strict side.
 */
#ifndef TEAMDUES_STRIPE_SIGNATURE_H
#define TEAMDUES_STRIPE_SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "base/status.h"

enum { SIGNATURE_TOLERANCE_S = 300, SIGNATURE_HEADER_MAX = 2048 };

/*
 * ST_OK when one v1 of header matches body under one of the secrets and
 * |now - t| <= SIGNATURE_TOLERANCE_S.  Else ST_BAD_INPUT, err saying whether
 * the header was missing or unreadable, had no v1, did not match, or was stale.
 * The signature is compared (in constant time) before the time is.
 */
NODISCARD enum status signature_verify(const char *header,
    const void *body, size_t len, const struct secret *secrets,
    size_t secret_count, int64_t now, struct err *err);

#endif
