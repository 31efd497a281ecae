/* Each is one document of one statement: its figures are of one moment. */
#include "store/desk_unmatched.h"

#include "store/db.h"

static const struct statement unmatched_read = {
	.name = "desk_unmatched",
	.roles = ROLE_DESK,
	.params = 6,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.desk_unmatched(decode($1::text, 'hex'), $2::text,\n"
	"    $3::text, $4::text, $5::text, $6::bigint)::text"
};

static const struct statement payment_read = {
	.name = "desk_payment_page",
	.roles = ROLE_DESK,
	.params = 7,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "payment",
	.sql =
	"select d::text\n"
	"from teamdues.desk_payment_page(decode($1::text, 'hex'), $2::text,\n"
	"    $3::text, nullif($4::bigint, 0), $5::text, $6::text,\n"
	"    $7::text) d"
};

static const struct statement handled_read = {
	.name = "desk_handled",
	.roles = ROLE_DESK,
	.params = 4,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.desk_handled(decode($1::text, 'hex'), $2::text,\n"
	"    $3::text, $4::bigint)::text"
};

static const struct statement rule_read = {
	.name = "desk_rule",
	.roles = ROLE_DESK,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "rule",
	.sql =
	"select d::text\n"
	"from teamdues.desk_rule(decode($1::text, 'hex'), $2::bigint) d"
};

const struct statement *const store_desk_unmatched_statements[] = {
	&unmatched_read, &payment_read, &handled_read, &rule_read, NULL
};

enum status
store_desk_unmatched(struct store *store,
    const struct desk_unmatched_query *query, struct json_doc *doc,
    struct err *err)
{
	char limit[I64_TEXT_SIZE];
	const char *const argv[] = { query->session, query->place,
	    query->text, query->after, query->zone,
	    db_i64(limit, query->limit) };

	return db_document(store, &unmatched_read, argv, doc, err);
}

enum status
store_desk_payment(struct store *store,
    const struct desk_payment_query *query, struct json_doc *doc,
    struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { query->session, query->payment,
	    query->text, db_i64(id, query->order_id), query->like_field,
	    query->like_key, query->zone };

	return db_document(store, &payment_read, argv, doc, err);
}

enum status
store_desk_handled(struct store *store, const char *session,
    const char *after, const char *zone, int64_t limit, struct json_doc *doc,
    struct err *err)
{
	char rows[I64_TEXT_SIZE];
	const char *const argv[] = { session, after, zone,
	    db_i64(rows, limit) };

	return db_document(store, &handled_read, argv, doc, err);
}

enum status
store_desk_rule(struct store *store, const char *session, int64_t rule_id,
    struct json_doc *doc, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { session, db_i64(id, rule_id) };

	return db_document(store, &rule_read, argv, doc, err);
}
