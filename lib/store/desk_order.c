/* Each is one document of one statement: its figures are of one moment. */
#include "store/desk_order.h"

#include "store/db.h"

static const struct statement order_read = {
	.name = "desk_order",
	.roles = ROLE_DESK,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "order",
	.sql =
	"select d::text\n"
	"from teamdues.desk_order(decode($1::text, 'hex'), $2::bigint,\n"
	"    $3::text) d"
};

static const struct statement subject_read = {
	.name = "desk_order_subject",
	.roles = ROLE_DESK,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "order",
	.sql =
	"select d::text\n"
	"from teamdues.desk_order_subject(decode($1::text, 'hex'), $2::bigint,"
	"\n    $3::text) d"
};

const struct statement *const store_desk_order_statements[] = {
	&order_read, &subject_read, NULL
};

static enum status
read_one(struct store *store, const struct statement *statement,
    const char *session, int64_t order_id, const char *zone,
    struct json_doc *doc, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { session, db_i64(id, order_id), zone };

	return db_document(store, statement, argv, doc, err);
}

enum status
store_desk_order(struct store *store, const char *session, int64_t order_id,
    const char *zone, struct json_doc *doc, struct err *err)
{
	return read_one(store, &order_read, session, order_id, zone, doc, err);
}

enum status
store_desk_order_subject(struct store *store, const char *session,
    int64_t order_id, const char *zone, struct json_doc *doc, struct err *err)
{
	return read_one(store, &subject_read, session, order_id, zone, doc,
	    err);
}
