/* What becomes of an act of a person: done, or refused with the reason. */
#ifndef TEAMDUES_STORE_ACT_RESULT_H
#define TEAMDUES_STORE_ACT_RESULT_H

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

struct statement;

/*
 * For this room: runs a statement that gives result and detail.  The database
 * reports the act in a notice as well, which is logged: act_log.h.
 */
NODISCARD enum status act_run(struct store *store,
    const struct statement *statement, const char *const *argv,
    struct act_result *result, struct err *err);

#endif
