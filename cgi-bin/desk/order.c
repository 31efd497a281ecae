/*
 * GET /desk/order: an order, what happened to it, and what may be done to it.
 * POST to what is below it: what may be done.
 */
#include <string.h>

#include "desk/frame.h"
#include "desk/order_acts.h"
#include "desk/run.h"
#include "desk/sign_in.h"
#include "store/desk_order.h"

static const char *const names[] = { "order_id", NULL };

static bool
is_possible(struct json_node data, const struct act_kind *kind)
{
	struct json_node list = json_at(data, "possible");

	for (struct json_node row = json_first(list); json_exists(row);
	    row = json_next(list, row)) {
		char text[64];
		struct buf action = BUF_FIXED(text);

		json_put_chars(&action, row);
		if (strcmp(text, kind->action) == 0)
			return true;
	}
	return false;
}

static void
put_acts(struct buf *html, struct visit *visit, struct json_node data)
{
	buf_puts(html, "<section aria-labelledby=\"acts\">\n"
	    "<h2 id=\"acts\">What you can do</h2>\n");
	for (const struct act_kind *k = order_acts; k->path != NULL; k++) {
		if (!is_possible(data, k))
			continue;
		buf_putf(html, "<details><summary>%s</summary>\n<p>%s</p>\n",
		    k->title, k->text);
		act_put_form(html, visit, k, data);
		buf_puts(html, "</details>\n");
	}
	buf_puts(html, "</section>\n");
}

static enum status
show(struct visit *visit, const struct json_doc *doc,
    struct response *response, struct err *err)
{
	struct json_node data = json_root(doc);
	const struct frame frame = {
		.visit = visit,
		.title = "Order",
		.user = json_at(data, "user"),
	};
	struct buf html = BUF_INIT(FRAME_PAGE_MAX);
	bool is_writer = false;
	enum status st = json_get_bool(data, "user.is_writer", &is_writer,
	    err);

	if (st != ST_OK)
		return st;
	frame_begin(&html, &frame);
	buf_puts(&html, "<section>\n");
	order_put_head(&html, data);
	buf_puts(&html, "</section>\n");
	if (is_writer)
		put_acts(&html, visit, data);
	st = frame_end(&html, &frame, 200, response, err);
	buf_clear(&html);
	return st;
}

static enum status
read_order(struct visit *visit, const struct request *request,
    struct json_doc *doc, struct err *err)
{
	const struct app *app = visit->app;
	struct params params;
	int64_t order_id;
	enum status st = params_parse(&params, request->query,
	    strlen(request->query), err);

	if (st == ST_OK)
		st = params_accept(&params, names, err);
	if (st == ST_OK)
		st = params_i64(&params, "order_id", 1, INT64_MAX, &order_id,
		    err);
	if (st == ST_OK)
		st = store_desk_order(app->store, visit_session(visit),
		    order_id, config_text(&app->config, SETTING_CLUB_TIMEZONE),
		    doc, err);
	params_clear(&params);
	return st;
}

static enum status
get_order(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	struct json_doc doc = { .text = NULL };
	struct visit visit;
	enum status st = visit_begin(&visit, context, request, err);

	if (st != ST_OK)
		return st;
	st = read_order(&visit, request, &doc, err);
	if (st == ST_OK)
		st = show(&visit, &doc, response, err);
	else
		st = sign_in_failure(&visit, NULL, st, response, err);
	json_clear(&doc);
	return st;
}

static enum status
post_act(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return act_post(context, order_acts, request, response, err);
}

static const struct route routes[] = {
	{ "/desk/order", false, METHOD_GET, 0, get_order },
	{ "/desk/order/", true, METHOD_POST, BODY_MAX, post_act },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/order", routes);
}
