#include "billing/mailing/result.h"

#include <string.h>

#include "base/money.h"

enum status
mailing_result_init(struct mailing_result *result, struct err *err)
{
	*result = (struct mailing_result){
		.mails = json_object_new_array(),
		.skipped = json_object_new_array(),
	};
	if (result->mails == NULL || result->skipped == NULL)
		return err_set(err, ST_NOMEM, "no memory for a mailing");
	return ST_OK;
}

void
mailing_result_clear(struct mailing_result *result)
{
	json_object_put(result->mails);
	json_object_put(result->skipped);
	result->mails = NULL;
	result->skipped = NULL;
}

int64_t
mailing_result_count(const struct mailing_result *result)
{
	return (int64_t)json_object_array_length(result->mails);
}

enum status
mailing_array_add(struct json_object *array, struct json_object *object,
    struct err *err)
{
	if (json_object_array_add(array, object) == 0)
		return ST_OK;
	json_object_put(object);
	return err_set(err, ST_NOMEM, "no memory for a mailing");
}

enum status
mailing_result_mail(struct mailing_result *result,
    const struct mail_told *mail, struct err *err)
{
	struct json_object *o = json_object_new_object();
	enum status st;

	if (o == NULL)
		return err_set(err, ST_NOMEM, "no memory for a mailing");
	st = json_put_i64(o, "player_id", mail->player_id, err);
	if (st == ST_OK)
		st = json_put_text(o, "recipient", mail->recipient, err);
	if (st == ST_OK)
		st = json_put_i64(o, "amount_cents", mail->amount_cents, err);
	if (st == ST_OK)
		st = json_put_text(o, "currency", mail->currency, err);
	if (st == ST_OK)
		return mailing_array_add(result->mails, o, err);
	json_object_put(o);
	return st;
}

enum status
mailing_result_row(struct mailing_result *result, struct json_node row,
    struct err *err)
{
	char recipient[MAILING_RECIPIENT_SIZE];
	char currency[CURRENCY_SIZE];
	enum status st;

	st = json_get_text_or_empty(row, "recipient", recipient,
	    sizeof(recipient), err);
	if (st == ST_OK)
		st = json_get_text_or_empty(row, "currency", currency,
		    sizeof(currency), err);
	if (st != ST_OK)
		return st;
	return mailing_result_mail(result, &(struct mail_told){
		.player_id = json_i64_or_0(row, "player_id"),
		.recipient = recipient,
		.amount_cents = json_i64_or_0(row, "amount_cents"),
		.currency = currency,
	}, err);
}

void
mailing_reason(struct json_node row, char reason[MAILING_REASON_SIZE])
{
	struct err unused;

	if (json_get_text_or_empty(row, "reason", reason, MAILING_REASON_SIZE,
	    &unused) != ST_OK)
		memcpy(reason, "not told", sizeof("not told"));
}

enum status
mailing_result_skip(struct mailing_result *result, int64_t player_id,
    const char *reason, struct err *err)
{
	struct json_object *o = json_object_new_object();
	enum status st;

	if (o == NULL)
		return err_set(err, ST_NOMEM, "no memory for a mailing");
	st = json_put_i64(o, "player_id", player_id, err);
	if (st == ST_OK)
		st = json_put_text(o, "reason", reason, err);
	if (st == ST_OK)
		return mailing_array_add(result->skipped, o, err);
	json_object_put(o);
	return st;
}

struct mail_request
mailing_request(const struct app *app, const struct mailing *mailing,
    bool batch)
{
	return (struct mail_request){
		.zone = config_text(&app->config, SETTING_CLUB_TIMEZONE),
		.actor = mailing->actor,
		.again = mailing->again,
		.batch = batch,
	};
}
