#include "billing/mailing.h"

#include <string.h>

#include "base/email.h"
#include "billing/first_payment.h"
#include "store/mail.h"

/* First payments while they are being gathered. */
struct gathering {
	const struct config *config;
	const struct mailing *mailing;
	struct mailing_result *result;
	struct json_object *rows;	/* for store_queue_first_payments */
	struct first_payment last;
	int64_t players;
};

static enum status
result_init(struct mailing_result *result, struct err *err)
{
	*result = (struct mailing_result){ .skipped =
	    json_object_new_array() };
	if (result->skipped == NULL)
		return err_set(err, ST_NOMEM, "no memory for a mailing");
	return ST_OK;
}

void
mailing_result_clear(struct mailing_result *result)
{
	json_object_put(result->skipped);
	result->skipped = NULL;
}

static struct mail_order
mail_order(const struct billing *billing, const struct mailing *mailing,
    bool batch)
{
	return (struct mail_order){
		.zone = config_text(&billing->config, SETTING_CLUB_TIMEZONE),
		.actor = mailing->actor,
		.again = mailing->again,
		.batch = batch,
	};
}

/* Adds object to array; takes it, whatever happens. */
static enum status
array_add(struct json_object *array, struct json_object *object,
    struct err *err)
{
	if (json_object_array_add(array, object) == 0)
		return ST_OK;
	json_object_put(object);
	return err_set(err, ST_NOMEM, "no memory for a mailing");
}

static enum status
skip(struct mailing_result *result, int64_t player_id, const char *reason,
    struct err *err)
{
	struct json_object *o = json_object_new_object();
	enum status st;

	if (o == NULL)
		return err_set(err, ST_NOMEM, "no memory for a mailing");
	st = json_put_i64(o, "player_id", player_id, err);
	if (st == ST_OK)
		st = json_put_text(o, "reason", reason, err);
	if (st == ST_OK)
		return array_add(result->skipped, o, err);
	json_object_put(o);
	return st;
}

static enum status
add_payment(struct gathering *gathering, struct err *err)
{
	const struct first_payment *payment = &gathering->last;
	struct json_object *o = json_object_new_object();
	enum status st;

	if (o == NULL)
		return err_set(err, ST_NOMEM, "no memory for a mailing");
	st = json_put_i64(o, "player_id", payment->player_id, err);
	if (st == ST_OK)
		st = json_put_i64(o, "amount_cents", payment->amount_cents,
		    err);
	if (st == ST_OK)
		st = json_put_text(o, "currency",
		    config_text(gathering->config, SETTING_CURRENCY), err);
	if (st == ST_OK)
		st = json_put_text(o, "quoted", payment->quoted, err);
	if (st == ST_OK)
		st = json_put_bool(o, "prorate", payment->prorate, err);
	if (st == ST_OK)
		return array_add(gathering->rows, o, err);
	json_object_put(o);
	return st;
}

/* One player: asked, or skipped for the database's reason or for one of
 * ours. */
static enum status
gather(void *context, struct json_object *row, struct err *err)
{
	struct gathering *gathering = context;
	struct json_object *reason = json_at(row, "reason");
	struct json_object *to = json_at(row, "recipient");
	int64_t player_id = json_object_get_int64(json_at(row, "player_id"));
	struct err why = { ST_OK, "" };
	enum status st;

	gathering->players++;
	if (json_object_get_string_len(reason) > 0)
		return skip(gathering->result, player_id,
		    json_object_get_string(reason), err);
	st = email_check(json_object_get_string(to),
	    (size_t)json_object_get_string_len(to), &why);
	if (st == ST_OK)
		st = first_payment_quote(gathering->config, row,
		    !gathering->mailing->skip_proration, &gathering->last,
		    &why);
	if (st == ST_OK)
		return add_payment(gathering, err);
	if (st == ST_BAD_INPUT || st == ST_CONFLICT)
		return skip(gathering->result, player_id, why.msg, err);
	*err = why;
	return st;
}

/* What the database queued; null where another request was first. */
static enum status
count_queued(void *context, struct json_object *row, struct err *err)
{
	struct mailing_result *result = context;

	if (json_at(row, "email_id") == NULL)
		return skip(result,
		    json_object_get_int64(json_at(row, "player_id")),
		    "mailed today already", err);
	result->queued++;
	result->batch_id = json_object_get_int64(json_at(row, "batch_id"));
	return ST_OK;
}

static enum status
gather_players(struct billing *billing, int64_t player_id,
    struct gathering *gathering, struct err *err)
{
	const struct mail_order order = mail_order(billing,
	    gathering->mailing, false);
	enum status st = result_init(gathering->result, err);

	gathering->config = &billing->config;
	gathering->rows = json_object_new_array();
	if (st == ST_OK && gathering->rows == NULL)
		st = err_set(err, ST_NOMEM, "no memory for a mailing");
	if (st == ST_OK)
		st = store_first_payment_players(billing->store, player_id,
		    &order, gather, gathering, err);
	return st;
}

enum status
mailing_first_payments(struct billing *billing, const struct mailing *mailing,
    struct mailing_result *result, struct err *err)
{
	struct gathering gathering = { .mailing = mailing, .result = result };
	const struct mail_order order = mail_order(billing, mailing, true);
	size_t count;
	enum status st;

	st = gather_players(billing, 0, &gathering, err);
	if (st != ST_OK)
		goto out;
	count = json_object_array_length(gathering.rows);
	if (mailing->dry_run)
		result->queued = (int64_t)count;
	else if (count > 0)
		st = store_queue_first_payments(billing->store, gathering.rows,
		    &order, count_queued, result, err);
out:
	json_object_put(gathering.rows);
	return st;
}

static enum status
read_mailed(void *context, struct json_object *row, struct err *err)
{
	struct mailed *mailed = context;

	mailed->email_id = json_object_get_int64(json_at(row, "email_id"));
	return json_get_text(row, "recipient", mailed->to, sizeof(mailed->to),
	    err);
}

/* The one player's reason for getting none; ST_OK when there is none. */
static enum status
refusal(const struct gathering *gathering, int64_t player_id, struct err *err)
{
	struct json_object *first;

	if (gathering->players == 0)
		return err_set(err, ST_NOT_FOUND, "no player %lld",
		    (long long)player_id);
	if (json_object_array_length(gathering->result->skipped) == 0)
		return ST_OK;
	first = json_object_array_get_idx(gathering->result->skipped, 0);
	return err_set(err, ST_CONFLICT, "player %lld: %s",
	    (long long)player_id,
	    json_object_get_string(json_at(first, "reason")));
}

enum status
mailing_first_payment(struct billing *billing, int64_t player_id,
    const struct mailing *mailing, struct mailed *mailed, struct err *err)
{
	struct mailing_result result;
	struct gathering gathering = { .mailing = mailing, .result = &result };
	const struct mail_order order = mail_order(billing, mailing, false);
	enum status st;

	mailed->email_id = 0;
	st = gather_players(billing, player_id, &gathering, err);
	if (st == ST_OK)
		st = refusal(&gathering, player_id, err);
	if (st != ST_OK)
		goto out;
	mailed->amount_cents = gathering.last.amount_cents;
	st = store_queue_first_payments(billing->store, gathering.rows, &order,
	    read_mailed, mailed, err);
	if (st == ST_OK && mailed->email_id == 0)
		st = err_set(err, ST_CONFLICT,
		    "player %lld: mailed today already", (long long)player_id);
out:
	json_object_put(gathering.rows);
	mailing_result_clear(&result);
	return st;
}

/* A row of the tournament's or the reminders' queue. */
static enum status
count_row(void *context, struct json_object *row, struct err *err)
{
	struct mailing_result *result = context;
	struct json_object *reason = json_at(row, "reason");

	result->batch_id = json_object_get_int64(json_at(row, "batch_id"));
	if (json_object_get_string_len(reason) == 0) {
		result->queued++;
		return ST_OK;
	}
	return skip(result, json_object_get_int64(json_at(row, "player_id")),
	    json_object_get_string(reason), err);
}

enum status
mailing_tournament(struct billing *billing, int64_t tournament_id,
    const char *kind, const struct mailing *mailing,
    struct mailing_result *result, struct err *err)
{
	const struct mail_order order = mail_order(billing, mailing, true);
	enum status st = result_init(result, err);

	if (st == ST_OK)
		st = store_queue_tournament(billing->store, tournament_id, kind,
		    &order, !mailing->dry_run, count_row, result, err);
	if (st == ST_OK && result->queued == 0
	    && json_object_array_length(result->skipped) == 0)
		st = err_set(err, ST_NOT_FOUND,
		    "tournament %lld is not known, or nobody is in it",
		    (long long)tournament_id);
	return st;
}

enum status
mailing_reminders(struct billing *billing, const struct mailing *mailing,
    struct mailing_result *result, struct err *err)
{
	const struct mail_order order = mail_order(billing, mailing, true);
	enum status st = result_init(result, err);

	if (st == ST_OK)
		st = store_queue_reminders(billing->store, &order,
		    !mailing->dry_run, count_row, result, err);
	return st;
}

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
		return array_add(batch->failures, o, err);
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
