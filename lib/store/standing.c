#include <string.h>

#include "base/text.h"
#include "store/db.h"
#include "store/ledger.h"

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
row_standing(const PGresult *result, int row, struct standing *standing,
    struct err *err)
{
	const char *name = row_text(result, row, "outcome");
	enum outcome outcome = OUTCOME_APPLIED;

	while (outcome < OUTCOME_MAX
	    && strcmp(outcome_name(outcome), name) != 0)
		outcome++;
	if (outcome == OUTCOME_MAX)
		return err_set(err, ST_BUG, "unknown outcome \"%s\"", name);
	standing->outcome = outcome;
	standing->order_id = row_i64(result, row, "order_id");
	standing->is_news = row_bool(result, row, "is_news");
	standing->is_alarm = row_bool(result, row, "is_alarm");
	strncpy(standing->reason, row_text(result, row, "reason"),
	    sizeof(standing->reason) - 1);
	standing->reason[sizeof(standing->reason) - 1] = '\0';
	/* It may quote what a stranger wrote, and people read it. */
	text_disarm(standing->reason, strlen(standing->reason));
	return ST_OK;
}
