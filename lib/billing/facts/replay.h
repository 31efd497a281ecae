/*
 * Reading an event again, from the body that was signed: by a program that may
 * know more than the one which recorded it, or beside rows that were not there
 * then.
 */
#ifndef TEAMDUES_BILLING_FACTS_REPLAY_H
#define TEAMDUES_BILLING_FACTS_REPLAY_H

#include <stdbool.h>

#include "billing/facts/event_facts.h"
#include "store/reconcile.h"

struct replay {
	const char *event_id;
	struct event_terms terms;
	bool commit;
};

/*
 * Safe on any event, however often.  ST_NOT_FOUND; ST_GONE: its body was
 * pruned; ST_DB.
 */
NODISCARD enum status replay_event(struct store *store,
    const struct replay *replay, struct replay_result *result,
    struct err *err);

#endif
