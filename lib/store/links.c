/*
 * When a link ends is decided by link_ends() in sql/functions/links.sql, for
 * links that are made here and for those in mails alike; signing is
 * lib/base/signed_url.c.
 */
#include "store/links.h"

#include "store/db.h"

static const struct statement order_link = {
	.name = "order_link",
	.roles = ROLE_OPERATOR,
	.params = 3,
	.columns = 3,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "order",
	.sql =
	"select kind, word, expires\n"
	"from teamdues.order_link($1::bigint, $2::text, $3::date)"
};

static const struct statement player_link = {
	.name = "player_link",
	.roles = ROLE_CHECKOUT | ROLE_OPERATOR,
	.params = 1,
	.columns = 2,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "player",
	.is_hot = true,
	.sql =
	"select word, expires\n"
	"from teamdues.player_link($1::bigint)"
};

const struct statement *const store_links_statements[] = {
	&order_link, &player_link, NULL
};

enum status
store_order_link(struct store *store, int64_t order_id, const char *zone,
    const char *until, struct store_link *link, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, order_id), zone, until };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &order_link, argv, &r, err);
	if (st == ST_OK) {
		row_copy(link->word, sizeof(link->word), r, "word");
		row_copy(link->order_kind, sizeof(link->order_kind), r,
		    "kind");
		link->expires = row_i64(r, 0, "expires");
	}
	PQclear(r);
	return st;
}

enum status
store_player_link(struct store *store, int64_t player_id,
    struct store_link *link, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, player_id) };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &player_link, argv, &r, err);
	if (st == ST_OK) {
		row_copy(link->word, sizeof(link->word), r, "word");
		/* A player's link has no order: its kind says that. */
		link->order_kind[0] = '\0';
		link->expires = row_i64(r, 0, "expires");
	}
	PQclear(r);
	return st;
}
