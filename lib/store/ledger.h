/*
 * Recording what was said: events (from the webhook) and answers (what we asked
 * for).
 */
#ifndef TEAMDUES_STORE_LEDGER_H
#define TEAMDUES_STORE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "store/fact_item.h"
#include "store/store.h"

enum outcome {
	OUTCOME_APPLIED,
	OUTCOME_DUPLICATE,
	OUTCOME_IGNORED,
	OUTCOME_FOREIGN,
	OUTCOME_UNMATCHED,
	OUTCOME_REVIEW,
	OUTCOME_MISMATCH,	/* the event's id stands for another one */
	OUTCOME_MAX
};

struct standing {
	enum outcome outcome;
	char reason[256];	/* cut to fit */
	int64_t order_id;	/* 0: none */
	bool is_news;		/* a fact was added by this very item */
	bool is_alarm;		/* a person is needed since */
};

/* "applied", "duplicate", ...  Static. */
const char *outcome_name(enum outcome outcome);

/*
 * Events, committed together with those that other threads bring meanwhile,
 * over two connections at most: the first thread to find one free takes all
 * that wait, the second connection only beside a small batch or when many wait.
 * A batch that fails is repeated event by event with short limits, so that a
 * bad or a locked one harms only itself.
 */
struct ledger;
NODISCARD enum status ledger_open(struct store *store,
    struct ledger **ledger, struct err *err);

/* An item with its event, and the event's body; all borrowed. */
struct ledger_entry {
	const struct fact_item *item;
	const char *payload;
	size_t payload_len;
};

/*
 * Returns after the commit.  ST_DB; ST_DB_BUSY when somebody else holds what it
 * needs, as of an event that was refused for that moments ago; ST_BUG for one
 * that the database refuses, since what is signed is never the sender's fault.
 */
NODISCARD enum status ledger_record(struct ledger *ledger,
    const struct ledger_entry *entry, struct standing *standing,
    struct err *err);

/* For service's tick: logs a batch that takes long, while it does, and goes on
 * beside it. */
void ledger_tick(struct ledger *ledger);

void ledger_close(struct ledger *ledger);

/* One answer of Stripe's. */
NODISCARD enum status store_record_answer(struct store *store,
    const struct fact_item *item, struct standing *standing,
    struct err *err);

#endif
