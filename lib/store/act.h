/*
 * What people decide: sql/functions/acts.sql, order_acts.sql and a replay.
 * Each act is refused or done as a whole and writes who did it; without commit
 * it only says what it would do.
 */
#ifndef TEAMDUES_STORE_ACT_H
#define TEAMDUES_STORE_ACT_H

#include <stdbool.h>
#include <stdint.h>

#include "store/fact_item.h"
#include "store/store.h"

enum act_outcome {
	ACT_DONE,		/* or would be, without commit */
	ACT_ALREADY,		/* it is so */
	ACT_REFUSED,
	ACT_UNKNOWN,		/* there is no such thing */
};

enum { ACT_DETAIL_SIZE = 2048 };

struct act_result {
	enum act_outcome outcome;
	char detail[ACT_DETAIL_SIZE];	/* in words: what, or why not */
};

struct dismissal {
	const char *key;	/* of an event or of a session */
	const char *reason;
	bool is_not_ours;
	const char *like_field;	/* "payment_link" or "metadata": makes a rule;
				 * NULL: none */
	const char *like_key;	/* of the metadata; else NULL */
};

NODISCARD enum status store_dismiss(struct store *store,
    const struct dismissal *dismissal, const char *actor, bool commit,
    struct act_result *result, struct err *err);

/* The ways back from these two. */
NODISCARD enum status store_detach(struct store *store, const char *key,
    const char *actor, bool commit, struct act_result *result,
    struct err *err);
NODISCARD enum status store_undismiss(struct store *store, const char *key,
    const char *actor, bool commit, struct act_result *result,
    struct err *err);

NODISCARD enum status store_remove_rule(struct store *store, int64_t rule_id,
    const char *actor, bool commit, struct act_result *result,
    struct err *err);

/* Whose the payments of another installation of teamdues are. */
struct installation_decision {
	const char *installation_id;
	bool is_ours;
};

NODISCARD enum status store_decide_installation(struct store *store,
    const struct installation_decision *decision, const char *actor,
    bool commit, struct act_result *result, struct err *err);

/* Whether a product is sold: is_withdrawn: not any more. */
NODISCARD enum status store_withdraw_product(struct store *store,
    int64_t product_id, bool is_withdrawn, const char *actor, bool commit,
    struct act_result *result, struct err *err);

struct order_change {
	int64_t order_id;
	const char *payment;	/* is attached: an event's id or a session's;
				 * NULL: action says what is done */
	bool leaves_open;	/* who attaches holds no key of Stripe's: the
				 * order's open session is left to the list */
	bool is_anyway;		/* though the payer is a stranger, or the order
				 * needs no payment */
	const char *action;	/* "cancel", "waive", "reopen", "adjust",
				 * "record payment", "unrecord payment" */
	const char *reason;	/* of all but "record payment"; may be NULL
				 * where something is taken back */
	int64_t amount_cents;	/* of "adjust"; of "record payment", where 0 is
				 * all that is left */
	const char *source;	/* of "record payment": "cash", "cheque",
				 * "transfer" */
	const char *reference;	/* of the last two; of "unrecord payment" it
				 * may be NULL: the only one */
};

/*
 * What a person is shown before a payment is attached: payer_name, payer_email,
 * amount_cents, currency, paid_at, order_id, order_status, player_name, team,
 * parent_name, parent_email, product_name, left_cents.  No row when the payment
 * or the order is unknown.
 */
NODISCARD enum status store_attach_facts(struct store *store,
    const char *payment, int64_t order_id, store_row *each, void *context,
    struct err *err);

/*
 * ACT_REFUSED unless the order is pending (for a payment, cancelled will do),
 * or there is what is to be taken back; with commit, while a pending one has an
 * open session.
 */
NODISCARD enum status store_change_order(struct store *store,
    const struct order_change *change, const char *actor, bool commit,
    struct act_result *result, struct err *err);

/* before is Unix seconds; count is of bodies that are (or would be) gone. */
NODISCARD enum status store_prune_payloads(struct store *store,
    int64_t before, bool commit, int64_t *count, struct err *err);

struct replay_result {
	char outcome[24];	/* as struct standing's */
	char reason[256];	/* cut to fit */
	int64_t order_id;	/* 0: none */
	bool is_news;		/* a fact was added */
	char before[24];	/* the order's status; "" without an order */
	char after[24];
};

/* item: its event recorded already. */
NODISCARD enum status store_replay_event(struct store *store,
    const struct fact_item *item, bool commit, struct replay_result *result,
    struct err *err);

#endif
