#include "store/views_open.h"

#include "store/db.h"

static const struct statement unmatched_list = {
	.name = "unmatched_list",
	.roles = ROLE_ADMIN | ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from (select event_id, outcome, reason, session_id,\n"
	"        payment_intent_id, amount_cents, currency, payer_name,\n"
	"        email, stripe_created, recorded_at, suggested_order_id,\n"
	"        suggested_why, player_name, parent_email, paid_for,\n"
	"        due_at, advice\n"
	"    from teamdues.unmatched_overview\n"
	"    where $1::text is null or event_id = $1::text\n"
	"    or session_id = $1::text\n"
	"    order by stripe_created, event_id\n"
	"    limit $2::bigint) x"
};

static const struct statement rules_list = {
	.name = "rules_list",
	.roles = ROLE_OPERATOR,
	.params = 0,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from (select rule_id, field, value, actor, created_at\n"
	"    from teamdues.rule_overview\n"
	"    order by rule_id) x"
};

static const struct statement unresolved_events = {
	.name = "unresolved_events",
	.roles = ROLE_OPERATOR,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from (select event_id, type, outcome, reason, order_id,\n"
	"        stripe_created, received_at\n"
	"    from teamdues.unresolved_events\n"
	"    order by received_at, event_id) x"
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
