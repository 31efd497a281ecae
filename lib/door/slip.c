#include "door/slip.h"

#include <inttypes.h>
#include <string.h>

#include "billing/checkout_body.h"

/* Browsers drop a cookie of more than 4096 bytes. */
enum { SLIP_MAX = 3900, SOLD_MAX = 1024 };

static const char name[] = "__Secure-teamdues";

static void
put_text(struct buf *slip, const char *key, const char *text)
{
	buf_puts(slip, key);
	buf_put_urlenc(slip, text, strlen(text));
}

/* What paid.js reads, as a query string is written. */
static void
put_facts(struct buf *slip, const struct checkout *checkout)
{
	const struct checkout_order *order = &checkout->order;
	char text[SOLD_MAX];
	struct buf sold = BUF_FIXED(text);

	checkout_put_sold(&sold, order);
	put_text(slip, "what=", text);
	put_text(slip, "&who=", order->player_name);
	if (checkout->outcome == CHECKOUT_GO) {
		put_text(slip, "&session=", order->session.id);
		return;
	}
	put_text(slip, "&status=", order->status);
	buf_putf(slip, "&cents=%" PRId64 "&currency=%s&paid=%" PRId64
	    "&back=%" PRId64, order->paid_cents, order->currency,
	    order->paid_at, order->refunded_cents);
}

enum status
slip_put(const struct checkout *checkout, struct response *response,
    struct err *err)
{
	struct buf slip = BUF_INIT(SLIP_MAX);
	struct err too_long;
	enum status st = ST_OK;

	buf_puts(&slip, name);
	buf_putc(&slip, '=');
	put_facts(&slip, checkout);
	buf_puts(&slip, "; Path=/paid.html; Max-Age=3600; Secure; "
	    "SameSite=Lax");
	/* The page does without. */
	if (buf_check(&slip, "slip", &too_long) == ST_OK)
		st = response_header(response, "Set-Cookie", buf_str(&slip),
		    err);
	buf_clear(&slip);
	return st;
}
