#include "desk/reminder.h"

#include "desk/mail_shown.h"

enum { TEXT_MAX = 64 * 1024 };

static enum status
put_mail(struct visit *visit, struct json_node data, struct json_out *json,
    struct err *err)
{
	struct json_node reminders = json_at(data, "reminders");
	const char *kind = json_text_is(data, "mail_kind", "tournament")
	    ? "tournament" : "reminder";
	struct mail_shown shown[OUTGOING_MOST] = { { .kind = kind } };
	struct buf facts[OUTGOING_MOST];
	size_t count = 0;
	enum status st = ST_OK;

	for (struct json_node row = json_first(reminders);
	    st == ST_OK && json_exists(row) && count < OUTGOING_MOST;
	    row = json_next(reminders, row)) {
		struct mail_shown *one = &shown[count];
		struct buf *text = &facts[count++];

		*text = (struct buf)BUF_INIT(TEXT_MAX);
		json_put_chars(text, json_at(row, "facts"));
		st = buf_check(text, "a reminder", err);
		*one = (struct mail_shown){ kind,
		    json_i64_or_0(row, "player_id"),
		    json_i64_or_0(row, "order_id"), buf_str(text) };
	}
	if (st == ST_OK && count > 0)
		st = mail_show(visit, shown, count, json, err);
	while (count > 0)
		buf_clear(&facts[--count]);
	return st;
}

enum status
reminder_read(struct visit *visit, const struct json_doc *subject,
    struct json_doc *doc, struct err *err)
{
	struct json_node data = json_root(subject);
	struct buf text = BUF_INIT(TEXT_MAX);
	struct json_out json = JSON_OUT(&text);
	enum status st;

	json_out_object(&json, NULL);
	json_out_members(&json, data);
	st = put_mail(visit, data, &json, err);
	json_out_end(&json);
	if (st == ST_OK)
		st = json_out_check(&json, "a reminder", err);
	if (st == ST_OK)
		st = json_parse_copy(buf_str(&text), text.len, doc, err);
	buf_clear(&text);
	return st;
}
