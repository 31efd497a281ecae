/*
 * Stripe's REST API over libcurl.  One client per program: a bounded pool of
 * easy handles, each with its own kept connection, and one CA store for all.
 * Calls retry as Stripe's own libraries do (reference: stripe-node
 * RequestSender), with the same idempotency key, until the caller's deadline.
 * Nothing here knows what an order is.
 */
#ifndef TEAMDUES_STRIPE_CLIENT_H
#define TEAMDUES_STRIPE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/config.h"
#include "base/json.h"
#include "base/status.h"
#include "stripe/id.h"
#include "stripe/reply.h"

enum { STRIPE_FORM_MAX = 64 * 1024 };

/* The version that answers are asked for in. */
#define STRIPE_VERSION "2026-07-29.dahlia"

struct stripe;

/*
 * STRIPE_SECRET_KEY and STRIPE_API_BASE of config, which must outlive the
 * client.  handles_max bounds the calls under way at once; a further caller
 * waits for its turn (until its deadline).  The process ignores SIGPIPE, and
 * is to open the client before it starts threads.  ST_NOMEM, ST_CONFIG.
 */
NODISCARD enum status stripe_open(const struct config *config,
    int handles_max, struct stripe **stripe, struct err *err);

/* No call may be under way.  NULL is harmless. */
void stripe_close(struct stripe *stripe);

/*
 * GET path (with its query) / POST form.  deadline_ms is on clock_monotonic_ms.
 * On a 2xx object is what came; the caller clears it.  Else ST_UPSTREAM (4xx,
 * nonsense, too large an answer), ST_UPSTREAM_BUSY (409 until the deadline,
 * 429, 5xx, time-out, unreachable); reply, filled in every case, tells more.
 * 401, 403 and a certificate that is not trusted are logged at error here,
 * since they need a person.  A key is required for every POST.  Only
 * lib/stripe calls them.
 */
NODISCARD enum status stripe_get(struct stripe *stripe, const char *path,
    int64_t deadline_ms, struct json_doc *object,
    struct stripe_reply *reply, struct err *err);

struct stripe_post {
	const char *path;
	const char *form;	/* encoded; "" for none */
	const char *idempotency_key;
	int64_t deadline_ms;
};

NODISCARD enum status stripe_post(struct stripe *stripe,
    const struct stripe_post *post, struct json_doc *object,
    struct stripe_reply *reply, struct err *err);

#endif
