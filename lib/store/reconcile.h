/*
 * Asking Stripe about what its events did not report: which sessions to ask
 * about, and what the answers change (sql/functions/reconcile.sql).
 */
#ifndef TEAMDUES_STORE_RECONCILE_H
#define TEAMDUES_STORE_RECONCILE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/checkout.h"
#include "store/fact_item.h"
#include "store/installation.h"
#include "store/ledger.h"

/*
 * Whether a payer who came back may make us ask about the session now: it has
 * been pending for five seconds, and nobody asked in the last ten.
 */
NODISCARD enum status store_claim_question(struct store *store,
    const char *session_id, bool *is_granted, struct err *err);

/*
 * The first session by id after `after` ("": of all) whose answer is due.
 * ST_NOT_FOUND: none is.
 */
NODISCARD enum status store_next_due_session(struct store *store,
    const char *after, char session_id[STORE_ID_SIZE], struct err *err);

/* Whether it is of ours, and Stripe made it less than a day ago. */
NODISCARD enum status store_is_young_session(struct store *store,
    const char *session_id, bool *is_young, struct err *err);

NODISCARD enum status store_mark_asked(struct store *store,
    const char *session_id, struct err *err);

struct known_session {
	bool is_ours;		/* false: another's, nothing to do with us */
	bool is_news;		/* the item says what is not known here */
	int64_t refunded_cents;	/* what we take for given back */
	char stranger[STORE_INSTALLATION_SIZE];	/* whose payment it is, when
				 * nobody has said whether it is ours; "" */
};

/* item: of a session.  Changes nothing. */
NODISCARD enum status store_known_session(struct store *store,
    const struct fact_item *item, struct known_session *known,
    struct err *err);

/*
 * The result of recording an item, and the order's status before and after all
 * items.
 */
struct record_effect {
	struct record_result result;
	char before[STORE_STATUS_SIZE];	/* "" without an order */
	char after[STORE_STATUS_SIZE];
};

/*
 * Records items, a JSON array of count answers, in one transaction, with the
 * receipts that store_queue_receipts asked for; without commit it is undone
 * again.  effects has a place for each.
 */
NODISCARD enum status store_record_answers(struct store *store,
    const char *items, int count, bool commit, struct record_effect *effects,
    struct err *err);

struct replay_result {
	char outcome[24];	/* as struct record_result's */
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
