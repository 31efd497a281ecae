#include "store/inspect.h"

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

static const struct statement order_show = {
	.name = "order_show",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "order",
	.sql =
	"select row_to_json(x)::text\n"
	"from (select o.order_id, o.player_id, o.player_name,\n"
	"        o.parent_email, o.product_id, o.product_name,\n"
	"        o.tournament_id, o.amount_cents, o.currency, o.status,\n"
	"        o.session_id, o.payment_intent_id, o.paid_at,\n"
	"        o.refunded_cents, o.created_at, o.paid_cents,\n"
	"        o.left_cents, (\n"
	"        select json_agg(t)\n"
	"        from teamdues.order_timeline(o.order_id, $2::text) t\n"
	"        ) as timeline, d.sessions, d.payments, d.failures,\n"
	"        d.history, d.jersey, d.registration\n"
	"    from teamdues.order_overview o\n"
	"    join teamdues.order_detail d on d.order_id = o.order_id\n"
	"    where o.order_id = $1::bigint) x"
};

static const struct statement metrics_list = {
	.name = "metrics_list",
	.roles = ROLE_OPERATOR,
	.params = 0,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from (select name, label, label_value, value\n"
	"    from teamdues.metrics()\n"
	"    order by name, label_value) x"
};

static const struct statement zone_check = {
	.name = "zone_check",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select now() at time zone $1::text as there"
};

static const struct statement payment_show = {
	.name = "payment_show",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from (select session_id, payment_intent_id, amount_cents, currency,\n"
	"        email, place, reason, order_id, stripe_created,\n"
	"        recorded_at, event_ids, history, paid_for\n"
	"    from teamdues.payment_detail\n"
	"    where session_id = teamdues.payment_key($1::text)) x"
};

const struct statement *const store_inspect_statements[] = {
	&unmatched_list, &rules_list, &order_show,
	&metrics_list, &zone_check, &payment_show, NULL
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
store_order_detail(struct store *store, const struct order_question *question,
    store_row *each, void *context, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, question->order_id),
	    question->zone };

	return db_each(store, &order_show, argv, each, context, err);
}

enum status
store_metrics(struct store *store, store_row *each, void *context,
    struct err *err)
{
	return db_each(store, &metrics_list, NULL, each, context, err);
}

enum status
store_check_zone(struct store *store, const char *zone, struct err *err)
{
	const char *const argv[] = { zone };
	PGresult *r = NULL;
	enum status st = db_run(store, &zone_check, argv, &r, err);

	PQclear(r);
	return st;
}

enum status
store_payment_detail(struct store *store, const char *key, store_row *each,
    void *context, struct err *err)
{
	const char *const argv[] = { key };

	return db_each(store, &payment_show, argv, each, context, err);
}
