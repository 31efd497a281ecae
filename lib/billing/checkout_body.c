#include <inttypes.h>
#include <string.h>

#include "base/crypto.h"
#include "billing/checkout_body.h"
#include "stripe/customer.h"
#include "stripe/session.h"

enum { DESCRIPTION_MAX = 1000, ID_TEXT_SIZE = 24 };

static const char *
id_text(char text[ID_TEXT_SIZE], int64_t id)
{
	struct buf b = buf_over(text, ID_TEXT_SIZE);

	buf_put_i64(&b, id);
	return text;
}

/* What the payer reads: "2 × Team jersey". */
static void
put_what_is_sold(struct buf *b, const struct checkout_order *order)
{
	if (order->quantity > 1)
		buf_putf(b, "%d × ", order->quantity);
	buf_puts(b, order->tournament_name[0] != '\0' ? order->tournament_name
	    : order->product_name);
}

enum status
checkout_session_body(const struct config *config,
    const struct checkout_order *order, struct buf *form, struct err *err)
{
	const char *site = config_text(config, SETTING_SITE_URL);
	struct buf success = BUF_INIT(STRIPE_URL_SIZE);
	struct buf cancel = BUF_INIT(STRIPE_URL_SIZE);
	struct buf sold = BUF_INIT(DESCRIPTION_MAX);
	struct buf description = BUF_INIT(DESCRIPTION_MAX);
	char order_id[ID_TEXT_SIZE];
	char player_id[ID_TEXT_SIZE];
	char product_id[ID_TEXT_SIZE];
	const struct stripe_pair metadata[] = {
		{ "order_id", id_text(order_id, order->order_id) },
		{ "player_id", id_text(player_id, order->player_id) },
		{ "product_id", id_text(product_id, order->product_id) },
		{ "teamdues", order->installation_id },
	};
	struct stripe_session_request request = {
		.customer = order->customer_id,
		.amount_cents = order->amount_cents,
		.currency = order->currency,
		.client_reference_id = order_id,
		.metadata = metadata,
		.metadata_count = sizeof(metadata) / sizeof(metadata[0]),
	};
	enum status st;

	buf_putf(&success, "%s/paid.html?session_id={CHECKOUT_SESSION_ID}",
	    site);
	buf_putf(&cancel, "%s/cancelled.html", site);
	put_what_is_sold(&sold, order);
	buf_putf(&description, "Order %s: ", order_id);
	put_what_is_sold(&description, order);
	request.product_name = buf_str(&sold);
	request.success_url = buf_str(&success);
	request.cancel_url = buf_str(&cancel);
	request.payment_description = buf_str(&description);
	if (request.success_url == NULL || request.cancel_url == NULL
	    || request.product_name == NULL
	    || request.payment_description == NULL) {
		st = err_set(err, ST_NOMEM, "no memory for a session");
		goto out;
	}
	stripe_session_form(form, &request);
	st = buf_check(form, "session's form", err);
out:
	buf_clear(&success);
	buf_clear(&cancel);
	buf_clear(&sold);
	buf_clear(&description);
	return st;
}

enum status
checkout_session_key(const struct checkout_order *order, const char *form,
    char key[IDEMPOTENCY_KEY_SIZE], struct err *err)
{
	char hash[SHA256_HEX_LEN + 1];
	struct buf b = buf_over(key, IDEMPOTENCY_KEY_SIZE);
	enum status st;

	st = crypto_sha256_hex(form, strlen(form), hash, err);
	if (st != ST_OK)
		return st;
	buf_putf(&b, "order-%" PRId64 "-%d-%s", order->order_id,
	    order->attempt, hash);
	return buf_check(&b, "idempotency key", err);
}

enum status
checkout_customer_body(const struct checkout_order *order, struct buf *form,
    struct err *err)
{
	char parent_id[ID_TEXT_SIZE];
	const struct stripe_pair metadata[] = {
		{ "parent_id", id_text(parent_id, order->parent_id) },
		{ "teamdues", order->installation_id },
	};
	const struct stripe_customer_request request = {
		.name = order->parent_name,
		.email = order->parent_email,
		.phone = order->parent_phone,
		.metadata = metadata,
		.metadata_count = sizeof(metadata) / sizeof(metadata[0]),
	};

	stripe_customer_form(form, &request);
	return buf_check(form, "customer's form", err);
}

enum status
checkout_customer_key(const struct checkout_order *order, const char *form,
    char key[IDEMPOTENCY_KEY_SIZE], struct err *err)
{
	char hash[SHA256_HEX_LEN + 1];
	struct buf b = buf_over(key, IDEMPOTENCY_KEY_SIZE);
	enum status st;

	st = crypto_sha256_hex(form, strlen(form), hash, err);
	if (st != ST_OK)
		return st;
	buf_putf(&b, "%.64s-parent-%" PRId64 "-%d-%s", order->installation_id,
	    order->parent_id, order->customer_attempt, hash);
	return buf_check(&b, "idempotency key", err);
}
