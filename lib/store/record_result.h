/* The result of recording one item. */
#ifndef TEAMDUES_STORE_RECORD_RESULT_H
#define TEAMDUES_STORE_RECORD_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

enum outcome {
	OUTCOME_APPLIED,
	OUTCOME_DUPLICATE,
	OUTCOME_IGNORED,
	OUTCOME_FOREIGN,
	OUTCOME_UNMATCHED,
	OUTCOME_REVIEW,
	OUTCOME_MISMATCH,	/* another event was recorded under its id */
	OUTCOME_MAX
};

struct record_result {
	enum outcome outcome;
	char reason[256];	/* cut to fit */
	int64_t order_id;	/* 0: none */
	bool is_news;		/* a fact was added by this very item */
	bool is_alarm;		/* a person is needed since */
};

/* "applied", "duplicate", ...  Static. */
const char *outcome_name(enum outcome outcome);

struct pg_result;

/* For this room: from columns outcome, reason, order_id, is_news, is_alarm. */
NODISCARD enum status row_record_result(const struct pg_result *r, int row,
    struct record_result *result, struct err *err);

#endif
