/* Customers (docs: api/customers): one per parent and mode. */
#ifndef TEAMDUES_STRIPE_CUSTOMER_H
#define TEAMDUES_STRIPE_CUSTOMER_H

#include "stripe/client.h"
#include "stripe/session.h"

struct stripe_customer_request {
	const char *name;	/* NULL or "": left out, each of the three */
	const char *email;
	const char *phone;
	const struct stripe_pair *metadata;
	size_t metadata_count;
};

/* The body, a pure function of request. */
void stripe_customer_form(struct buf *form,
    const struct stripe_customer_request *request);

NODISCARD enum status stripe_customer_create(struct stripe *stripe,
    const char *form, const char *idempotency_key, int64_t deadline_ms,
    char id[STRIPE_ID_SIZE], struct stripe_reply *reply, struct err *err);

#endif
