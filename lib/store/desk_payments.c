/* A page and its sums are of one moment, and so agree. */
#include "store/desk_payments.h"

#include "store/db.h"

static const struct statement payments = {
	.name = "desk_payments",
	.roles = ROLE_DESK,
	.params = 7,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.desk_payments(decode($1::text, 'hex'),\n"
	"    nullif($2::text, '')::date, nullif($3::text, '')::date,\n"
	"    nullif($4::text, ''), $5::text, $6::text, $7::bigint)::text"
};

const struct statement *const store_desk_payments_statements[] = {
	&payments, NULL
};

enum status
store_desk_payments(struct store *store,
    const struct desk_payments_query *query, struct json_doc *doc,
    struct err *err)
{
	char limit[I64_TEXT_SIZE];
	const char *const argv[] = { query->session, query->from,
	    query->until, query->how, query->after, query->zone,
	    db_i64(limit, query->limit) };

	return db_document(store, &payments, argv, doc, err);
}
