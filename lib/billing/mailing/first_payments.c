/*
 * The database says who may be asked, this file how much, and the database
 * queues.  Another request may queue the same mail between the two calls; the
 * second call finds that out, and its player is skipped.
 */
#include "billing/mailing/first_payments.h"

#include <string.h>

#include "base/email.h"

/* First payments while they are being gathered. */
struct gathering {
	const struct config *config;
	const struct mailing *mailing;
	struct mailing_result *result;
	struct buf rows;	/* for store_queue_first_payments */
	int64_t count;		/* of them */
	struct first_payment last;
	int64_t players;
	char reason[MAILING_REASON_SIZE];	/* of the last one skipped */
};

/*
 * A bad address or an amount below Stripe's minimum concerns one player, who is
 * skipped with the reason: the others are asked.
 */
enum status
mailing_quote(const struct config *config, struct json_node row, bool prorate,
    struct first_payment *payment, char reason[MAILING_REASON_SIZE],
    struct err *err)
{
	char to[MAILING_RECIPIENT_SIZE];
	struct err why = { ST_OK, "" };
	enum status st;

	mailing_reason(row, reason);
	if (reason[0] != '\0')
		return ST_OK;
	st = json_get_text_or_empty(row, "recipient", to, sizeof(to), &why);
	if (st == ST_OK)
		st = email_check(to, strlen(to), &why);
	if (st == ST_OK)
		st = first_payment_quote(config, row, prorate, payment, &why);
	if (st == ST_OK)
		return ST_OK;
	if (st == ST_BAD_INPUT || st == ST_CONFLICT) {
		memcpy(reason, why.msg, sizeof(why.msg));
		return ST_OK;
	}
	*err = why;
	return st;
}

void
mailing_put_payment(struct json_out *json, const struct config *config,
    const struct first_payment *payment)
{
	json_out_object(json, NULL);
	json_out_i64(json, "player_id", payment->player_id);
	json_out_i64(json, "amount_cents", payment->amount_cents);
	json_out_text(json, "currency", config_text(config, SETTING_CURRENCY));
	json_out_text(json, "quoted", payment->quoted);
	json_out_bool(json, "prorate", payment->prorate);
	json_out_bool(json, "adjusted", payment->is_adjusted);
	json_out_end(json);
}

/* A dry run fills the result itself: no row comes back from a queue. */
static void
list_payment(const struct gathering *gathering, struct json_node row)
{
	struct json_out json = JSON_OUT(&gathering->result->mails);

	json_out_object(&json, NULL);
	json_out_i64(&json, "player_id", gathering->last.player_id);
	json_out_node(&json, "recipient", json_at(row, "recipient"));
	json_out_i64(&json, "amount_cents", gathering->last.amount_cents);
	json_out_text(&json, "currency",
	    config_text(gathering->config, SETTING_CURRENCY));
	json_out_end(&json);
	gathering->result->mail_count++;
}

/* A store_row. */
static enum status
gather(void *context, struct json_node row, struct err *err)
{
	struct gathering *gathering = context;
	struct json_out rows = JSON_OUT(&gathering->rows);
	enum status st;

	gathering->players++;
	st = mailing_quote(gathering->config, row,
	    !gathering->mailing->skip_proration, &gathering->last,
	    gathering->reason, err);
	if (st != ST_OK)
		return st;
	if (gathering->reason[0] != '\0') {
		mailing_result_skip(gathering->result,
		    json_i64_or_0(row, "player_id"), gathering->reason);
	} else if (gathering->mailing->dry_run) {
		list_payment(gathering, row);
	} else {
		mailing_put_payment(&rows, gathering->config,
		    &gathering->last);
		gathering->count++;
	}
	return ST_OK;
}

/*
 * A store_row.  Without an email_id another request has queued this player's
 * mail in between.
 */
static enum status
count_queued(void *context, struct json_node row, struct err *err)
{
	struct mailing_result *result = context;

	(void)err;
	if (json_i64_or_0(row, "email_id") == 0) {
		mailing_result_skip(result, json_i64_or_0(row, "player_id"),
		    "mailed today already");
		return ST_OK;
	}
	result->batch_id = json_i64_or_0(row, "batch_id");
	mailing_result_row(result, row);
	return ST_OK;
}

static enum status
gather_players(struct app *app, int64_t player_id,
    struct gathering *gathering, struct err *err)
{
	const struct mail_request request = mailing_request(app,
	    gathering->mailing, false);
	struct json_out rows = JSON_OUT(&gathering->rows);
	enum status st;

	gathering->config = &app->config;
	json_out_array(&rows, NULL);
	st = store_first_payment_players(app->store, player_id, &request,
	    gather, gathering, err);
	json_out_end(&rows);
	return st;
}

enum status
mailing_first_payments(struct app *app, const struct mailing *mailing,
    struct mailing_result *result, struct err *err)
{
	struct gathering gathering = {
		.mailing = mailing,
		.result = result,
		.rows = BUF_INIT(MAILING_TEXT_MAX),
	};
	const struct mail_request request = mailing_request(app, mailing, true);
	enum status st;

	st = gather_players(app, 0, &gathering, err);
	/* A batch without mails is not made. */
	if (st == ST_OK && gathering.count > 0)
		st = store_queue_first_payments(app->store, &gathering.rows,
		    &request, count_queued, result, err);
	buf_clear(&gathering.rows);
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

/* Why the one player gets no mail; ST_OK when there is no reason. */
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
	struct mailing_result result = MAILING_RESULT_INIT;
	struct gathering gathering = {
		.mailing = mailing,
		.result = &result,
		.rows = BUF_INIT(MAILING_TEXT_MAX),
	};
	const struct mail_request request = mailing_request(app, mailing,
	    false);
	enum status st;

	mailed->email_id = 0;
	st = gather_players(app, player_id, &gathering, err);
	if (st == ST_OK)
		st = refusal(&gathering, player_id, err);
	if (st != ST_OK)
		goto out;
	/* The only player is the last one. */
	mailed->amount_cents = gathering.last.amount_cents;
	st = store_queue_first_payments(app->store, &gathering.rows, &request,
	    read_mailed, mailed, err);
	if (st == ST_OK && mailed->email_id == 0)
		st = err_set(err, ST_CONFLICT,
		    "player %lld: mailed today already", (long long)player_id);
out:
	buf_clear(&gathering.rows);
	mailing_result_clear(&result);
	return st;
}
