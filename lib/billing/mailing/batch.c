#include "billing/mailing/batch.h"

#include "billing/mailing/result.h"

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

static enum status
add_count(void *context, struct json_node row, struct err *err)
{
	(void)err;
	*counter_of(context, row) += json_i64_or_0(row, "count");
	return ST_OK;
}

/* {email_id, player_id, reason} */
static enum status
add_failure(void *context, struct json_node row, struct err *err)
{
	struct json_object *o = json_object_new_object();
	enum status st;

	if (o == NULL)
		return err_set(err, ST_NOMEM, "no memory for a batch");
	st = json_put_members(o, row, err);
	if (st == ST_OK)
		return mailing_array_add(context, o, err);
	json_object_put(o);
	return st;
}

static enum status
batch_json(const struct mailing_tally *tally, struct json_object *failures,
    int64_t batch_id, struct json_object *json, struct err *err)
{
	enum status st = json_put_i64(json, "batch_id", batch_id, err);

	if (st == ST_OK)
		st = json_put_i64(json, "queued", tally->queued, err);
	if (st == ST_OK)
		st = json_put_i64(json, "sent", tally->sent, err);
	if (st == ST_OK)
		st = json_put_i64(json, "failed", tally->failed, err);
	if (st == ST_OK)
		st = json_put_i64(json, "dropped", tally->dropped, err);
	if (st == ST_OK && json_object_object_add(json, "failures",
	    json_object_get(failures)) != 0)
		st = err_set(err, ST_NOMEM, "no memory for a batch");
	return st;
}

enum status
mailing_batch(struct app *app, int64_t batch_id,
    struct mailing_tally *tally, struct json_object **json, struct err *err)
{
	struct json_object *failures = json_object_new_array();
	enum status st = ST_OK;

	*tally = (struct mailing_tally){ 0 };
	*json = json_object_new_object();
	if (*json == NULL || failures == NULL)
		st = err_set(err, ST_NOMEM, "no memory for a batch");
	if (st == ST_OK)
		st = store_batch_states(app->store, batch_id, add_count,
		    tally, err);
	if (st == ST_OK && tally->queued + tally->sent + tally->failed +
	    tally->dropped == 0)
		st = err_set(err, ST_NOT_FOUND, "no mails of batch %lld",
		    (long long)batch_id);
	if (st == ST_OK && tally->failed > 0)
		st = store_batch_failures(app->store, batch_id,
		    add_failure, failures, err);
	if (st == ST_OK)
		st = batch_json(tally, failures, batch_id, *json, err);
	json_object_put(failures);
	return st;
}
