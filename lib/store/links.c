#include "store/links.h"

#include <inttypes.h>
#include <string.h>

#include "store/db.h"

static const struct statement tournament_link = {
	.name = "tournament_link",
	.roles = ROLE_OPERATOR,
	.params = 3,
	.columns = 3,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "order",
	.sql =
	"select kind, word, expires\n"
	"from teamdues.tournament_link($1::bigint, $2::text, $3::date)"
};

static const struct statement order_link = {
	.name = "order_link",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 2,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "order",
	.sql =
	"select kind, word\n"
	"from teamdues.order_link($1::bigint)"
};

static const struct statement player_link = {
	.name = "player_link",
	.roles = ROLE_CHECKOUT | ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "player",
	.is_hot = true,
	.sql =
	"select word\n"
	"from teamdues.player_link($1::bigint)"
};

const struct statement *const store_links_statements[] = {
	&tournament_link, &order_link, &player_link, NULL
};

enum status
store_tournament_link(struct store *store, int64_t order_id,
    const char *zone, const char *until, struct tournament_link *link,
    struct err *err)
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
	if (st == ST_OK) {
		row_copy(link->word, sizeof(link->word), r, "word");
		link->expires = row_i64(r, 0, "expires");
	}
	PQclear(r);
	return st;
}

enum status
store_order_link(struct store *store, int64_t order_id, const char *kind,
    char word[SIGNED_WORD_SIZE], struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, order_id) };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &order_link, argv, &r, err);
	if (st == ST_OK && strcmp(row_text(r, 0, "kind"), kind) != 0)
		st = err_set(err, ST_CONFLICT, "order %" PRId64 " is for a %s"
		    ", not for a %s", order_id, row_text(r, 0, "kind"), kind);
	if (st == ST_OK)
		row_copy(word, SIGNED_WORD_SIZE, r, "word");
	PQclear(r);
	return st;
}

enum status
store_player_link(struct store *store, int64_t player_id,
    char word[SIGNED_WORD_SIZE], struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, player_id) };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &player_link, argv, &r, err);
	if (st == ST_OK)
		row_copy(word, SIGNED_WORD_SIZE, r, "word");
	PQclear(r);
	return st;
}
