/*
 * Stripe refuses a key that comes again with another body (docs:
 * api/idempotent_requests).  So a key contains the hash of its body: a product
 * that was renamed, or a newer version of this file, makes another session
 * instead of an error.
 */
#include <inttypes.h>
#include <string.h>

#include "base/crypto.h"
#include "billing/checkout_body.h"
#include "store/product_kind.h"
#include "stripe/customer.h"
#include "stripe/session.h"

/* Two names of 200 characters: less than the 1000 that Stripe takes. */
enum { TEXT_MAX = 2048, ID_TEXT_SIZE = 24 };

static const char *
id_text(char text[ID_TEXT_SIZE], int64_t id)
{
	struct buf b = buf_over(text, ID_TEXT_SIZE);

	buf_put_i64(&b, id);
	return text;
}

void
checkout_put_sold(struct buf *b, const struct checkout_order *order)
{
	if (order->quantity > 1)
		buf_putf(b, "%d × ", order->quantity);
	buf_puts(b, order->tournament_name[0] != '\0' ? order->tournament_name
	    : order->product_name);
}

bool
checkout_is_by_customer(const struct checkout_order *order)
{
	return order->parent_id != 0 && strcmp(order->kind,
	    product_kind_names[PRODUCT_TRYOUT]) != 0;
}

/* What is sent in words. */
struct texts {
	struct buf success;
	struct buf cancel;
	struct buf sold;
	struct buf for_whom;	/* a family may have several children */
	struct buf description;
};

/*
 * Stripe replaces {CHECKOUT_SESSION_ID} by the id when it sends the payer back.
 * A player's name that Stripe has refused (payer.c) is left out: the payment
 * matters more.
 */
static void
put_texts(struct texts *texts, const struct config *config,
    const struct checkout_order *order)
{
	const char *site = config_text(config, SETTING_SITE_URL);

	buf_puts(&texts->success, site);
	buf_puts(&texts->success,
	    "/paid.html?session_id={CHECKOUT_SESSION_ID}");
	buf_puts(&texts->cancel, site);
	buf_puts(&texts->cancel, "/cancelled.html");
	checkout_put_sold(&texts->sold, order);
	buf_putf(&texts->description, "Order %" PRId64 ": ", order->order_id);
	checkout_put_sold(&texts->description, order);
	if (order->is_nameless)
		return;
	buf_putf(&texts->for_whom, "For %s", order->player_name);
	buf_putf(&texts->description, " for %s", order->player_name);
}

/* A text that overflowed is NULL: a form that lacks it is never sent. */
static enum status
put_form(struct buf *form, const struct texts *texts,
    struct stripe_session_request *request, struct err *err)
{
	request->product_name = buf_str(&texts->sold);
	request->product_description = buf_str(&texts->for_whom);
	request->success_url = buf_str(&texts->success);
	request->cancel_url = buf_str(&texts->cancel);
	request->payment_description = buf_str(&texts->description);
	if (request->success_url == NULL || request->cancel_url == NULL ||
	    request->product_name == NULL ||
	    request->product_description == NULL ||
	    request->payment_description == NULL)
		return err_set(err, ST_NOMEM, "no memory for a session");
	stripe_session_form(form, request);
	return buf_check(form, "session's form", err);
}

/* "Spring Cup, 2027-05-03"; "" for another kind. */
static const char *
tournament_text(char text[TEXT_MAX], const struct checkout_order *order)
{
	struct buf b = buf_over(text, TEXT_MAX);

	text[0] = '\0';
	if (order->tournament_name[0] != '\0')
		buf_putf(&b, "%s, %s", order->tournament_name,
		    order->tournament_day);
	return text;
}

enum status
checkout_session_body(const struct config *config,
    const struct checkout_order *order, struct buf *form, struct err *err)
{
	struct texts texts = { BUF_INIT(STRIPE_URL_SIZE),
	    BUF_INIT(STRIPE_URL_SIZE), BUF_INIT(TEXT_MAX), BUF_INIT(TEXT_MAX),
	    BUF_INIT(TEXT_MAX) };
	bool is_customer = checkout_is_by_customer(order);
	char order_id[ID_TEXT_SIZE];
	char player_id[ID_TEXT_SIZE];
	char product_id[ID_TEXT_SIZE];
	char tournament[TEXT_MAX];
	/*
	 * The ids match a payment to its order.  The word tells two orders of
	 * one number apart, when books were restored from a backup; the names
	 * are for a person, when the books have lost the order.
	 */
	const struct stripe_pair metadata[] = {
		{ "order_id", id_text(order_id, order->order_id) },
		{ "player_id", id_text(player_id, order->player_id) },
		{ "product_id", id_text(product_id, order->product_id) },
		{ "teamdues", order->installation_id },
		{ "teamdues_word", order->word },
		{ "teamdues_player", order->is_nameless ? ""
		    : order->player_name },
		{ "teamdues_product", order->product_name },
		{ "teamdues_tournament", tournament_text(tournament, order) },
	};
	struct stripe_session_request request = {
		/* Stripe takes a customer or an address, never both. */
		.customer = is_customer ? order->customer_id : NULL,
		.customer_email = is_customer ? NULL : order->parent_email,
		/* A part may have been paid or waived. */
		.amount_cents = order->left_cents,
		.currency = order->currency,
		.client_reference_id = order_id,
		.metadata = metadata,
		.metadata_count = sizeof(metadata) / sizeof(metadata[0]),
	};
	enum status st;

	put_texts(&texts, config, order);
	st = put_form(form, &texts, &request, err);
	buf_clear(&texts.success);
	buf_clear(&texts.cancel);
	buf_clear(&texts.sold);
	buf_clear(&texts.for_whom);
	buf_clear(&texts.description);
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
	/*
	 * Two installations may share an account of Stripe's, and both have a
	 * parent 1.  Stripe takes a key of 255 characters at most.
	 */
	buf_putf(&b, "%.64s-parent-%" PRId64 "-%d-%s", order->installation_id,
	    order->parent_id, order->customer_attempt, hash);
	return buf_check(&b, "idempotency key", err);
}
