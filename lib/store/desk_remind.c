/* What it is about is read with it, so that both are of one moment. */
#include "store/desk_remind.h"

#include "store/db.h"

static const struct statement reminder_read = {
	.name = "desk_reminder",
	.roles = ROLE_DESK,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "order",
	.sql =
	"select d::text\n"
	"from teamdues.desk_reminder(decode($1::text, 'hex'), $2::bigint,\n"
	"    $3::text) d"
};

static const struct statement family_read = {
	.name = "desk_family_reminders",
	.roles = ROLE_DESK,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "family",
	.sql =
	"select d::text\n"
	"from teamdues.desk_family_reminders(decode($1::text, 'hex'),\n"
	"    $2::bigint, $3::text) d"
};

const struct statement *const store_desk_remind_statements[] = {
	&reminder_read, &family_read, NULL
};

static enum status
read_one(struct store *store, const struct statement *statement,
    const char *session, int64_t id, const char *zone, struct json_doc *doc,
    struct err *err)
{
	char id_text[I64_TEXT_SIZE];
	const char *const argv[] = { session, db_i64(id_text, id), zone };

	return db_document(store, statement, argv, doc, err);
}

enum status
store_desk_reminder(struct store *store, const char *session,
    int64_t order_id, const char *zone, struct json_doc *doc, struct err *err)
{
	return read_one(store, &reminder_read, session, order_id, zone, doc,
	    err);
}

enum status
store_desk_family_reminders(struct store *store, const char *session,
    int64_t parent_id, const char *zone, struct json_doc *doc,
    struct err *err)
{
	return read_one(store, &family_read, session, parent_id, zone, doc,
	    err);
}
