/* A page of the list is one document, so that its foot agrees with it. */
#include "store/desk_families.h"

#include "store/db.h"

static const struct statement families = {
	.name = "desk_families",
	.roles = ROLE_DESK,
	.params = 7,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.desk_families(decode($1::text, 'hex'), $2::text,\n"
	"    $3::boolean, $4::text, $5::text, $6::bigint, $7::bigint)::text"
};

const struct statement *const store_desk_families_statements[] = {
	&families, NULL
};

enum status
store_desk_families(struct store *store,
    const struct desk_families_query *query, struct json_doc *doc,
    struct err *err)
{
	char limit[I64_TEXT_SIZE];
	const char *const argv[] = { query->session, query->text,
	    db_bool(query->is_owing), query->zone, query->currency,
	    query->after, db_i64(limit, query->limit) };

	return db_document(store, &families, argv, doc, err);
}
