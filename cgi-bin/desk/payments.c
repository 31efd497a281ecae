/*
 * GET /desk/payments: the money that came and went, by days, to be laid beside
 * what the bank and Stripe say; as a file, what an accountant asks for.
 */
#include "base/text.h"
#include "desk/list.h"
#include "desk/money.h"
#include "desk/run.h"
#include "store/desk_payments.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct list_field fields[] = {
	{ .name = "from", .label = "From", .is_day = true },
	{ .name = "until", .label = "Until", .is_day = true },
	{ .name = "how", .label = "How", .is_choice = true },
	{ .name = NULL },
};

static const struct desk_column columns[] = {
	{ "who", "For", DESK_CELL_HEAD },
	{ "item", "Of", DESK_CELL_TEXT },
	{ "payer", "Payer", DESK_CELL_TEXT },
	{ "what", "What", DESK_CELL_TEXT },
	{ "how", "How", DESK_CELL_TEXT },
	{ "at", "When", DESK_CELL_WHOLE },
	{ "in_cents", "In", DESK_CELL_MONEY },
	{ "out_cents", "Out", DESK_CELL_MONEY },
};

static const struct desk_column csv[] = {
	{ "time", "When", DESK_CELL_WHOLE },
	{ "move", "What", DESK_CELL_TEXT },
	{ "how", "How", DESK_CELL_TEXT },
	{ "counted_in_cents", "In", DESK_CELL_MONEY },
	{ "counted_out_cents", "Out", DESK_CELL_MONEY },
	{ "left_out_cents", "Not counted", DESK_CELL_MONEY },
	{ "left_out", "Because", DESK_CELL_TEXT },
	{ "currency", "Currency", DESK_CELL_TEXT },
	{ "order_id", "Order", DESK_CELL_TEXT },
	{ "who", "For", DESK_CELL_TEXT },
	{ "item", "Of", DESK_CELL_TEXT },
	{ "payer", "Payer", DESK_CELL_TEXT },
	{ "reference", "Reference", DESK_CELL_TEXT },
	{ .member = NULL },
};

static enum status
check_day(const char *name, const char *day, struct err *err)
{
	if (day[0] == '\0' || text_is_date(day))
		return ST_OK;
	return err_set(err, ST_BAD_INPUT,
	    "the day in '%s' is written as 2026-05-31", name);
}

static enum status
read_payments(const struct list_query *query, struct json_doc *doc,
    struct err *err)
{
	const struct app *app = query->visit->app;
	const struct desk_payments_query wanted = {
		.session = visit_session(query->visit),
		.from = params_text_or_empty(query->params, "from"),
		.until = params_text_or_empty(query->params, "until"),
		.how = params_text_or_empty(query->params, "how"),
		.after = query->after,
		.zone = config_text(&app->config, SETTING_CLUB_TIMEZONE),
		.limit = query->limit,
	};
	enum status st = check_day("from", wanted.from, err);

	if (st == ST_OK)
		st = check_day("until", wanted.until, err);
	if (st != ST_OK)
		return st;
	return store_desk_payments(app->store, &wanted, doc, err);
}

static void
put_loose(struct buf *html, struct json_node data)
{
	desk_put_loose(html, json_at(data, "sums"));
}

static const struct list list = {
	.path = "/desk/payments",
	.title = "Payments",
	.fields = fields,
	.table = {
		.caption = "The newest first",
		.columns = columns,
		.count = COUNT(columns),
		.empty = "No money came or went in these days.",
		.link = "/desk/order?order_id=",
		.link_member = "order_id",
	},
	.csv = csv,
	.csv_has_sums = true,
	.read = read_payments,
	.put_below = put_loose,
};

static enum status
get_payments(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return list_answer(&list, context, request, response, err);
}

static const struct route routes[] = {
	{ "/desk/payments", false, METHOD_GET, 0, get_payments },
	{ "/desk/payments.csv", false, METHOD_GET, 0, get_payments },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/payments", routes);
}
