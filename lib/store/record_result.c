/* The outcomes' words are explained at the head of sql/functions/record.sql. */
#include "store/record_result.h"

#include <string.h>

#include "base/text.h"
#include "store/db.h"

const char *
outcome_name(enum outcome outcome)
{
	static const char *const names[OUTCOME_MAX] = {
		[OUTCOME_APPLIED] = "applied",
		[OUTCOME_DUPLICATE] = "duplicate",
		[OUTCOME_IGNORED] = "ignored",
		[OUTCOME_FOREIGN] = "foreign",
		[OUTCOME_UNMATCHED] = "unmatched",
		[OUTCOME_REVIEW] = "review",
		[OUTCOME_MISMATCH] = "mismatch",
	};

	return outcome < OUTCOME_MAX ? names[outcome] : "unknown";
}

enum status
row_record_result(const struct pg_result *r, int row,
    struct record_result *result, struct err *err)
{
	const char *name = row_text(r, row, "outcome");
	enum outcome outcome = OUTCOME_APPLIED;

	while (outcome < OUTCOME_MAX &&
	    strcmp(outcome_name(outcome), name) != 0)
		outcome++;
	if (outcome == OUTCOME_MAX)
		return err_set(err, ST_BUG, "unknown outcome \"%s\"", name);
	result->outcome = outcome;
	result->order_id = row_i64(r, row, "order_id");
	result->is_news = row_bool(r, row, "is_news");
	result->is_alarm = row_bool(r, row, "is_alarm");
	/* Cut where it is too long: the whole reason is in the books. */
	strncpy(result->reason, row_text(r, row, "reason"),
	    sizeof(result->reason) - 1);
	result->reason[sizeof(result->reason) - 1] = '\0';
	/* The reason may quote what a stranger wrote, and people read it. */
	text_disarm(result->reason, strlen(result->reason));
	return ST_OK;
}
