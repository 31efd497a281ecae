#include "endpoint/link_cookie.h"

#include <inttypes.h>
#include <string.h>

#include "billing/checkout_body.h"

/*
 * Browsers drop a cookie of more than 4096 bytes (RFC 6265, 6.1); the rest is
 * for its attributes.
 */
enum { COOKIE_MAX = 3900, SOLD_MAX = 1024 };

/*
 * __Secure-, not __Host-: that would demand Path=/, and then every request of
 * the site would carry what the family owes.
 */
static const char name[] = "__Secure-teamdues";

static void
put_text(struct buf *cookie, const char *key, const char *text)
{
	buf_puts(cookie, key);
	buf_put_urlenc(cookie, text, strlen(text));
}

/*
 * What nginx/html/paid.js reads, written like a query string.  Before a payment
 * it gets the session's id, and asks /checkout/status for the rest; afterwards
 * it need not ask.
 */
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
	/*
	 * A cookie that is too long is left out: the page has words for a
	 * visitor without one, and the way to the payment must not depend on
	 * it.
	 */
	if (buf_check(&cookie, "cookie", &too_long) == ST_OK)
		st = response_header(response, "Set-Cookie", buf_str(&cookie),
		    err);
	buf_clear(&cookie);
	return st;
}
