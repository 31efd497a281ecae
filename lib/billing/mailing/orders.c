/*
 * The amounts are stored, so the database decides and queues in one call, and
 * without commit only decides.
 */
#include "billing/mailing/orders.h"

struct listing {
	struct mailing_result *result;
	bool dry_run;
};

/*
 * A store_row.  A row without a reason and without an email_id: another request
 * has queued this mail first.
 */
static enum status
list_row(void *context, struct json_node row, struct err *err)
{
	const struct listing *listing = context;
	struct mailing_result *result = listing->result;
	int64_t player_id = json_i64_or_0(row, "player_id");
	char reason[MAILING_REASON_SIZE];

	(void)err;
	mailing_reason(row, reason);
	if (reason[0] != '\0') {
		mailing_result_skip(result, player_id, reason);
	} else if (!listing->dry_run && json_i64_or_0(row, "email_id") == 0) {
		mailing_result_skip(result, player_id, "mailed today already");
	} else {
		result->batch_id = json_i64_or_0(row, "batch_id");
		mailing_result_row(result, row);
	}
	return ST_OK;
}

enum status
mailing_tournament(struct app *app, int64_t tournament_id,
    const char *kind, const struct mailing *mailing,
    struct mailing_result *result, struct err *err)
{
	const struct mail_request request = mailing_request(app, mailing, true);
	struct listing listing = { result, mailing->dry_run };
	enum status st;

	st = store_queue_tournament(app->store, tournament_id, kind, &request,
	    !mailing->dry_run, list_row, &listing, err);
	if (st == ST_OK && result->mail_count == 0 && result->skip_count == 0)
		st = err_set(err, ST_NOT_FOUND,
		    "tournament %lld is not known, or nobody is in it",
		    (long long)tournament_id);
	return st;
}

enum status
mailing_reminders(struct app *app, const struct mailing *mailing,
    struct mailing_result *result, struct err *err)
{
	const struct mail_request request = mailing_request(app, mailing, true);
	struct listing listing = { result, mailing->dry_run };

	return store_queue_reminders(app->store, &request, !mailing->dry_run,
	    list_row, &listing, err);
}
