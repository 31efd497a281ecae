#include "store/links.h"

#include <inttypes.h>

#include "store/db.h"

static const struct statement tournament_link = {
	.name = "tournament_link",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 2,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "order",
	.sql =
	"select kind, expires\n"
	"from teamdues.tournament_link($1::bigint, $2::text)"
};

const struct statement *const store_links_statements[] = {
	&tournament_link, NULL
};

enum status
store_tournament_link(struct store *store, int64_t order_id,
    const char *zone, int64_t *expires, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, order_id), zone };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &tournament_link, argv, &r, err);
	if (st == ST_OK && row_is_null(r, 0, "expires"))
		st = err_set(err, ST_CONFLICT, "order %" PRId64 " is for a %s"
		    ", not for a tournament", order_id,
		    row_text(r, 0, "kind"));
	if (st == ST_OK)
		*expires = row_i64(r, 0, "expires");
	PQclear(r);
	return st;
}
