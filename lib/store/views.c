/*
 * Reading only.  A row becomes a JSON object in the database, so that a view's
 * columns are listed in one place: the command's table, the CSV and the API
 * name the columns that they show.  Long lists go by key-set pages (pages.c).
 */
#include "store/views.h"

#include <string.h>

#include "store/db.h"

/*
 * A null parameter is no restriction.  Names are compared as text by
 * position(), since % and _ in a name must not act as patterns.
 */
#define ORDER_FILTERS \
	"and ($3::bigint is null or x.order_id = $3::bigint)\n" \
	"and ($5::text is null\n" \
	"    or position(lower($5::text) in lower(x.player_name)) > 0\n" \
	"    or position(lower($5::text) in lower(x.parent_email)) > 0)\n" \
	"and ($6::bigint[] is null or x.player_id = any ($6::bigint[]))\n" \
	"and x.order_id > coalesce($7::bigint, 0)\n" \
	"order by x.order_id\n" \
	"limit $8::bigint"

static const struct statement orders_list = {
	.name = "orders_list",
	.roles = ROLE_ADMIN | ROLE_OPERATOR,
	.params = 8,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.order_overview x\n"
	"where ($1::text is null or x.status = $1::text)\n"
	"and ($2::bigint is null or x.tournament_id = $2::bigint)\n"
	"and ($4::bigint is null or x.product_id = $4::bigint)\n"
	ORDER_FILTERS
};

/*
 * Those that are not simply paid are found in their small table; as many as the
 * page has, unless a text is looked for.
 */
static const struct statement orders_of_status = {
	.name = "orders_of_status",
	.roles = ROLE_ADMIN | ROLE_OPERATOR,
	.params = 8,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.order_overview x\n"
	"where x.order_id = any (array(\n"
	"    select l.order_id\n"
	"    from teamdues.orders_by_status l\n"
	"    where l.status = $1::text\n"
	"    and l.order_id > coalesce($7::bigint, 0)\n"
	"    and ($2::bigint is null or l.tournament_id = $2::bigint)\n"
	"    and ($3::bigint is null or l.order_id = $3::bigint)\n"
	"    and ($4::bigint is null or l.product_id = $4::bigint)\n"
	"    order by l.order_id\n"
	"    limit case when $5::text is null then $8::bigint end))\n"
	ORDER_FILTERS
};

static const struct statement players_like = {
	.name = "players_like",
	.roles = ROLE_ADMIN | ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.players_like($1::text) as player_ids"
};

/* One statement, so that the order and its timeline are of the same moment. */
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

/*
 * In order of arrival; the id makes the key unique, since all events of one
 * commit have its time.
 */
static const struct statement events_list = {
	.name = "events_list",
	.roles = ROLE_OPERATOR,
	.params = 3,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.event_overview x\n"
	"where $1::timestamptz is null\n"
	"or (x.received_at, x.event_id) > ($1::timestamptz, $2::text)\n"
	"order by x.received_at, x.event_id\n"
	"limit $3::bigint"
};

static const struct statement event_look = {
	.name = "event_look",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.event_overview x\n"
	"where x.event_id = $1::text"
};

/* By the index on received_at: the ledger is the longest table. */
static const struct statement event_newest = {
	.name = "event_newest",
	.roles = ROLE_OPERATOR,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select coalesce((\n"
	"    select extract(epoch from received_at)::bigint\n"
	"    from teamdues.event_overview\n"
	"    order by received_at desc\n"
	"    limit 1), 0) as received_at"
};

static const struct statement event_show = {
	.name = "event_show",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "event",
	.sql =
	"select row_to_json(x)::text\n"
	"from (select o.event_id, o.type, o.outcome, o.reason, o.order_id,\n"
	"        o.stripe_created, o.received_at, d.object_id, d.livemode,\n"
	"        d.api_version, d.session_id, d.payload\n"
	"    from teamdues.event_overview o\n"
	"    join teamdues.event_detail d on d.event_id = o.event_id\n"
	"    where o.event_id = $1::text) x"
};

/*
 * payment_key() finds the session under an event's id as well as under its own.
 */
static const struct statement payment_show = {
	.name = "payment_show",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.payment_detail x\n"
	"where x.session_id = teamdues.payment_key($1::text)"
};

static const struct statement products_list = {
	.name = "products_list",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from (select product_id, name, kind, amount_cents, currency\n"
	"    from teamdues.product_overview\n"
	"    where (withdrawn_at is not null) = $1::boolean\n"
	"    order by product_id) x"
};

static const struct statement tournaments_list = {
	.name = "tournaments_list",
	.roles = ROLE_OPERATOR,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(x)::text\n"
	"from teamdues.tournament_overview x\n"
	"where $1::bigint is null or x.tournament_id = $1::bigint\n"
	"order by x.tournament_id"
};

const struct statement *const store_views_statements[] = {
	&orders_list, &orders_of_status, &players_like, &order_show,
	&events_list, &event_look,
	&event_newest, &event_show, &payment_show, &products_list,
	&tournaments_list, NULL
};

/* 0 becomes null, which is no restriction. */
static const char *
id_or_null(char text[I64_TEXT_SIZE], int64_t id)
{
	return id == 0 ? NULL : db_i64(text, id);
}

/* One page when the filter has a limit, else all pages. */
static enum status
list_orders(struct store *store, const struct order_filter *filter,
    const char *player_ids, store_row *each, void *context, struct err *err)
{
	static const char *const keys[] = { "order_id", NULL };
	char tournament[I64_TEXT_SIZE];
	char order[I64_TEXT_SIZE];
	char product[I64_TEXT_SIZE];
	char after[I64_TEXT_SIZE];
	char limit[I64_TEXT_SIZE];
	const char *argv[] = { filter->status,
	    id_or_null(tournament, filter->tournament_id),
	    id_or_null(order, filter->order_id),
	    id_or_null(product, filter->product_id), filter->q, player_ids,
	    db_i64(after, filter->after), db_i64(limit, filter->limit) };

	const struct statement *statement = filter->status == NULL ||
	    strcmp(filter->status, "paid") == 0 ? &orders_list
	    : &orders_of_status;

	if (filter->limit == 0)
		return db_pages(store, statement, argv, keys, each, context,
		    err);
	return db_each(store, statement, argv, each, context, err);
}

/*
 * A search text is looked for among the players first.  Where few players have
 * it, their orders are found by an index, however many orders there are; where
 * many have it (null), the text is compared in each order.
 */
enum status
store_orders(struct store *store, const struct order_filter *filter,
    store_row *each, void *context, struct err *err)
{
	const char *const argv[] = { filter->q };
	const char *player_ids = NULL;
	PGresult *r = NULL;
	enum status st = ST_OK;

	if (filter->q != NULL)
		st = db_run(store, &players_like, argv, &r, err);
	if (r != NULL && !row_is_null(r, 0, "player_ids"))
		player_ids = row_text(r, 0, "player_ids");
	if (st == ST_OK)
		st = list_orders(store, filter, player_ids, each, context,
		    err);
	PQclear(r);
	return st;
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
store_events(struct store *store, store_row *each, void *context,
    struct err *err)
{
	static const char *const keys[] = { "received_at", "event_id", NULL };
	const char *argv[3] = { NULL };

	return db_pages(store, &events_list, argv, keys, each, context, err);
}

enum status
store_event(struct store *store, const char *event_id, store_row *each,
    void *context, struct err *err)
{
	const char *const argv[] = { event_id };

	return db_each(store, &event_look, argv, each, context, err);
}

enum status
store_event_detail(struct store *store, const char *event_id,
    store_row *each, void *context, struct err *err)
{
	const char *const argv[] = { event_id };

	return db_each(store, &event_show, argv, each, context, err);
}

enum status
store_newest_event(struct store *store, int64_t *received_at,
    struct err *err)
{
	return db_get_i64(store, &event_newest, NULL, received_at, err);
}

enum status
store_payment_detail(struct store *store, const char *key, store_row *each,
    void *context, struct err *err)
{
	const char *const argv[] = { key };

	return db_each(store, &payment_show, argv, each, context, err);
}

enum status
store_products(struct store *store, bool are_withdrawn, store_row *each,
    void *context, struct err *err)
{
	const char *const argv[] = { db_bool(are_withdrawn) };

	return db_each(store, &products_list, argv, each, context, err);
}

enum status
store_tournaments(struct store *store, int64_t tournament_id,
    store_row *each, void *context, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { id_or_null(id, tournament_id) };

	return db_each(store, &tournaments_list, argv, each, context, err);
}
