/*
 * GET /admin/orders, GET /admin/unmatched,
 * POST /admin/unmatched/{event_id}/attach: the books, for whoever holds a
 * token, which is checked before anything else is read.
 */
#include <inttypes.h>
#include <string.h>

#include "app/app.h"
#include "endpoint/admin.h"
#include "endpoint/fields.h"
#include "endpoint/rows.h"
#include "endpoint/run.h"
#include "store/act_result.h"
#include "store/order_acts.h"
#include "store/order_status.h"
#include "store/payment_acts.h"
#include "store/views.h"
#include "store/views_open.h"
#include "stripe/client.h"

/*
 * A page of orders fits on a screen, unless more are asked for; what waits for
 * a person has no pages, so that its bound is high.
 */
enum { LIMIT_DEFAULT = 50, LIMIT_MAX = 200, UNMATCHED_MAX = 1000,
	FACTS_MAX = 64 * 1024 };

static const char unmatched_path[] = "/admin/unmatched";

/* 0 for an absent id, which the filter takes for any. */
static enum status
optional_id(const struct params *params, const char *name, int64_t *id,
    struct err *err)
{
	*id = 0;
	if (params_text(params, name) == NULL)
		return ST_OK;
	return params_i64(params, name, 1, INT64_MAX, id, err);
}

static enum status
read_filter(const struct params *params, struct order_filter *filter,
    struct err *err)
{
	enum order_status known;
	enum status st = ST_OK;

	filter->status = params_text(params, "status");
	filter->q = params_text(params, "q");
	filter->limit = LIMIT_DEFAULT;
	if (filter->status != NULL)
		/*
		 * Only to refuse a word that no order has: an empty list would
		 * look as if there were none.
		 */
		st = order_status_parse(filter->status, &known, err);
	if (st == ST_OK)
		st = optional_id(params, "product_id", &filter->product_id,
		    err);
	if (st == ST_OK)
		st = optional_id(params, "tournament_id",
		    &filter->tournament_id, err);
	if (st == ST_OK)
		st = optional_id(params, "after", &filter->after, err);
	if (st == ST_OK && params_text(params, "limit") != NULL)
		st = params_i64(params, "limit", 1, LIMIT_MAX, &filter->limit,
		    err);
	return st;
}

static enum status
list_orders(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	static const char *const names[] = { "status", "product_id",
	    "tournament_id", "q", "limit", "after", NULL };
	struct app *app = context;
	struct order_filter filter = { .status = NULL };
	struct rows rows;
	char admin[ADMIN_NAME_SIZE];
	struct params params = { .count = 0 };
	enum status st;

	rows_begin(&rows, response, "orders");
	st = admin_authenticate(&app->config, request, admin, err);
	if (st == ST_OK)
		st = fields_read(request, names, &params, err);
	if (st == ST_OK)
		st = read_filter(&params, &filter, err);
	if (st == ST_OK)
		st = store_orders(app->store, &filter, rows_add, &rows,
		    err);
	if (st == ST_OK)
		st = rows_end(&rows, rows_next(&rows, filter.limit), response,
		    err);
	params_clear(&params);
	return st;
}

static enum status
list_unmatched(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	static const char *const names[] = { NULL };
	struct app *app = context;
	struct rows rows;
	char admin[ADMIN_NAME_SIZE];
	struct params params = { .count = 0 };
	enum status st;

	rows_begin(&rows, response, "unmatched");
	st = admin_authenticate(&app->config, request, admin, err);
	if (st == ST_OK)
		st = fields_read(request, names, &params, err);
	if (st == ST_OK)
		st = store_unmatched(app->store, NULL, UNMATCHED_MAX,
		    rows_add, &rows, err);
	if (st == ST_OK)
		st = rows_end(&rows, 0, response, err);
	params_clear(&params);
	return st;
}

/*
 * The event of /admin/unmatched/{event_id}/attach.  The route is a prefix, so
 * that the rest of the path is checked here.  An id that Stripe cannot have
 * made is no event, and the database is not asked.
 */
static enum status
event_of_path(const char *path, char event_id[STRIPE_ID_SIZE], struct err *err)
{
	const char *id = path + sizeof(unmatched_path);
	size_t len = strcspn(id, "/");

	if (strcmp(id + len, "/attach") != 0 || len >= STRIPE_ID_SIZE)
		return err_set(err, ST_NOT_FOUND,
		    "there is nothing at this address");
	memcpy(event_id, id, len);
	event_id[len] = '\0';
	if (!stripe_id_ok(event_id))
		return err_set(err, ST_NOT_FOUND, "no such event");
	return ST_OK;
}

/*
 * A store_row: keeps the row's text in the struct buf that context is.  There
 * is one row at most.
 */
static enum status
keep_row(void *context, struct json_node row, struct err *err)
{
	struct json_out json = JSON_OUT(context);

	json_out_node(&json, NULL, row);
	return json_out_check(&json, "the facts", err);
}

/*
 * facts are of the payment and the order, as JSON: who was charged and whose
 * order it is, so that the person who attached them can see a mistake at once.
 */
static enum status
put_result(const struct act_result *result, const struct buf *facts,
    struct response *response, struct err *err)
{
	struct json_out json;

	if (result->outcome == ACT_UNKNOWN)
		return err_set(err, ST_NOT_FOUND, "%s", result->detail);
	if (result->outcome == ACT_REFUSED)
		return err_set(err, ST_CONFLICT, "%s", result->detail);
	json = response_json_begin(response);
	json_out_text(&json, "result",
	    result->outcome == ACT_DONE ? "attached" : "already");
	json_out_text(&json, "detail", result->detail);
	json_out_source(&json, "facts", facts);
	return response_json_end(response, 200, &json, err);
}

static enum status
read_change(const struct params *params, struct order_change *change,
    struct err *err)
{
	enum status st = params_i64(params, "order_id", 1, INT64_MAX,
	    &change->order_id, err);

	return st != ST_OK ? st
	    : fields_bool(params, "anyway", &change->is_anyway, err);
}

/*
 * The facts are read before the act: afterwards the order's state would be the
 * one that the act has made. leaves_open, since this program has no key of
 * Stripe's: the order's open session goes to the list of strays, which another
 * program ends.
 */
static enum status
attach(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	static const char *const names[] = { "order_id", "anyway", NULL };
	struct app *app = context;
	struct order_change change = { .leaves_open = true };
	struct act_result result;
	char admin[ADMIN_NAME_SIZE];
	char event_id[STRIPE_ID_SIZE];
	struct params params = { .count = 0 };
	struct buf facts = BUF_INIT(FACTS_MAX);
	enum status st;

	st = admin_authenticate(&app->config, request, admin, err);
	if (st == ST_OK)
		st = event_of_path(request->path, event_id, err);
	if (st == ST_OK)
		st = fields_read(request, names, &params, err);
	if (st == ST_OK)
		st = read_change(&params, &change, err);
	change.payment = event_id;
	if (st == ST_OK)
		st = store_attach_facts(app->store, event_id,
		    change.order_id, keep_row, &facts, err);
	if (st == ST_OK)
		st = store_change_order(app->store, &change, admin, true,
		    &result, err);
	if (st == ST_OK)
		st = put_result(&result, &facts, response, err);
	params_clear(&params);
	buf_clear(&facts);
	return st;
}

static const struct route routes[] = {
	{ "/admin/orders", false, METHOD_GET, 0, list_orders },
	{ unmatched_path, false, METHOD_GET, 0, list_unmatched },
	{ "/admin/unmatched/", true, METHOD_POST, BODY_MAX, attach },
	{ .path = NULL },
};

int
main(void)
{
	static const struct app_needs needs = {
		.name = "admin/orders",
		.settings = APP_NEEDS_ADMIN,
		.connections = STORE_CONNECTIONS_MAX,
	};

	return endpoint_run(&needs, routes, 4);
}
