/*
 * GET /: what a visitor who has no link finds, and what the club sells.  It
 * runs under the role that can read the catalogue and nothing else.
 */
#include <string.h>

#include "app/app.h"
#include "base/date.h"
#include "base/log.h"
#include "base/money.h"
#include "endpoint/run.h"
#include "store/product_kind.h"
#include "store/shop.h"
#include "web/page.h"

enum { PAGE_MAX = 32 * 1024, TITLE_MAX = 512, DAY_SIZE = 16 };

/*
 * How a family comes to buy a product of a kind: nearly all is asked for by
 * mail, since it needs a link that names a player.
 */
static const char *
way_of(const char *kind)
{
	if (strcmp(kind, product_kind_names[PRODUCT_TRYOUT]) == 0)
		return "<a href=\"/tryouts/register\">Register for the "
		    "tryout</a>";
	if (strcmp(kind, product_kind_names[PRODUCT_JERSEY]) == 0)
		return "Ordered through the link in the club’s email.";
	return "Paid through the link in the club’s email.";
}

static void
put_text(struct buf *html, const char *text)
{
	buf_put_html(html, text, strlen(text));
}

/* The day of a tournament; the other kinds have none, and get nothing. */
static enum status
put_day(struct buf *html, struct json_node row, struct err *err)
{
	char text[DAY_SIZE];
	struct date date;
	enum status st;

	st = json_get_text_or_empty(row, "held_on", text, sizeof(text), err);
	if (st == ST_OK && date_parse(text, &date)) {
		buf_puts(html, "<p>");
		date_put(html, &date);
		buf_puts(html, "</p>\n");
	}
	return st;
}

/*
 * A store_row, for one thing that is sold; context is the page's list, which is
 * dropped as a whole when one row cannot be read.
 */
static enum status
put_offer(void *context, struct json_node row, struct err *err)
{
	char name[STORE_NAME_SIZE];
	char kind[STORE_STATUS_SIZE];
	char currency[CURRENCY_SIZE];
	struct buf *html = context;
	int64_t amount_cents;
	enum status st;

	st = json_get_text(row, "name", name, sizeof(name), err);
	if (st == ST_OK)
		st = json_get_text(row, "kind", kind, sizeof(kind), err);
	if (st == ST_OK)
		st = json_get_text(row, "currency", currency, sizeof(currency),
		    err);
	if (st == ST_OK)
		st = json_get_i64(row, "amount_cents", 1, AMOUNT_MAX_CENTS,
		    &amount_cents, err);
	if (st != ST_OK)
		return st;
	buf_puts(html, "<li>\n<h3>");
	put_text(html, name);
	buf_puts(html, "</h3>\n<p class=\"price\">");
	money_put(html, amount_cents, currency);
	buf_puts(html, "</p>\n");
	st = put_day(html, row, err);
	buf_puts(html, "<p>");
	buf_puts(html, way_of(kind));
	buf_puts(html, "</p>\n</li>\n");
	return st;
}

/*
 * The list goes to a buffer of its own first: while the database is away the
 * page is shown without it, and still says where a link is found.
 */
static void
put_offers(struct store *store, struct buf *html)
{
	struct buf list = BUF_INIT(PAGE_MAX / 2);
	struct err why = { ST_OK, "" };

	if (store_shop_window(store, put_offer, &list, &why) != ST_OK ||
	    buf_check(&list, "the list", &why) != ST_OK)
		log_event(LOG_WARN, "no_offers", LOG_TEXT("reason", why.msg),
		    NULL);
	else if (list.len > 0) {
		buf_puts(html, "<h2>What the club offers</h2>\n"
		    "<ul class=\"offers\">\n");
		buf_puts(html, buf_str(&list));
		buf_puts(html, "</ul>\n");
	}
	buf_clear(&list);
}

static enum status
home_get(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	struct app *app = context;
	const char *club = config_text(&app->config, SETTING_CLUB_NAME);
	struct buf title = BUF_INIT(TITLE_MAX);
	struct buf html = BUF_INIT(PAGE_MAX);
	enum status st;

	(void)request;
	buf_putf(&title, "Payments of %s", club);
	st = buf_check(&title, "the title", err);
	if (st == ST_OK) {
		page_put_head(&html, club, buf_str(&title));
		buf_puts(&html, "<p>This is where families pay what they owe ");
		put_text(&html, club);
		buf_puts(&html, ". The club sends you a link by email; it "
		    "leads straight to your payment.</p>\n");
		put_offers(app->store, &html);
		page_put_foot(&html);
		st = response_html(response, 200, &html, err);
	}
	buf_clear(&html);
	buf_clear(&title);
	return st;
}

static const struct route routes[] = {
	{ .path = "/", .methods = METHOD_GET, .handle = home_get },
	{ .path = NULL },
};

int
main(void)
{
	static const struct app_needs needs = {
		.name = "index",
		.settings = NEEDS(SETTING_DATABASE_URL) |
		    NEEDS(SETTING_CLUB_NAME) | NEEDS(SETTING_CLUB_CONTACT),
		.connections = 2,
	};

	return endpoint_run(&needs, routes, 2);
}
