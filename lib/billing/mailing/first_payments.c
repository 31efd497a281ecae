#include "billing/mailing/first_payments.h"

#include <string.h>

#include "base/email.h"
#include "billing/first_payment.h"

/* First payments while they are being gathered. */
struct gathering {
	const struct config *config;
	const struct mailing *mailing;
	struct mailing_result *result;
	struct json_object *rows;	/* for store_queue_first_payments */
	struct first_payment last;
	int64_t players;
	char reason[MAILING_REASON_SIZE];	/* of the last one skipped */
};

static enum status
add_payment(struct gathering *gathering, const char *to, struct err *err)
{
	const struct first_payment *payment = &gathering->last;
	struct json_object *o = json_object_new_object();
	enum status st;

	if (o == NULL)
		return err_set(err, ST_NOMEM, "no memory for a mailing");
	st = json_put_i64(o, "player_id", payment->player_id, err);
	if (st == ST_OK)
		st = json_put_text(o, "recipient", to, err);
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
		st = json_put_bool(o, "adjusted", payment->is_adjusted, err);
	if (st == ST_OK)
		return mailing_array_add(gathering->rows, o, err);
	json_object_put(o);
	return st;
}

/* A dry run tells what would be queued. */
static enum status
tell_payment(struct gathering *gathering, const char *to, struct err *err)
{
	return mailing_result_mail(gathering->result, &(struct mail_told){
		.player_id = gathering->last.player_id,
		.recipient = to,
		.amount_cents = gathering->last.amount_cents,
		.currency = config_text(gathering->config, SETTING_CURRENCY),
	}, err);
}

static enum status
skip(struct gathering *gathering, struct json_node row, struct err *err)
{
	return mailing_result_skip(gathering->result,
	    json_i64_or_0(row, "player_id"), gathering->reason, err);
}

/* One player: asked, or skipped for the database's reason or for one of
 * ours. */
static enum status
gather(void *context, struct json_node row, struct err *err)
{
	struct gathering *gathering = context;
	char to[MAILING_RECIPIENT_SIZE];
	struct err why = { ST_OK, "" };
	enum status st;

	gathering->players++;
	mailing_reason(row, gathering->reason);
	if (gathering->reason[0] != '\0')
		return skip(gathering, row, err);
	st = json_get_text_or_empty(row, "recipient", to, sizeof(to), &why);
	if (st == ST_OK)
		st = email_check(to, strlen(to), &why);
	if (st == ST_OK)
		st = first_payment_quote(gathering->config, row,
		    !gathering->mailing->skip_proration, &gathering->last,
		    &why);
	if (st == ST_OK)
		return gathering->mailing->dry_run
		    ? tell_payment(gathering, to, err)
		    : add_payment(gathering, to, err);
	if (st == ST_BAD_INPUT || st == ST_CONFLICT) {
		memcpy(gathering->reason, why.msg, sizeof(why.msg));
		return skip(gathering, row, err);
	}
	*err = why;
	return st;
}

/* What the database queued; null where another request was first. */
static enum status
count_queued(void *context, struct json_node row, struct err *err)
{
	struct mailing_result *result = context;

	if (json_i64_or_0(row, "email_id") == 0)
		return mailing_result_skip(result,
		    json_i64_or_0(row, "player_id"), "mailed today already",
		    err);
	result->batch_id = json_i64_or_0(row, "batch_id");
	return mailing_result_row(result, row, err);
}

static enum status
gather_players(struct app *app, int64_t player_id,
    struct gathering *gathering, struct err *err)
{
	const struct mail_request request = mailing_request(app,
	    gathering->mailing, false);
	enum status st = mailing_result_init(gathering->result, err);

	gathering->config = &app->config;
	gathering->rows = json_object_new_array();
	if (st == ST_OK && gathering->rows == NULL)
		st = err_set(err, ST_NOMEM, "no memory for a mailing");
	if (st == ST_OK)
		st = store_first_payment_players(app->store, player_id,
		    &request, gather, gathering, err);
	return st;
}

enum status
mailing_first_payments(struct app *app, const struct mailing *mailing,
    struct mailing_result *result, struct err *err)
{
	struct gathering gathering = { .mailing = mailing, .result = result };
	const struct mail_request request = mailing_request(app, mailing, true);
	enum status st;

	st = gather_players(app, 0, &gathering, err);
	if (st == ST_OK && json_object_array_length(gathering.rows) > 0)
		st = store_queue_first_payments(app->store, gathering.rows,
		    &request, count_queued, result, err);
	json_object_put(gathering.rows);
	return st;
}

static enum status
read_mailed(void *context, struct json_node row, struct err *err)
{
	struct mailed *mailed = context;

	mailed->email_id = json_i64_or_0(row, "email_id");
	return json_get_text(row, "recipient", mailed->to, sizeof(mailed->to),
	    err);
}

/* The one player's reason for getting none; ST_OK when there is none. */
static enum status
refusal(const struct gathering *gathering, int64_t player_id, struct err *err)
{
	if (gathering->players == 0)
		return err_set(err, ST_NOT_FOUND, "no player %lld",
		    (long long)player_id);
	if (gathering->reason[0] == '\0')
		return ST_OK;
	return err_set(err, ST_CONFLICT, "player %lld: %s",
	    (long long)player_id, gathering->reason);
}

enum status
mailing_first_payment(struct app *app, int64_t player_id,
    const struct mailing *mailing, struct mailed *mailed, struct err *err)
{
	struct mailing_result result;
	struct gathering gathering = { .mailing = mailing, .result = &result };
	const struct mail_request request = mailing_request(app, mailing,
	    false);
	enum status st;

	mailed->email_id = 0;
	st = gather_players(app, player_id, &gathering, err);
	if (st == ST_OK)
		st = refusal(&gathering, player_id, err);
	if (st != ST_OK)
		goto out;
	mailed->amount_cents = gathering.last.amount_cents;
	st = store_queue_first_payments(app->store, gathering.rows, &request,
	    read_mailed, mailed, err);
	if (st == ST_OK && mailed->email_id == 0)
		st = err_set(err, ST_CONFLICT,
		    "player %lld: mailed today already", (long long)player_id);
out:
	json_object_put(gathering.rows);
	mailing_result_clear(&result);
	return st;
}
