/* Orders on their way to being paid: what sql/functions/checkout.sql offers. */
#ifndef TEAMDUES_STORE_CHECKOUT_H
#define TEAMDUES_STORE_CHECKOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/money.h"
#include "base/signed_url.h"
#include "store/order_status.h"
#include "store/store.h"

enum {
	STORE_ID_SIZE = 256,	/* any id of Stripe's, terminated */
	STORE_NAME_SIZE = 801,	/* 200 characters of UTF-8 */
	STORE_DESCRIPTION_SIZE = 817,	/* the same, and how many of it */
	STORE_URL_SIZE = 4096,
	STORE_STATUS_SIZE = 24,
};

struct open_session {
	char id[STORE_ID_SIZE];	/* "": the order has no open session */
	char url[STORE_URL_SIZE];
	int64_t amount_cents;
	char currency[CURRENCY_SIZE];
	bool livemode;
	int64_t expires_at;	/* Unix seconds */
};

struct checkout_order {
	int64_t order_id;
	char word[SIGNED_WORD_SIZE];	/* "": none */
	char kind[STORE_STATUS_SIZE];	/* the product's */
	int64_t player_id;
	char player_name[STORE_NAME_SIZE];
	int64_t product_id;
	char product_name[STORE_NAME_SIZE];
	char tournament_name[STORE_NAME_SIZE];	/* "" for other kinds */
	char tournament_day[STORE_STATUS_SIZE];	/* YYYY-MM-DD, likewise */
	int quantity;		/* amount_cents is for all of them */
	enum order_status status;
	int64_t amount_cents;
	int64_t left_cents;	/* to pay of it */
	char currency[CURRENCY_SIZE];
	int attempt;
	bool spent;		/* the attempt's session is of no more use */
	int64_t parent_id;	/* 0: nobody is known to pay */
	char parent_name[STORE_NAME_SIZE];
	char parent_email[STORE_ID_SIZE];
	char parent_phone[STORE_ID_SIZE];
	bool is_nameless;	/* Stripe takes no text with the player's name;
				 * set by nobody here */
	char customer_id[STORE_ID_SIZE];	/* "": none in this mode */
	int customer_attempt;
	char installation_id[STORE_ID_SIZE];
	struct open_session session;
	bool in_review;		/* a payment that may be for it waits for a
				 * person */
	bool may_be_paid;	/* that, or money of its family may be here */
	int64_t paid_at;	/* Unix seconds; 0: it is not */
	int64_t refunded_cents;
	int64_t paid_cents;	/* what has come, whatever was given back */
};

/* ST_NOT_FOUND, ST_DB. */
NODISCARD enum status store_checkout_order(struct store *store,
    int64_t order_id, bool livemode, struct checkout_order *order,
    struct err *err);

enum store_result { STORE_STORED, STORE_CLOSED, STORE_FOLLOW, STORE_MOVED };

struct new_session {
	const char *id;
	const char *url;
	int64_t amount_cents;
	const char *currency;
	bool livemode;
	int64_t created;	/* Unix seconds, both */
	int64_t expires_at;
};

/*
 * Stores a session that was minted for the order's attempt; STORE_STORED also
 * when it is the order's open one already, STORE_CLOSED when it is known and no
 * longer open.  STORE_FOLLOW:
 * another one is open, and followed holds it (id and url); STORE_MOVED: the
 * order is not pending any more, or its amount or attempt moved.
 */
NODISCARD enum status store_session(struct store *store,
    const struct checkout_order *order, const struct new_session *session,
    enum store_result *result, struct open_session *followed,
    struct err *err);

/* Compare-and-swap on order->attempt, which becomes the one that holds now. */
NODISCARD enum status store_raise_attempt(struct store *store,
    struct checkout_order *order, struct err *err);

/* Compare-and-swap on the parent's customer_attempt; forgets the customer. */
NODISCARD enum status store_raise_customer_attempt(struct store *store,
    struct checkout_order *order, struct err *err);

/*
 * Remembers customer_id for the order's parent; order->customer_id becomes the
 * one that holds (another click may have been first).
 */
NODISCARD enum status store_customer(struct store *store,
    struct checkout_order *order, bool livemode, const char *customer_id,
    struct err *err);

struct session_state {
	int64_t order_id;
	enum order_status order_status;
	char session_status[STORE_STATUS_SIZE];
	char place[STORE_STATUS_SIZE];	/* its payment's; "" without one */
	char description[STORE_DESCRIPTION_SIZE];
	int64_t amount_cents;
	char currency[CURRENCY_SIZE];
};

/* ST_NOT_FOUND when the session is not of an order of ours. */
NODISCARD enum status store_session_status(struct store *store,
    const char *session_id, struct session_state *state,
    struct err *err);

/* A payment that waits for a person and may be for an order. */
struct waiting_payment {
	int64_t amount_cents;
	char currency[CURRENCY_SIZE];
	char email[STORE_ID_SIZE];	/* the payer's; "": unknown */
	char day[STORE_STATUS_SIZE];	/* YYYY-MM-DD, in the zone */
};

/* Gives the newest such payment.  ST_NOT_FOUND: there is none. */
NODISCARD enum status store_waiting_payment(struct store *store,
    int64_t order_id, const char *zone, struct waiting_payment *waiting,
    struct err *err);

#endif
