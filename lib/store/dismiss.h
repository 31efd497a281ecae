/*
 * What people decide about payments that are nobody's, and the rules that they
 * make of it: sql/functions/dismiss.sql.  Each act is as in payment_acts.h.
 */
#ifndef TEAMDUES_STORE_DISMISS_H
#define TEAMDUES_STORE_DISMISS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/act_result.h"

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

/* The way back. */
NODISCARD enum status store_undismiss(struct store *store, const char *key,
    const char *actor, bool commit, struct act_result *result,
    struct err *err);

NODISCARD enum status store_remove_rule(struct store *store, int64_t rule_id,
    const char *actor, bool commit, struct act_result *result,
    struct err *err);

#endif
