/*
 * What happens to a payment apart from its session: charges, refunds, disputes,
 * warnings and tries that failed (docs: api/charges, api/refunds, api/disputes,
 * api/radar, api/payment_intents).  Read from events, and from lists when
 * Stripe is asked.  ST_BAD_INPUT names the field that is missing or wrong.
 */
#ifndef TEAMDUES_STRIPE_CHARGE_H
#define TEAMDUES_STRIPE_CHARGE_H

#include <stdbool.h>
#include <stdint.h>

#include "stripe/client.h"

enum { STRIPE_LAST4_SIZE = 5 };

struct stripe_charge {
	char id[STRIPE_ID_SIZE];	/* "" when it has none */
	char card_last4[STRIPE_LAST4_SIZE];	/* "": made by no card */
	char payment_intent[STRIPE_ID_SIZE];	/* "" for charges without one */
	int64_t amount_refunded;	/* cents, in all */
	bool is_disputed;	/* now, or ever was */
};

NODISCARD enum status stripe_charge_parse(struct json_node json,
    struct stripe_charge *charge, struct err *err);

enum { STRIPE_REQUEST_SIZE = 128 };

struct stripe_refund {
	char id[STRIPE_ID_SIZE];
	char payment_intent[STRIPE_ID_SIZE];
	char status[32];
	int64_t amount;		/* cents */
	int64_t created;	/* Unix seconds */
	char request[STRIPE_REQUEST_SIZE];	/* of ours that it was made
				 * for, by metadata[request]; "": none */
};

NODISCARD enum status stripe_refund_parse(struct json_node json,
    struct stripe_refund *refund, struct err *err);

struct stripe_dispute {
	char id[STRIPE_ID_SIZE];
	char payment_intent[STRIPE_ID_SIZE];
	char status[32];
	int64_t amount;		/* cents */
	bool is_withdrawn;	/* its funds, as far as it lists moves */
	bool is_reinstated;
	int64_t created;	/* Unix seconds, both */
	int64_t due_by;		/* to be answered until; 0: cannot be */
};

NODISCARD enum status stripe_dispute_parse(struct json_node json,
    struct stripe_dispute *dispute, struct err *err);

/* An early fraud warning of a card network's (docs: api/radar). */
struct stripe_warning {
	char id[STRIPE_ID_SIZE];
	char payment_intent[STRIPE_ID_SIZE];	/* "" for charges without one */
	char fraud_type[64];
	bool is_actionable;	/* it is neither refunded nor disputed */
	int64_t created;	/* Unix seconds */
};

NODISCARD enum status stripe_warning_parse(struct json_node json,
    struct stripe_warning *warning, struct err *err);

/* A payment intent whose last try failed. */
enum { STRIPE_MESSAGE_SIZE = 512 };

struct stripe_failure {
	char payment_intent[STRIPE_ID_SIZE];
	char message[STRIPE_MESSAGE_SIZE];	/* for a person; never "" */
	struct json_node metadata;	/* borrowed; may be none */
};

NODISCARD enum status stripe_failure_parse(struct json_node json,
    struct stripe_failure *failure, struct err *err);

/*
 * The refunds or disputes of a payment intent, newest first, at most 100.  The
 * caller clears page, whose "data" is an array for the functions above.
 */
NODISCARD enum status stripe_refund_list(struct stripe *stripe,
    const char *payment_intent, int64_t deadline_ms,
    struct json_doc *page, struct err *err);
NODISCARD enum status stripe_dispute_list(struct stripe *stripe,
    const char *payment_intent, int64_t deadline_ms,
    struct json_doc *page, struct err *err);

/* One of them, as an event carries it. */
union stripe_money {
	struct stripe_charge charge;
	struct stripe_refund refund;
	struct stripe_dispute dispute;
	struct stripe_warning warning;
	struct stripe_failure failure;
};

#endif
