/*
 * The outbox is counted anew at each question: the mailer works on while the
 * admin looks.
 */
#include "billing/mailing/batch.h"

#include "store/mail_queue.h"

/* A mail that waits for another try is still queued. */
static int64_t *
counter_of(struct mailing_tally *tally, struct json_node row)
{
	if (json_text_is(row, "state", "sent"))
		return &tally->sent;
	if (json_text_is(row, "state", "failed"))
		return &tally->failed;
	return json_text_is(row, "state", "dropped") ? &tally->dropped
	    : &tally->queued;
}

/* A store_row. */
static enum status
add_count(void *context, struct json_node row, struct err *err)
{
	(void)err;
	*counter_of(context, row) += json_i64_or_0(row, "count");
	return ST_OK;
}

/* A store_row. */
static enum status
add_failure(void *context, struct json_node row, struct err *err)
{
	(void)err;
	json_out_node(context, NULL, row);
	return ST_OK;
}

enum status
mailing_batch_count(struct app *app, int64_t batch_id,
    struct mailing_tally *tally, struct err *err)
{
	enum status st;

	*tally = (struct mailing_tally){ 0 };
	st = store_batch_states(app->store, batch_id, add_count, tally, err);
	/* Counted from its mails: a batch without any is unknown. */
	if (st == ST_OK && tally->queued + tally->sent + tally->failed +
	    tally->dropped == 0)
		st = err_set(err, ST_NOT_FOUND, "no mails of batch %lld",
		    (long long)batch_id);
	return st;
}

enum status
mailing_batch_put(struct app *app, int64_t batch_id, struct json_out *json,
    struct err *err)
{
	struct mailing_tally tally;
	enum status st = mailing_batch_count(app, batch_id, &tally, err);

	if (st != ST_OK)
		return st;
	json_out_i64(json, "batch_id", batch_id);
	json_out_i64(json, "queued", tally.queued);
	json_out_i64(json, "sent", tally.sent);
	json_out_i64(json, "failed", tally.failed);
	json_out_i64(json, "dropped", tally.dropped);
	json_out_array(json, "failures");
	if (tally.failed > 0)
		st = store_batch_failures(app->store, batch_id, add_failure,
		    json, err);
	json_out_end(json);
	return st;
}
