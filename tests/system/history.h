/*
 * Random payment histories: what Stripe may come to say about the payments of
 * one or two orders.  A history is a set; it has no order, and no ids of the
 * database's (world.h).  The same seed gives the same history.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_HISTORY_H
#define TEAMDUES_TESTS_SYSTEM_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

/* A small generator of our own (splitmix64), the same on every machine. */
struct chance {
	uint64_t state;
};

uint64_t chance_next(struct chance *chance);
int chance_below(struct chance *chance, int limit);
bool chance_percent(struct chance *chance, int percent);

enum { HISTORY_ORDERS_MAX = 2, HISTORY_PAYMENTS_MAX = 3,
	HISTORY_HAPPENINGS_MAX = 64, HISTORY_AMOUNT = 15000 };

/* The kinds of event that a history is made of, and a session's storing. */
enum happening_kind {
	COMPLETED_PAID, COMPLETED_UNPAID, COMPLETED_FREE, ASYNC_SUCCEEDED,
	ASYNC_FAILED, SESSION_GONE, INTENT_FAILED, CHARGE_REFUNDED,
	REFUND_CREATED, REFUND_UPDATED, CHARGE_REFUND_UPDATED, REFUND_BROKE,
	DISPUTE_CREATED, DISPUTE_UPDATED, DISPUTE_CLOSED, FUNDS_WITHDRAWN,
	FUNDS_REINSTATED, SESSION_STORED, HAPPENING_MAX
};

/* The event's type; for COMPLETED_… with what it says of the money. */
extern const char *const happening_names[HAPPENING_MAX];

struct happening {
	enum happening_kind kind;
	int payment;
	int object;		/* which of the payment's refunds, disputes */
	const char *status;	/* of a refund or dispute; "" otherwise */
	int64_t amount_cents;	/* of a refund, dispute or charge's refunds */
	int64_t at_s;		/* the event's time, from the history's start */
};

/* What ties a payment's session to its order. */
enum tie {
	TIE_STORED,	/* we stored it before anything happened */
	TIE_LATE,	/* we store it while its events come (SESSION_STORED) */
	TIE_NAMED,	/* never stored; its metadata name the order */
	TIE_NONE,	/* nothing: the payment is for a person */
};

struct history_payment {
	int order;		/* -1: none */
	enum tie tie;
	bool is_superseded;	/* stored and expired before another was */
	bool is_free;
	int64_t amount_cents;
	int64_t created_s;	/* of its session, from the start */
	char letter;		/* begins its intent's id: order by bytes */
};

struct history {
	uint64_t seed;
	int order_count;
	int payment_count;
	/* What came in cash for an order before its sessions were stored,
	 * and whether that was taken back before anything happened. */
	int64_t recorded_cents[HISTORY_ORDERS_MAX];
	bool is_taken_back[HISTORY_ORDERS_MAX];
	struct history_payment payments[HISTORY_PAYMENTS_MAX];
	int count;
	struct happening happenings[HISTORY_HAPPENINGS_MAX];
};

/* What of an order's amount came in cash, once it has begun. */
int64_t history_recorded_cents(const struct history *history, int order);

/* What the session of a payment asks for, where we store one. */
int64_t history_asked_cents(const struct history *history,
    const struct history_payment *payment);

void history_generate(uint64_t seed, struct history *history);

/* A line per payment and happening, for a person. */
void history_print(const struct history *history);

#endif
