/* Recording the events that the webhook receives. */
#ifndef TEAMDUES_STORE_LEDGER_H
#define TEAMDUES_STORE_LEDGER_H

#include <stddef.h>

#include "store/fact_item.h"
#include "store/record_result.h"
#include "store/store.h"

/*
 * Events, committed together with those that other threads bring meanwhile,
 * over two connections at most: the first thread to find one free takes all
 * that wait, after a moment when more are likely to come; the second connection
 * only when many wait.
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
    const struct ledger_entry *entry, struct record_result *result,
    struct err *err);

/* For service's tick: logs a batch that takes long, while it does, and goes on
 * beside it. */
void ledger_tick(struct ledger *ledger);

void ledger_close(struct ledger *ledger);

#endif
