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
	ADOPT_DOUBT,		/* somebody else's, or one too many */
};

enum { ADOPTION_NAME_SIZE = 801 };

struct adoption {
	enum adopt_result result;
	int64_t known_order_id;
	char open_session_id[STORE_ID_SIZE];	/* the order's; "": none */
	char status[STORE_STATUS_SIZE];	/* the order's, after it */
	char reason[1024];	/* against the payment that it brought, or for
				 * ADOPT_DOUBT; "" */
	char order_status[STORE_STATUS_SIZE];	/* before it */
	char player_name[ADOPTION_NAME_SIZE];	/* whose order it is, this and
						 * the next two */
	char team[ADOPTION_NAME_SIZE];
	char product_name[ADOPTION_NAME_SIZE];
};

/* One session as it is given to the database, as an object of JSON. */
struct adopt_request {
	int64_t order_id;
	const char *session_id;
	const struct new_session *session;	/* NULL: lost */
	const struct fact_item *item;	/* NULL while it is open */
	const char *customer_id;	/* who pays; "": not known */
	const char *email;
	const char *payer_name;
	bool is_anyway;		/* whoever it is */
};
enum { ADOPT_REQUEST_MAX = 2 * FACT_ITEM_MAX };
void store_adopt_put(struct buf *text, const struct adopt_request *request);

/*
 * requests: an array of count of those.  All but those in doubt are adopted, or
 * none when one is anything but ADOPT_TAKEN, ADOPT_SAME or ADOPT_DOUBT; none
 * without commit.  adoptions has a place for each.
 */
NODISCARD enum status store_adopt(struct store *store,
    const struct buf *requests, int count, const char *actor, bool commit,
    struct adoption *adoptions, struct err *err);

/* {session_id, status, is_adopted} of each session of an order, oldest
 * first. */
NODISCARD enum status store_order_sessions(struct store *store,
    int64_t order_id, store_row *each, void *context, struct err *err);

/*
 * Why whoever pays is not the family of an order, in words; "" when they are,
 * or there is no such order.
 */
enum { STORE_DOUBT_SIZE = 1024 };
struct store_payer {
	const char *customer_id;
	const char *email;
	const char *name;
};
NODISCARD enum status store_session_doubt(struct store *store,
    int64_t order_id, const struct store_payer *payer,
    char doubt[STORE_DOUBT_SIZE], struct err *err);

#endif
