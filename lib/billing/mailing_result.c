#include "billing/mailing_result.h"

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
mailing_result_mail(struct mailing_result *result, struct json_object *row,
    struct err *err)
{
	static const char *const members[] = { "player_id", "recipient",
	    "amount_cents", "currency" };
	struct json_object *o = json_object_new_object();

	if (o == NULL)
		return err_set(err, ST_NOMEM, "no memory for a mailing");
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (json_object_object_add(o, members[i],
		    json_object_get(json_at(row, members[i]))) != 0) {
			json_object_put(o);
			return err_set(err, ST_NOMEM,
			    "no memory for a mailing");
		}
	return mailing_array_add(result->mails, o, err);
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

struct mail_order
mailing_order(const struct billing *billing, const struct mailing *mailing,
    bool batch)
{
	return (struct mail_order){
		.zone = config_text(&billing->config, SETTING_CLUB_TIMEZONE),
		.actor = mailing->actor,
		.again = mailing->again,
		.batch = batch,
	};
}
