#include "store/links.h"

#include <inttypes.h>
#include <string.h>

#include "store/db.h"

static const struct statement tournament_link = {
	.name = "tournament_link",
	.roles = ROLE_OPERATOR,
	.params = 3,
	.columns = 2,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "order",
	.sql =
	"select kind, expires\n"
	"from teamdues.tournament_link($1::bigint, $2::text, $3::date)"
};

static const struct statement order_kind = {
	.name = "order_kind",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.order_kind($1::bigint) as kind"
};

static const struct statement player_known = {
	.name = "player_known",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.is_player($1::bigint) as is_known"
};

const struct statement *const store_links_statements[] = {
	&tournament_link, &order_kind, &player_known, NULL
};

enum status
store_tournament_link(struct store *store, int64_t order_id,
    const char *zone, const char *until, int64_t *expires, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, order_id), zone, until };
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

enum status
store_check_order_kind(struct store *store, int64_t order_id,
    const char *kind, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, order_id) };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &order_kind, argv, &r, err);
	if (st == ST_OK && row_is_null(r, 0, "kind"))
		st = err_set(err, ST_NOT_FOUND, "no such order");
	else if (st == ST_OK && strcmp(row_text(r, 0, "kind"), kind) != 0)
		st = err_set(err, ST_CONFLICT, "order %" PRId64 " is for a %s"
		    ", not for a %s", order_id, row_text(r, 0, "kind"), kind);
	PQclear(r);
	return st;
}

enum status
store_check_player(struct store *store, int64_t player_id, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, player_id) };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &player_known, argv, &r, err);
	if (st == ST_OK && !row_bool(r, 0, "is_known"))
		st = err_set(err, ST_NOT_FOUND, "no such player");
	PQclear(r);
	return st;
}
