/*
 * Webhook endpoints: where Stripe sends its events, and with which secret it
 * signs them (docs: api/webhook_endpoints).
 */
#ifndef TEAMDUES_STRIPE_ENDPOINT_H
#define TEAMDUES_STRIPE_ENDPOINT_H

#include <stdbool.h>

#include "base/secret.h"
#include "stripe/client.h"

enum { STRIPE_ENDPOINT_URL_SIZE = 2048 };

struct stripe_endpoint {
	char id[STRIPE_ID_SIZE];
	char url[STRIPE_ENDPOINT_URL_SIZE];
	bool is_enabled;
};

/* Reads one of a list's. ST_BAD_INPUT. */
NODISCARD enum status stripe_endpoint_parse(struct json_node object,
    struct stripe_endpoint *endpoint, struct err *err);

/* All of the account's; as stripe_list. */
NODISCARD enum status stripe_endpoint_list(struct stripe *stripe,
    int64_t deadline_ms, struct json_doc *page, struct err *err);

struct stripe_new_endpoint {
	const char *url;
	const struct buf *events;	/* "&enabled_events[]=TYPE" and so on */
	const char *idempotency_key;
};

/*
 * Makes one whose events come in STRIPE_VERSION.  secret is told this once; the
 * caller clears it.  Statuses as stripe_post.
 */
NODISCARD enum status stripe_endpoint_create(struct stripe *stripe,
    const struct stripe_new_endpoint *wanted, int64_t deadline_ms,
    struct stripe_endpoint *endpoint, struct secret *secret,
    struct err *err);

/*
 * Whether Stripe is to send there, and, unless events is NULL, what from now
 * on.  ST_BAD_INPUT for a malformed id.
 */
NODISCARD enum status stripe_endpoint_enable(struct stripe *stripe,
    const char *id, bool is_enabled, const struct buf *events,
    const char *idempotency_key, int64_t deadline_ms, struct err *err);

#endif
