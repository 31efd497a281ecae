/* What may be done to a product is read with it, and decided by the database
 * once more when it is done. */
#include "store/desk_products.h"

#include "store/db.h"

static const struct statement products = {
	.name = "desk_products",
	.roles = ROLE_DESK,
	.params = 5,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.desk_products(decode($1::text, 'hex'), $2::text,\n"
	"    $3::text, $4::bigint, $5::bigint)::text"
};

static const struct statement subject = {
	.name = "desk_product_subject",
	.roles = ROLE_DESK,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "product",
	.sql =
	"select s::text\n"
	"from teamdues.desk_product_subject(decode($1::text, 'hex'),\n"
	"    nullif($2::bigint, 0), $3::text) s"
};

const struct statement *const store_desk_products_statements[] = {
	&products, &subject, NULL
};

enum status
store_desk_products(struct store *store,
    const struct desk_products_query *query, struct json_doc *doc,
    struct err *err)
{
	char limit[I64_TEXT_SIZE];
	const char *const argv[] = { query->session, query->show,
	    query->currency, query->after, db_i64(limit, query->limit) };

	return db_document(store, &products, argv, doc, err);
}

enum status
store_desk_product_subject(struct store *store, const char *session,
    int64_t product_id, const char *currency, struct json_doc *doc,
    struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { session, db_i64(id, product_id),
	    currency };

	return db_document(store, &subject, argv, doc, err);
}
