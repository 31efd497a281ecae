/*
 * Checkout Sessions in payment mode (docs: api/checkout/sessions).  Creating
 * one is for lib/billing/checkout.c alone: the build checks it.
 */
#ifndef TEAMDUES_STRIPE_SESSION_H
#define TEAMDUES_STRIPE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/money.h"
#include "stripe/client.h"

enum session_status { SESSION_OPEN, SESSION_COMPLETE, SESSION_EXPIRED,
	SESSION_STATUS_MAX };

enum payment_status { PAYMENT_UNPAID, PAYMENT_PAID, PAYMENT_NOT_REQUIRED,
	PAYMENT_STATUS_MAX };

enum { STRIPE_URL_SIZE = 4096, STRIPE_METADATA_SIZE = 501,
	STRIPE_EMAIL_SIZE = 513, STRIPE_NAME_SIZE = 513,
	STRIPE_REFERENCE_SIZE = 201 };

/* Fixed-size copies of what we use; json is the whole object. */
struct stripe_session {
	char id[STRIPE_ID_SIZE];
	char mode[32];
	enum session_status status;
	enum payment_status payment_status;
	bool livemode;
	int64_t amount_total;	/* cents */
	char currency[8];
	int64_t created;	/* Unix seconds */
	int64_t expires_at;
	char url[STRIPE_URL_SIZE];	/* "" once it is not open */
	char payment_intent[STRIPE_ID_SIZE];	/* "" while it is open */
	char customer[STRIPE_ID_SIZE];	/* "" when there is none */
	char email[STRIPE_EMAIL_SIZE];	/* what the payer gave */
	char payer_name[STRIPE_NAME_SIZE];	/* as the payer gave it */
	char client_reference_id[STRIPE_REFERENCE_SIZE];
	char payment_link[STRIPE_ID_SIZE];
	struct json_node metadata;	/* in json; none if missing */
	struct json_node json;	/* in doc, or in a document of the caller's */
	struct json_doc doc;	/* of an answer that was asked for; owned */
};

/*
 * Reads an object of Stripe's, from an answer or an event, which must outlive
 * session.  ST_BAD_INPUT names the field that is missing, of the wrong type or
 * range (amounts 0..AMOUNT_MAX_CENTS, ids by stripe_id_ok).  Expandable fields
 * may be ids or objects.  Free with stripe_session_clear, after a failure too.
 */
NODISCARD enum status stripe_session_parse(struct json_node json,
    struct stripe_session *session, struct err *err);
void stripe_session_clear(struct stripe_session *session);

struct stripe_pair {
	const char *key;
	const char *value;
};

struct stripe_session_request {
	const char *customer;	/* NULL or "": left out, as the next; at most
				 * one of the two is given */
	const char *customer_email;
	const char *product_name;
	const char *product_description;
	int64_t amount_cents;	/* one line item, quantity 1 */
	const char *currency;
	const char *success_url;	/* with {CHECKOUT_SESSION_ID} */
	const char *cancel_url;
	const char *client_reference_id;
	const char *payment_description;
	const struct stripe_pair *metadata;	/* on session and intent; ""
						 * is left out */
	size_t metadata_count;
};

/*
 * The body of the create call: a pure function of request, the same bytes each
 * time.  Pins what the dashboard could switch on: no adaptive pricing, no
 * promotion codes, no automatic tax, no adjustable quantity.
 */
void stripe_session_form(struct buf *form,
    const struct stripe_session_request *request);

NODISCARD enum status stripe_session_create(struct stripe *stripe,
    const char *form, const char *idempotency_key, int64_t deadline_ms,
    struct stripe_session *session, struct stripe_reply *reply,
    struct err *err);

/* With payment_intent.latest_charge expanded.  ST_NOT_FOUND for 404
 * (resource_missing). */
NODISCARD enum status stripe_session_retrieve(struct stripe *stripe,
    const char *id, int64_t deadline_ms, struct stripe_session *session,
    struct err *err);

/*
 * Only an open session can be expired: ST_CONFLICT when Stripe refuses with 400
 * (read it again and act on its status), ST_NOT_FOUND for 404.  Fresh
 * idempotency key for each call, kept across its retries.
 */
NODISCARD enum status stripe_session_expire(struct stripe *stripe,
    const char *id, int64_t deadline_ms, struct err *err);

/*
 * One page of sessions, newest first, payment_intent.latest_charge expanded:
 * created in created_from.. (Unix seconds, 0: no bound), after the session
 * starting_after (NULL: from the start), at most limit (1..100).  The caller
 * clears page, whose "data" is an array for stripe_session_parse.
 */
NODISCARD enum status stripe_session_list(struct stripe *stripe,
    int64_t created_from, const char *starting_after, int limit,
    int64_t deadline_ms, struct json_doc *page, struct err *err);

/*
 * What is known of a listed session before it is parsed: whether it takes
 * payments at all (sessions of subscriptions and saved cards are another
 * program's, and lack much of what a payment has), and whether it took one.
 */
bool stripe_session_is_of_payment(struct json_node json);
bool stripe_session_is_paid(struct json_node json);

/* One page of the newest hundred complete sessions, in the same form. */
NODISCARD enum status stripe_session_list_complete(struct stripe *stripe,
    int64_t created_from, int64_t deadline_ms, struct json_doc *page,
    struct err *err);

/* Likewise, of those in which the payer gave this address. */
NODISCARD enum status stripe_session_list_of_payer(struct stripe *stripe,
    const char *email, int64_t deadline_ms, struct json_doc *page,
    struct err *err);

#endif
