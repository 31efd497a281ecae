/*
 * The whole page is one document from one statement, so that its figures are of
 * one moment and agree with each other.
 */
#include "store/desk_today.h"

#include "store/db.h"

static const struct statement today = {
	.name = "desk_today",
	.roles = ROLE_DESK,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.desk_today(decode($1::text, 'hex'), $2::text,\n"
	"    $3::text)::text"
};

const struct statement *const store_desk_today_statements[] = {
	&today, NULL
};

enum status
store_desk_today(struct store *store, const char *session, const char *zone,
    const char *currency, struct json_doc *doc, struct err *err)
{
	const char *const argv[] = { session, zone, currency };

	return db_document(store, &today, argv, doc, err);
}
