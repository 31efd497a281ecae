/*
 * A history put into the world: orders in the database, ids, and events as
 * Stripe sends them.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_WORLD_H
#define TEAMDUES_TESTS_SYSTEM_WORLD_H

#include <json-c/json.h>

#include "club.h"
#include "history.h"

struct world {
	const struct history *history;
	struct club club;
	struct stack *stack;
	int64_t start_s;	/* the second from which the history counts */
	int64_t orders[HISTORY_ORDERS_MAX];
	char sessions[HISTORY_PAYMENTS_MAX][UNIQUE_SIZE];
	char intents[HISTORY_PAYMENTS_MAX][UNIQUE_SIZE];
	struct json_object *events[HISTORY_HAPPENINGS_MAX];	/* or NULL */
};

/*
 * Makes the orders, stores the sessions that were stored before anything
 * happened, and writes the events.  In a transaction when one is open.
 */
void world_make(struct stack *stack, const struct history *history,
    struct world *world);
void world_clear(struct world *world);

/* What teamdues.store_session takes for the payment's session. */
struct json_object *world_session_to_store(const struct world *world,
    int payment);

/* That session is stored now. */
void world_store_session(struct stack *stack, const struct world *world,
    int payment);

#endif
