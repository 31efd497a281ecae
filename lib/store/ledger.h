/*
 * Recording what was said: events (from the webhook) and answers (what we asked
 * for).  Items are JSON objects of the form that sql/functions/record.sql
 * describes; lib/billing/fulfilment.c makes them.
 */
#ifndef TEAMDUES_STORE_LEDGER_H
#define TEAMDUES_STORE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

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
 * over one connection: the first thread to find it free takes all that wait.  A
 * batch that fails is repeated event by event, so that a bad one harms only
 * itself.  Returns after the commit.  ST_DB, and ST_BUG or ST_BAD_INPUT for an
 * event that the database refuses.
 */
struct ledger;
NODISCARD enum status ledger_open(struct store *store,
    struct ledger **ledger, struct err *err);
NODISCARD enum status ledger_record(struct ledger *ledger,
    struct json_object *item, struct standing *standing, struct err *err);
void ledger_close(struct ledger *ledger);

/* One answer of Stripe's. */
NODISCARD enum status store_record_answer(struct store *store,
    struct json_object *item, struct standing *standing, struct err *err);

#endif
