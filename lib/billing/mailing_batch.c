#include "billing/mailing_result.h"

/* A batch while its mails are counted. */
struct batch {
	struct mailing_tally *tally;
	struct json_object *failures;	/* [{email_id, player_id, reason}] */
};

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

/* The member of a row as it stands there, under another name or the same. */
static enum status
copy_member(struct json_object *o, const char *key, struct json_node row,
    const char *name, struct err *err)
{
	size_t len;
	const char *source = json_source(json_at(row, name), &len);

	return json_put_source(o, key, source, len, err);
}

static enum status
add_failure(struct batch *batch, struct json_node row, struct err *err)
{
	struct json_object *o = json_object_new_object();
	enum status st;

	if (o == NULL)
		return err_set(err, ST_NOMEM, "no memory for a batch");
	st = copy_member(o, "email_id", row, "email_id", err);
	if (st == ST_OK)
		st = copy_member(o, "player_id", row, "player_id", err);
	if (st == ST_OK)
		st = copy_member(o, "reason", row, "last_error", err);
	if (st == ST_OK)
		return mailing_array_add(batch->failures, o, err);
	json_object_put(o);
	return st;
}

static enum status
count_mail(void *context, struct json_node row, struct err *err)
{
	struct batch *batch = context;
	int64_t *counter = counter_of(batch->tally, row);

	++*counter;
	return counter == &batch->tally->failed
	    ? add_failure(batch, row, err) : ST_OK;
}

static enum status
batch_json(const struct batch *batch, int64_t batch_id,
    struct json_object *json, struct err *err)
{
	const struct mailing_tally *tally = batch->tally;
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
	    json_object_get(batch->failures)) != 0)
		st = err_set(err, ST_NOMEM, "no memory for a batch");
	return st;
}

enum status
mailing_batch(struct billing *billing, int64_t batch_id,
    struct mailing_tally *tally, struct json_object **json, struct err *err)
{
	struct batch batch = { tally, json_object_new_array() };
	enum status st = ST_OK;

	*tally = (struct mailing_tally){ 0 };
	*json = json_object_new_object();
	if (*json == NULL || batch.failures == NULL)
		st = err_set(err, ST_NOMEM, "no memory for a batch");
	if (st == ST_OK)
		st = store_emails(billing->store, batch_id, count_mail, &batch,
		    err);
	if (st == ST_OK && tally->queued + tally->sent + tally->failed +
	    tally->dropped == 0)
		st = err_set(err, ST_NOT_FOUND, "no mails of batch %lld",
		    (long long)batch_id);
	if (st == ST_OK)
		st = batch_json(&batch, batch_id, *json, err);
	json_object_put(batch.failures);
	return st;
}
