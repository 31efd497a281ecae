/*
 * What an import would do is asked of the database and not of the file: who is
 * new depends on who is there.
 */
#include "store/desk_rosters.h"

#include "store/db.h"

static const struct statement rosters = {
	.name = "desk_rosters",
	.roles = ROLE_DESK,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.desk_rosters(decode($1::text, 'hex'),\n"
	"    $2::jsonb)::text"
};

const struct statement *const store_desk_rosters_statements[] = {
	&rosters, NULL
};

enum status
store_desk_rosters(struct store *store, const char *session,
    const struct buf *rows, struct json_doc *doc, struct err *err)
{
	const char *const argv[] = { session,
	    rows != NULL ? buf_str(rows) : NULL };

	return db_document(store, &rosters, argv, doc, err);
}
