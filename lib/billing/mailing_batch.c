#include <string.h>

#include "billing/mailing_result.h"

/* A batch while its mails are counted. */
struct batch {
	int64_t queued;
	int64_t sent;
	int64_t failed;
	int64_t dropped;
	struct json_object *failures;	/* [{email_id, player_id, reason}] */
};

static int64_t *
counter_of(struct batch *batch, const char *state)
{
	if (strcmp(state, "sent") == 0)
		return &batch->sent;
	if (strcmp(state, "failed") == 0)
		return &batch->failed;
	return strcmp(state, "dropped") == 0 ? &batch->dropped
	    : &batch->queued;
}

static enum status
add_failure(struct batch *batch, struct json_object *row, struct err *err)
{
	struct json_object *o = json_object_new_object();
	enum status st;

	if (o == NULL)
		return err_set(err, ST_NOMEM, "no memory for a batch");
	st = json_put_i64(o, "email_id",
	    json_object_get_int64(json_at(row, "email_id")), err);
	if (st == ST_OK)
		st = json_put_i64(o, "player_id",
		    json_object_get_int64(json_at(row, "player_id")), err);
	if (st == ST_OK)
		st = json_put_text(o, "reason",
		    json_object_get_string(json_at(row, "last_error")), err);
	if (st == ST_OK)
		return mailing_array_add(batch->failures, o, err);
	json_object_put(o);
	return st;
}

static enum status
count_mail(void *context, struct json_object *row, struct err *err)
{
	struct batch *batch = context;
	const char *state = json_object_get_string(json_at(row, "state"));

	++*counter_of(batch, state);
	return strcmp(state, "failed") == 0 ? add_failure(batch, row, err)
	    : ST_OK;
}

static enum status
batch_json(const struct batch *batch, int64_t batch_id,
    struct json_object *json, struct err *err)
{
	enum status st = json_put_i64(json, "batch_id", batch_id, err);

	if (st == ST_OK)
		st = json_put_i64(json, "queued", batch->queued, err);
	if (st == ST_OK)
		st = json_put_i64(json, "sent", batch->sent, err);
	if (st == ST_OK)
		st = json_put_i64(json, "failed", batch->failed, err);
	if (st == ST_OK)
		st = json_put_i64(json, "dropped", batch->dropped, err);
	if (st == ST_OK && json_object_object_add(json, "failures",
	    json_object_get(batch->failures)) != 0)
		st = err_set(err, ST_NOMEM, "no memory for a batch");
	return st;
}

enum status
mailing_batch(struct billing *billing, int64_t batch_id,
    struct json_object **json, struct err *err)
{
	struct batch batch = { .failures = json_object_new_array() };
	enum status st = ST_OK;

	*json = json_object_new_object();
	if (*json == NULL || batch.failures == NULL)
		st = err_set(err, ST_NOMEM, "no memory for a batch");
	if (st == ST_OK)
		st = store_emails(billing->store, batch_id, count_mail, &batch,
		    err);
	if (st == ST_OK
	    && batch.queued + batch.sent + batch.failed + batch.dropped == 0)
		st = err_set(err, ST_NOT_FOUND, "no mails of batch %lld",
		    (long long)batch_id);
	if (st == ST_OK)
		st = batch_json(&batch, batch_id, *json, err);
	json_object_put(batch.failures);
	return st;
}
