/* The order is read with it, so that both are of one moment. */
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

const struct statement *const store_desk_remind_statements[] = {
	&reminder_read, NULL
};

enum status
store_desk_reminder(struct store *store, const char *session,
    int64_t order_id, const char *zone, struct json_doc *doc, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { session, db_i64(id, order_id), zone };

	return db_document(store, &reminder_read, argv, doc, err);
}
