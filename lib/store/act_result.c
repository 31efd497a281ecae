/*
 * The words that the acts of SQL answer with, as an enum.  Several words mean
 * the same outcome: each act says what it did (attached, reopened, ...), and
 * the caller only has to know whether it was done.
 */
#include "store/act_result.h"

#include <string.h>

#include "base/text.h"
#include "store/db.h"

static enum status
read_result(const PGresult *r, struct act_result *result, struct err *err)
{
	static const struct {
		const char *word;
		enum act_outcome outcome;
	} words[] = {
		{ "attached", ACT_DONE },
		{ "dismissed", ACT_DONE },
		{ "detached", ACT_DONE },
		{ "reopened", ACT_DONE },
		{ "removed", ACT_DONE },
		{ "done", ACT_DONE },
		{ "already", ACT_ALREADY },
		{ "refused", ACT_REFUSED },
		{ "unknown", ACT_UNKNOWN },
	};
	const char *word = row_text(r, 0, "result");

	row_copy(result->detail, sizeof(result->detail), r, "detail");
	/*
	 * The sentence may quote a payer's name or a reason that a person
	 * typed, and it ends in a terminal or a log.
	 */
	text_disarm(result->detail, strlen(result->detail));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].word, word) == 0) {
			result->outcome = words[i].outcome;
			return ST_OK;
		}
	}
	/*
	 * A word that is not in the table is a newer schema's: to guess whether
	 * the act was done would mislead the person who asked for it.
	 */
	return err_set(err, ST_BUG, "unknown result \"%s\"", word);
}

enum status
act_run(struct store *store, const struct statement *statement,
    const char *const *argv, struct act_result *result, struct err *err)
{
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, statement, argv, &r, err);
	if (st == ST_OK)
		st = read_result(r, result, err);
	PQclear(r);
	return st;
}
