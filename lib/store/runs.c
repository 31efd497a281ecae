/*
 * When the repeated commands last ended well.  `teamdues notice` warns by these
 * times, and reconcile begins where the last good run began, so that a run that
 * failed leaves no gap.
 */
#include "store/runs.h"

#include "store/db.h"

static const struct statement run_note = {
	.name = "run_note",
	.roles = ROLE_OPERATOR,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.note_run($1::text, $2::bigint, $3::bigint)"
};

static const struct statement reconcile_since = {
	.name = "reconcile_since",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.reconcile_since($1::bigint) as since"
};

/* Hot, since reconcile calls it for every refund and dispute of a period. */
static const struct statement money_is_news = {
	.name = "money_is_news",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.is_hot = true,
	.sql =
	"select teamdues.money_is_news($1::jsonb, $2::bigint) as is_news"
};

const struct statement *const store_runs_statements[] = {
	&run_note, &reconcile_since, &money_is_news, NULL
};

enum status
store_note_run(struct store *store, enum run_name name, int64_t began,
    int64_t since, struct err *err)
{
	static const char *const names[RUN_NAME_MAX] = {
		[RUN_RECONCILE] = "reconcile",
		[RUN_AUDIT] = "audit",
		[RUN_WATCH] = "watch",
	};
	char began_text[I64_TEXT_SIZE];
	char since_text[I64_TEXT_SIZE];
	const char *const argv[] = { names[name], db_i64(began_text, began),
	    db_i64(since_text, since) };

	return db_do(store, &run_note, argv, err);
}

enum status
store_reconcile_since(struct store *store, int64_t now, int64_t *since,
    struct err *err)
{
	char now_text[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(now_text, now) };

	return db_get_i64(store, &reconcile_since, argv, since, err);
}

enum status
store_money_is_news(struct store *store, const struct fact_item *item,
    int64_t before, bool *is_news, struct err *err)
{
	struct buf text = BUF_INIT(FACT_ITEM_MAX);
	char before_text[I64_TEXT_SIZE];
	const char *argv[2];
	enum status st;

	fact_item_put(&text, item);
	st = buf_check(&text, "an answer", err);
	argv[0] = buf_str(&text);
	argv[1] = db_i64(before_text, before);
	if (st == ST_OK)
		st = db_get_bool(store, &money_is_news, argv, is_news, err);
	buf_clear(&text);
	return st;
}
