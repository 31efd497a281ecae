/*
 * A notice with this SQLSTATE is an act.  It comes before the commit's own
 * answer, so that the log has every act whose commit was answered; its text is
 * JSON (tell_act() in sql/migrations/0013_told.sql).
 */
#include "store/act_log.h"

#include <string.h>

#include "base/json.h"
#include "base/log.h"

static const char act_code[] = "TD002";

/* In the order in which the log has them. */
static const char *const names[] = {
	"at", "by", "what", "order", "player", "item", "amount", "subject",
	"detail",
};

enum { NAMES = sizeof(names) / sizeof(names[0]), TEXT_SIZE = 4096 };

/* Members that the act does not have are left out. */
static void
log_act(struct json_node act)
{
	struct log_field fields[NAMES];
	char texts[NAMES][TEXT_SIZE];
	size_t count = 0;

	for (size_t i = 0; i < NAMES; i++) {
		struct json_node value = json_at(act, names[i]);
		struct buf text = BUF_FIXED(texts[i]);

		json_put_chars(&text, value);
		if (json_exists(value))
			fields[count++] = *LOG_TEXT(names[i], buf_str(&text));
	}
	log_fields(LOG_INFO, LOG_ACT, fields, count);
}

void
act_log_receive(void *unused, const PGresult *notice)
{
	const char *code = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(notice,
	    PG_DIAG_MESSAGE_PRIMARY);
	struct json_doc act = { .text = NULL };
	struct err err;

	(void)unused;
	if (code == NULL || strcmp(code, act_code) != 0 || text == NULL)
		return;
	/*
	 * A notice that cannot be read is ignored: the act itself is in the
	 * audit log, and a notice receiver has nobody to report a failure to.
	 */
	if (json_parse(text, strlen(text), &act, &err) == ST_OK)
		log_act(json_root(&act));
	json_clear(&act);
}
