/* An empty filter goes as null: the page's plan has no test for it then. */
#include "store/desk_log.h"

#include "store/db.h"

static const struct statement log_read = {
	.name = "desk_log",
	.roles = ROLE_DESK,
	.params = 8,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.desk_log(decode($1::text, 'hex'),\n"
	"    nullif($2::text, ''), nullif($3::text, ''),\n"
	"    nullif($4::text, '')::date, nullif($5::text, '')::bigint,\n"
	"    $6::bigint, $7::text, $8::bigint)::text"
};

const struct statement *const store_desk_log_statements[] = {
	&log_read, NULL
};

enum status
store_desk_log(struct store *store, const struct desk_log_query *query,
    struct json_doc *doc, struct err *err)
{
	char limit[I64_TEXT_SIZE];
	const char *const argv[] = { query->session, query->who, query->what,
	    query->day, query->order_id, query->after, query->zone,
	    db_i64(limit, query->limit) };

	return db_document(store, &log_read, argv, doc, err);
}
