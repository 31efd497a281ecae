/*
 * GET /desk/unmatched: the payments that wait, each beside whom it may belong
 * to; GET /desk/unmatched/payment: one of them; GET /desk/unmatched/handled:
 * what was done about others, and can be taken back.  POST to what is below:
 * what may be done.
 */
#include "desk/frame.h"
#include "desk/handled_list.h"
#include "desk/money.h"
#include "desk/page.h"
#include "desk/payment_acts.h"
#include "desk/payment_page.h"
#include "desk/run.h"
#include "store/desk_unmatched.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Each row has forms: so many of them stay a small page. */
enum { ROWS = 10 };

static const struct list_field fields[] = {
	{ .name = "place", .label = "Why it waits", .is_choice = true },
	{ .name = "payer", .label = "Payer or amount" },
	{ .name = NULL },
};

static const struct desk_column columns[] = {
	{ "payer", "Payer", DESK_CELL_HEAD },
	{ "amount_cents", "Amount", DESK_CELL_MONEY },
};

static const struct desk_column csv[] = {
	{ "time", "When", DESK_CELL_WHOLE },
	{ "payer", "Payer", DESK_CELL_TEXT },
	{ "email", "Email address", DESK_CELL_TEXT },
	{ "amount_cents", "Amount", DESK_CELL_MONEY },
	{ "currency", "Currency", DESK_CELL_TEXT },
	{ "stands", "Where it stands", DESK_CELL_TEXT },
	{ "why", "Why", DESK_CELL_TEXT },
	{ "payment", "Session at Stripe", DESK_CELL_TEXT },
	{ .member = NULL },
};

static enum status
read_waiting(const struct list_query *query, struct json_doc *doc,
    struct err *err)
{
	const struct desk_unmatched_query wanted = {
		.session = visit_session(query->visit),
		.place = params_text_or_empty(query->params, "place"),
		.text = params_text_or_empty(query->params, "payer"),
		.after = query->after,
		.zone = config_text(&query->visit->app->config,
		    SETTING_CLUB_TIMEZONE),
		.limit = query->limit,
	};

	return store_desk_unmatched(query->visit->app->store, &wanted, doc,
	    err);
}

/* The sums stand above, since the rows are no table. */
static void
put_above(struct buf *html, const struct list_query *query,
    struct json_node data)
{
	struct json_node sums = json_at(data, "sums");

	(void)query;
	buf_puts(html, "<p>");
	for (struct json_node sum = json_first(sums); json_exists(sum);
	    sum = json_next(sums, sum)) {
		frame_put_member(html, sum, "count");
		buf_puts(html, json_i64_or_0(sum, "count") == 1
		    ? " payment waits, <b>" : " payments wait, <b>");
		desk_put_money(html, sum, "amount_cents", "");
		buf_puts(html, "</b> in all. ");
	}
	buf_puts(html, "<a href=\"/desk/unmatched/handled\">What was handled"
	    "</a></p>\n");
}

static void
put_row(struct buf *html, const struct list_query *query,
    struct json_node row)
{
	payment_put_row(html, query->visit, row,
	    json_text_is(row, "role", "treasurer"));
}

static const struct list waiting = {
	.path = "/desk/unmatched",
	.title = "Unmatched payments",
	.fields = fields,
	.rows = ROWS,
	.table = {
		.caption = "",
		.columns = columns,
		.count = COUNT(columns),
		.empty = "No payment waits for you.",
	},
	.csv = csv,
	.read = read_waiting,
	.put_above = put_above,
	.put_row = put_row,
};

static void
put_title(struct buf *title, struct json_node data)
{
	payment_put_money(title, data);
	buf_puts(title, " from ");
	json_put_chars(title, json_at(data, "payer"));
}

static enum status
put(struct buf *html, struct visit *visit, struct json_node data,
    struct err *err)
{
	(void)err;
	payment_put_page(html, visit, data);
	return ST_OK;
}

static enum status
read_payment(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	const struct app *app = visit->app;
	const struct desk_payment_query wanted = {
		.session = visit_session(visit),
		.payment = params_text_or_empty(params, "payment"),
		.text = params_text(params, "q"),
		.zone = config_text(&app->config, SETTING_CLUB_TIMEZONE),
	};

	return store_desk_payment(app->store, &wanted, doc, err);
}

static const struct desk_page page = {
	.names = (const char *const[]){ "payment", "q", NULL },
	.read = read_payment,
	.put_title = put_title,
	.put = put,
};

static enum status
get_payment(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return desk_page_answer(&page, context, request, response, err);
}

static enum status
get_waiting(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return list_answer(&waiting, context, request, response, err);
}

static enum status
get_handled(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return list_answer(&handled_list, context, request, response, err);
}

static enum status
post_act(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return act_post(context, payment_acts, request, response, err);
}

static const struct route routes[] = {
	{ "/desk/unmatched", false, METHOD_GET, 0, get_waiting },
	{ "/desk/unmatched.csv", false, METHOD_GET, 0, get_waiting },
	{ "/desk/unmatched/payment", false, METHOD_GET, 0, get_payment },
	{ "/desk/unmatched/handled", false, METHOD_GET, 0, get_handled },
	{ "/desk/unmatched/handled.csv", false, METHOD_GET, 0, get_handled },
	{ "/desk/unmatched/", true, METHOD_POST, BODY_MAX, post_act },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/unmatched", routes);
}
