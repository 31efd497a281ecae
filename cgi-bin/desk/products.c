/*
 * GET /desk/products: what the club sells, and the form that adds something.
 * GET /desk/product: one product, and what may be done to it.
 * GET and POST below /desk/product/: what may be done.
 */
#include "desk/frame.h"
#include "desk/list.h"
#include "desk/page.h"
#include "desk/product_acts.h"
#include "desk/run.h"
#include "store/desk_products.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct list_field fields[] = {
	{ .name = "show", .label = "Which", .is_choice = true },
	{ .name = NULL },
};

static const struct desk_column columns[] = {
	{ "name", "Product", DESK_CELL_HEAD },
	{ "kind", "Kind", DESK_CELL_TEXT },
	{ "sizes", "Sizes", DESK_CELL_TEXT },
	{ "offered", "Now", DESK_CELL_TEXT },
	{ "wait", "Not paid yet", DESK_CELL_TEXT },
	{ "amount_cents", "Price", DESK_CELL_MONEY },
};

static const struct desk_column csv[] = {
	{ "key", "Number", DESK_CELL_TEXT },
	{ "name", "Product", DESK_CELL_HEAD },
	{ "kind", "Kind", DESK_CELL_TEXT },
	{ "sizes", "Sizes", DESK_CELL_TEXT },
	{ "offered", "Now", DESK_CELL_TEXT },
	{ "waiting", "Orders that wait", DESK_CELL_TEXT },
	{ "amount_cents", "Price", DESK_CELL_MONEY },
	{ "currency", "Currency", DESK_CELL_TEXT },
	{ .member = NULL },
};

static enum status
read_products(const struct list_query *query, struct json_doc *doc,
    struct err *err)
{
	const struct app *app = query->visit->app;
	const struct desk_products_query wanted = {
		.session = visit_session(query->visit),
		.show = params_text_or_empty(query->params, "show"),
		.currency = config_text(&app->config, SETTING_CURRENCY),
		.after = query->after,
		.limit = query->limit,
	};

	return store_desk_products(app->store, &wanted, doc, err);
}

static const struct list list = {
	.path = "/desk/products",
	.title = "Products",
	.fields = fields,
	.table = {
		.caption = "The newest first",
		.columns = columns,
		.count = COUNT(columns),
		.empty = "There is no product.",
		.link = "/desk/product?",
		.link_member = "address",
	},
	.csv = csv,
	.read = read_products,
	.add = &product_acts[0],
};

static enum status
get_list(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return list_answer(&list, context, request, response, err);
}

static void
put_title(struct buf *title, struct json_node data)
{
	buf_puts(title, "Product: ");
	json_put_chars(title, json_at(data, "name"));
}

static enum status
put(struct buf *html, struct visit *visit, struct json_node data,
    struct err *err)
{
	(void)err;
	buf_puts(html, "<section class=\"act\">\n");
	product_put_head(html, data);
	for (const struct act_kind *k = product_acts; k->path != NULL; k++)
		if (frame_is_writer(data) && act_is_possible(data, k))
			act_put_details(html, visit, k, data);
	buf_puts(html, "<p><a href=\"/desk/products\">All products</a></p>\n"
	    "</section>\n");
	return ST_OK;
}

/* What an act is about is all that there is to know of a product. */
static enum status
read_product(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	return product_acts[1].subject->read(visit, params, doc, err);
}

static const struct desk_page page = {
	.names = (const char *const[]){ "product_id", NULL },
	.read = read_product,
	.put_title = put_title,
	.put = put,
};

static enum status
get_product(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return desk_page_answer(&page, context, request, response, err);
}

static enum status
get_act(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return act_get(context, product_acts, request, response, err);
}

static enum status
post_act(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return act_post(context, product_acts, request, response, err);
}

static const struct route routes[] = {
	{ "/desk/products", false, METHOD_GET, 0, get_list },
	{ "/desk/products.csv", false, METHOD_GET, 0, get_list },
	{ "/desk/product", false, METHOD_GET, 0, get_product },
	{ "/desk/product/", true, METHOD_GET, 0, get_act },
	{ "/desk/product/", true, METHOD_POST, BODY_MAX, post_act },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/products", routes);
}
