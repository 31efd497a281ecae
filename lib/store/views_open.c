#include "store/views_open.h"

#include "store/db.h"

/*
 * Not by pages: what waits for a person is a short list, or the club has
 * another problem.  The limit is for the API, whose answer has a bound.
 */
static const struct statement unmatched_list = {
	.name = "unmatched_list",
	.roles = ROLE_ADMIN | ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.unmatched_overview x\n"
	"where $1::text is null or x.event_id = $1::text\n"
	"or x.session_id = $1::text\n"
	"order by x.stripe_created, x.event_id\n"
	"limit $2::bigint"
};

static const struct statement rules_list = {
	.name = "rules_list",
	.roles = ROLE_OPERATOR,
	.params = 0,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.rule_overview x\n"
	"order by x.rule_id"
};

static const struct statement unresolved_events = {
	.name = "unresolved_events",
	.roles = ROLE_OPERATOR,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.unresolved_events x\n"
	"order by x.received_at, x.event_id"
};

const struct statement *const store_views_open_statements[] = {
	&unmatched_list, &rules_list, &unresolved_events, NULL
};

enum status
store_unmatched(struct store *store, const char *key, int limit,
    store_row *each, void *context, struct err *err)
{
	char rows[I64_TEXT_SIZE];
	const char *const argv[] = { key,
	    limit == 0 ? NULL : db_i64(rows, limit) };

	return db_each(store, &unmatched_list, argv, each, context, err);
}

enum status
store_rules(struct store *store, store_row *each, void *context,
    struct err *err)
{
	return db_each(store, &rules_list, NULL, each, context, err);
}

enum status
store_unresolved_events(struct store *store, store_row *each, void *context,
    struct err *err)
{
	return db_each(store, &unresolved_events, NULL, each, context, err);
}
