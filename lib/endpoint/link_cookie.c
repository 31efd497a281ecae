#include "endpoint/link_cookie.h"

#include <inttypes.h>
#include <string.h>

#include "billing/checkout_body.h"

/* Browsers drop a cookie of more than 4096 bytes. */
enum { COOKIE_MAX = 3900, SOLD_MAX = 1024 };

static const char name[] = "__Secure-teamdues";

static void
put_text(struct buf *cookie, const char *key, const char *text)
{
	buf_puts(cookie, key);
	buf_put_urlenc(cookie, text, strlen(text));
}

/* What paid.js reads, as a query string is written. */
static void
put_facts(struct buf *cookie, const struct checkout *checkout)
{
	const struct checkout_order *order = &checkout->order;
	char text[SOLD_MAX];
	struct buf sold = BUF_FIXED(text);

	checkout_put_sold(&sold, order);
	put_text(cookie, "what=", text);
	put_text(cookie, "&who=", order->player_name);
	if (checkout->outcome == CHECKOUT_GO) {
		put_text(cookie, "&session=", order->session.id);
		return;
	}
	put_text(cookie, "&status=", order_status_names[order->status]);
	buf_putf(cookie, "&cents=%" PRId64 "&currency=%s&paid=%" PRId64
	    "&back=%" PRId64, order->paid_cents, order->currency,
	    order->paid_at, order->refunded_cents);
}

enum status
link_cookie_put(const struct checkout *checkout, struct response *response,
    struct err *err)
{
	struct buf cookie = BUF_INIT(COOKIE_MAX);
	struct err too_long;
	enum status st = ST_OK;

	buf_puts(&cookie, name);
	buf_putc(&cookie, '=');
	put_facts(&cookie, checkout);
	buf_puts(&cookie, "; Path=/paid.html; Max-Age=3600; Secure; "
	    "SameSite=Lax");
	/* The page does without. */
	if (buf_check(&cookie, "cookie", &too_long) == ST_OK)
		st = response_header(response, "Set-Cookie", buf_str(&cookie),
		    err);
	buf_clear(&cookie);
	return st;
}
