/* What becomes of orders that wait is said by the database, which counts them.
 */
#include "desk/product_acts.h"

#include "desk/frame.h"
#include "desk/money.h"
#include "store/desk_products.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define PRODUCT { .name = "product_id", .control = ACT_HIDDEN, \
	.label = "Product" }
#define NAME { .name = "name", .label = "Name", \
	.hint = "What the families read." }
#define PRICE { .name = "amount", .control = ACT_MONEY, .label = "Price" }

static const struct act_field add_fields[] = {
	NAME,
	{ .name = "kind", .control = ACT_CHOICE, .label = "What it is paid for",
	    .list = "kinds", .hint = "Of jerseys and of tryouts one is on "
	    "offer at a time. A tournament's fee can be typed where the "
	    "tournament is added." },
	PRICE,
	{ .name = "sizes", .label = "Sizes", .is_optional = true,
	    .hint = "Of a jersey, with commas between: S, M, L." },
};

static const struct act_field change_fields[] = { PRODUCT, NAME, PRICE };
static const struct act_field product_alone[] = { PRODUCT };

static const char *
currency_of(const struct visit *visit)
{
	return config_text(&visit->app->config, SETTING_CURRENCY);
}

static enum status
read_new(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	(void)params;
	return store_desk_product_subject(visit->app->store,
	    visit_session(visit), 0, currency_of(visit), doc, err);
}

static enum status
read_subject(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	int64_t product_id;
	enum status st = visit_read_id(params, "product_id", "product",
	    &product_id, err);

	return st != ST_OK ? st : store_desk_product_subject(
	    visit->app->store, visit_session(visit), product_id,
	    currency_of(visit), doc, err);
}

void
product_put_head(struct buf *html, struct json_node data)
{
	buf_puts(html, "<dl class=\"facts\">\n");
	frame_put_fact(html, data, "Product", "product_id");
	frame_put_fact(html, data, "Name", "name");
	frame_put_fact(html, data, "Kind", "kind");
	if (json_exists(json_at(data, "amount_cents"))) {
		buf_puts(html, "<div><dt>Price</dt><dd>");
		desk_put_money(html, data, "amount_cents", "");
		buf_puts(html, "</dd></div>\n");
	}
	frame_put_fact(html, data, "Sizes", "sizes");
	frame_put_fact(html, data, "Now", "offered");
	buf_puts(html, "</dl>\n");
}

static const struct act_subject new_subject = {
	.read = read_new,
	.back = "/desk/products",
	.back_text = "Back to the products",
};

static const struct act_subject subject = {
	.read = read_subject,
	.put = product_put_head,
	.back = "/desk/product?product_id=",
	.back_text = "Back to the product",
};

const struct act_kind product_acts[] = {
	{ .path = "/desk/product/add", .action = "product_add",
	    .subject = &new_subject,
	    .title = "Add a product",
	    .text = "Nobody is mailed.",
	    .button = "Add it", .undo = "product_withdraw",
	    .made = "/desk/product?product_id=",
	    .fields = add_fields, .count = COUNT(add_fields) },
	{ .path = "/desk/product/change", .action = "product_change",
	    .subject = &subject,
	    .title = "Change name or price",
	    .text = "What was ordered keeps its name and its price: a new "
	    "product takes the place of this one. Nobody is mailed.",
	    .button = "Change it",
	    .fields = change_fields, .count = COUNT(change_fields) },
	{ .path = "/desk/product/withdraw", .action = "product_withdraw",
	    .subject = &subject,
	    .title = "Withdraw it",
	    .text = "It is not on offer any more. What was ordered of it "
	    "stays, and can be paid. Nobody is mailed.",
	    .button = "Withdraw it", .undo = "product_return",
	    .fields = product_alone, .count = COUNT(product_alone) },
	{ .path = "/desk/product/return", .action = "product_return",
	    .subject = &subject,
	    .title = "Offer it again",
	    .text = "It is on offer as before it was withdrawn. Nobody is "
	    "mailed.",
	    .button = "Offer it again", .undo = "product_withdraw",
	    .fields = product_alone, .count = COUNT(product_alone) },
	{ .path = NULL },
};
