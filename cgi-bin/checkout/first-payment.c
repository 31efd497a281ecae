/*
 * GET /checkout/first-payment: the link that asks for a player's first fee.
 * The link carries the amount that was quoted, which holds whatever the roster
 * says by now, until the month that it was quoted for ends.
 */
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "billing/first_payment.h"
#include "endpoint/click.h"
#include "endpoint/run.h"

/*
 * The signature was checked, so that whoever made the link wrote these
 * parameters: a fault in them is a fault of a script that signs, and is named.
 */
static enum status
read_link(const struct params *params, struct first_payment *payment,
    struct err *err)
{
	const char *prorate = params_text(params, "prorate");
	const char *quoted = params_text(params, "quoted");
	const char *word = params_text_or_empty(params, "word");
	struct date date;
	enum status st;

	if (prorate != NULL && strcmp(prorate, "false") != 0)
		return err_set(err, ST_BAD_INPUT, "prorate must be false");
	if (quoted == NULL || !date_parse(quoted, &date))
		return err_set(err, ST_BAD_INPUT, "quoted must be a day");
	payment->prorate = prorate == NULL;
	memcpy(payment->word, word, strnlen(word, sizeof(payment->word) - 1));
	st = params_i64(params, "player_id", 1, INT64_MAX,
	    &payment->player_id, err);
	if (st == ST_OK)
		st = params_i64(params, "amount_cents", 1, AMOUNT_MAX_CENTS,
		    &payment->amount_cents, err);
	return st;
}

static enum status
pay(void *context, const struct request *request, struct response *response,
    struct err *err)
{
	static const char *const names[] = { "player_id", "prorate", "quoted",
	    "amount_cents", NULL };
	struct app *app = context;
	struct first_payment payment = { .player_id = 0 };
	struct params params;
	struct click click = { request, &params, 0, NULL, false };
	enum status st;

	st = click_open(app, request, names, &params, err);
	if (st == ST_OK)
		st = read_link(&params, &payment, err);
	/*
	 * first_payment_open may make an order, and a preview must change
	 * nothing: the order's id stays 0, which click_answer does not look at
	 * then.
	 */
	if (st == ST_OK && !request->is_preview)
		st = first_payment_open(app, &payment,
		    clock_monotonic_ms() + CHECKOUT_DEADLINE_MS,
		    &click.order_id, err);
	if (st == ST_OK)
		st = click_answer(app, &click, response, err);
	params_clear(&params);
	return st;
}

static const struct route routes[] = {
	{ "/checkout/first-payment", false, METHOD_GET, 0, pay },
	{ .path = NULL },
};

int
main(void)
{
	static const struct app_needs needs = {
		.name = "checkout/first-payment",
		.settings = APP_NEEDS_CHECKOUT,
		.connections = STORE_CONNECTIONS_MAX,
		.stripe_calls = 24,
		.receipts = true,
	};

	return endpoint_run(&needs, routes, 24);
}
