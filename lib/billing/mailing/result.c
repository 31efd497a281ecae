/*
 * Each row is written as JSON at once: a batch may have thousands, and only the
 * answer needs them.
 */
#include "billing/mailing/result.h"

#include <string.h>

#include "base/json_out.h"

void
mailing_result_clear(struct mailing_result *result)
{
	buf_clear(&result->mails);
	buf_clear(&result->skipped);
}

void
mailing_result_row(struct mailing_result *result, struct json_node row)
{
	static const char *const names[] = { "player_id", "recipient",
	    "amount_cents", "currency" };
	struct json_out json = JSON_OUT(&result->mails);

	json_out_object(&json, NULL);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_out_node(&json, names[i], json_at(row, names[i]));
	json_out_end(&json);
	result->mail_count++;
}

/*
 * A reason that cannot be read must not pass for none: that would mail the
 * family.
 */
void
mailing_reason(struct json_node row, char reason[MAILING_REASON_SIZE])
{
	struct err unused;

	if (json_get_text_or_empty(row, "reason", reason, MAILING_REASON_SIZE,
	    &unused) != ST_OK)
		memcpy(reason, "not told", sizeof("not told"));
}

void
mailing_result_skip(struct mailing_result *result, int64_t player_id,
    const char *reason)
{
	struct json_out json = JSON_OUT(&result->skipped);

	json_out_object(&json, NULL);
	json_out_i64(&json, "player_id", player_id);
	json_out_text(&json, "reason", reason);
	json_out_end(&json);
	result->skip_count++;
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
