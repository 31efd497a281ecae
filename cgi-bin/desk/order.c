/*
 * GET /desk/order: an order, what happened to it, and what may be done to it.
 * GET and POST below it: what may be done.
 */
#include "desk/order_acts.h"
#include "desk/order_page.h"
#include "desk/page.h"
#include "desk/run.h"
#include "store/desk_order.h"

static void
put_title(struct buf *title, struct json_node data)
{
	buf_puts(title, "Order ");
	buf_put_i64(title, json_i64_or_0(data, "order_id"));
	buf_puts(title, ": ");
	json_put_chars(title, json_at(data, "player"));
}

static enum status
read_order(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	const struct app *app = visit->app;
	int64_t order_id;
	enum status st = visit_read_id(params, "order_id", "order",
	    &order_id, err);

	return st != ST_OK ? st : store_desk_order(app->store,
	    visit_session(visit), order_id,
	    config_text(&app->config, SETTING_CLUB_TIMEZONE), doc, err);
}

static const struct desk_page page = {
	.names = (const char *const[]){ "order_id", NULL },
	.read = read_order,
	.put_title = put_title,
	.put = order_page_put,
};

static enum status
get_order(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return desk_page_answer(&page, context, request, response, err);
}

static enum status
get_act(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return act_get(context, order_acts, request, response, err);
}

static enum status
post_act(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return act_post(context, order_acts, request, response, err);
}

static const struct route routes[] = {
	{ "/desk/order", false, METHOD_GET, 0, get_order },
	{ "/desk/order/", true, METHOD_GET, 0, get_act },
	{ "/desk/order/", true, METHOD_POST, BODY_MAX, post_act },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/order", routes);
}
