/*
 * Which order a payment may be for is guessed by SQL, since it takes the books
 * of all families; a person decides.
 */
#include "store/suggest.h"

#include <inttypes.h>

#include "store/db.h"

static const struct statement tournament_since = {
	.name = "tournament_since",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.tournament_since($1::bigint) as since"
};

/* Only reads: nothing is attached here. */
static const struct statement sessions_suggest = {
	.name = "sessions_suggest",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.suggest_sessions($1::jsonb, $2::bigint) x"
};

const struct statement *const store_suggest_statements[] = {
	&tournament_since, &sessions_suggest, NULL
};

enum status
store_tournament_since(struct store *store, int64_t tournament_id,
    int64_t *since, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, tournament_id) };
	PGresult *r = NULL;
	enum status st = db_run(store, &tournament_since, argv, &r, err);

	if (st == ST_OK && row_is_null(r, 0, "since"))
		st = err_set(err, ST_NOT_FOUND, "no tournament %" PRId64,
		    tournament_id);
	if (st == ST_OK)
		*since = row_i64(r, 0, "since");
	PQclear(r);
	return st;
}

enum status
store_suggest(struct store *store, const char *items, int64_t tournament_id,
    store_row *each, void *context, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { items, db_i64(id, tournament_id) };

	return db_each(store, &sessions_suggest, argv, each, context, err);
}
