/*
 * Sessions of our orders, whoever made them: sql/functions/adopt.sql.
 */
#ifndef TEAMDUES_STORE_ADOPT_H
#define TEAMDUES_STORE_ADOPT_H

#include <stdbool.h>
#include <stdint.h>

#include "store/checkout.h"
#include "store/fact_item.h"

enum adopt_result {
	ADOPT_TAKEN,		/* it is the order's session now */
	ADOPT_SAME,		/* it was before */
	ADOPT_END,		/* open, and the order cannot take it so */
	ADOPT_FIRST,		/* brings a payment, while open_session_id
				 * may still be paid */
	ADOPT_OTHER,		/* known under known_order_id */
	ADOPT_UNKNOWN_ORDER,
	ADOPT_LOST,		/* Stripe does not know it */
};

struct adoption {
	enum adopt_result result;
	int64_t known_order_id;
	char open_session_id[STORE_ID_SIZE];	/* the order's; "": none */
	char status[STORE_STATUS_SIZE];	/* the order's, after it */
	char reason[256];	/* against the payment that it brought; "" */
};

/* What the database is given of one session; the caller puts *json. */
struct adopt_request {
	int64_t order_id;
	const char *session_id;
	const struct new_session *session;	/* NULL: lost */
	const struct fact_item *item;	/* NULL while it is open */
};
NODISCARD enum status store_adopt_json(const struct adopt_request *request,
    struct json_object **json, struct err *err);

/*
 * requests: an array of those.  All are adopted, or none when one of them is
 * neither ADOPT_TAKEN nor ADOPT_SAME; none without commit.  adoptions has a
 * place for each.
 */
NODISCARD enum status store_adopt(struct store *store,
    struct json_object *requests, bool commit, struct adoption *adoptions,
    struct err *err);

/* {session_id, status} of each session of an order, oldest first. */
NODISCARD enum status store_order_sessions(struct store *store,
    int64_t order_id, store_row *each, void *context, struct err *err);

#endif
