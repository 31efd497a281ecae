/*
 * The link is signed here, and of the same kind and terms as that of a mail: a
 * family pays the same whichever way it came by the link.
 */
#include "desk/order_link.h"

#include <string.h>

#include "base/clock.h"
#include "billing/first_payment.h"
#include "billing/pay_link.h"
#include "desk/frame.h"
#include "desk/money.h"
#include "desk/qr.h"

/* A fee's link says the amount, which follows from today's roster. */
static enum status
make_fee_link(const struct config *config, struct json_node terms,
    struct buf *url, struct err *err)
{
	struct first_payment payment = { .amount_cents = 0 };
	bool prorate = true;
	enum status st = json_get_bool(terms, "prorate", &prorate, err);

	if (st == ST_OK)
		st = first_payment_quote(config, terms, prorate, &payment,
		    err);
	return st != ST_OK ? st : first_payment_link(config, &payment, url,
	    err);
}

static enum status
make_link(const struct config *config, struct json_node data, struct buf *url,
    struct err *err)
{
	struct json_node terms = json_at(data, "link");
	struct pay_link link = { .kind = PAY_LINK_JERSEY };
	char kind[16];
	enum status st = json_get_text(data, "kind", kind, sizeof(kind), err);

	if (st != ST_OK)
		return st;
	if (strcmp(kind, "fee") == 0)
		return make_fee_link(config, terms, url, err);
	if (strcmp(kind, "jersey") != 0)
		st = pay_link_kind_of_order(kind, &link.kind, err);
	if (st == ST_OK)
		st = json_get_i64(terms, "id", 1, INT64_MAX, &link.id, err);
	if (st == ST_OK)
		st = json_get_text(terms, "word", link.word,
		    sizeof(link.word), err);
	if (st == ST_OK)
		st = json_get_i64(terms, "expires", 0, INT64_MAX,
		    &link.expires, err);
	if (st == ST_OK && link.expires <= clock_now_s())
		st = err_set(err, ST_CONFLICT, "its day is over");
	return st != ST_OK ? st : pay_link_put(config, &link, url, err);
}

/* The button is desk.js's: without script the text can be marked. */
static enum status
put_link(struct buf *html, struct json_node data, const char *url,
    struct err *err)
{
	buf_puts(html, "<p>It leads the family to its payment. Send it, or let "
	    "them scan the code.</p>\n<div class=\"copy\">\n"
	    "<label for=\"pay-link\">Pay link</label>\n"
	    "<input id=\"pay-link\" readonly value=\"");
	frame_put_text(html, url);
	buf_puts(html, "\">\n<button type=\"button\" data-copy=\"pay-link\" "
	    "hidden>Copy</button>\n<span role=\"status\"></span>\n</div>\n"
	    "<details><summary>QR code</summary>\n<figure>\n");
	enum status st = qr_put(html, url, "QR code of the pay link", err);
	buf_puts(html, "<figcaption>");
	frame_put_member(html, data, "player");
	buf_puts(html, ", ");
	frame_put_member(html, data, "item");
	buf_puts(html, ": <b>");
	desk_put_money(html, data, "left_cents", "");
	buf_puts(html, "</b></figcaption>\n</figure>\n</details>\n");
	return st;
}

enum status
order_link_put(struct buf *html, const struct config *config,
    struct json_node data, struct err *err)
{
	struct buf url = BUF_INIT(LINK_MAX);
	enum status st;

	if (!json_exists(json_at(data, "link")))
		return ST_OK;
	buf_puts(html, "<section aria-labelledby=\"link\">\n"
	    "<h2 id=\"link\">Pay link</h2>\n");
	st = make_link(config, data, &url, err);
	if (st == ST_OK) {
		st = put_link(html, data, buf_str(&url), err);
	} else if (st == ST_CONFLICT) {
		buf_puts(html, "<p class=\"empty\">There is none: ");
		frame_put_text(html, err->msg);
		buf_puts(html, ".</p>\n");
		st = ST_OK;
	}
	buf_puts(html, "</section>\n");
	buf_clear(&url);
	return st;
}
