/*
 * GET /tryouts/pay: the second chance, for those who registered for a tryout
 * and did not finish paying.
 */
#include "billing/billing.h"
#include "door/click.h"
#include "door/run.h"

static enum status
pay(void *context, const struct request *request, struct response *response,
    struct err *err)
{
	static const char *const names[] = { "order_id", NULL };
	struct billing *billing = context;
	struct params params;
	int64_t order_id;
	enum status st;

	st = click_open(billing, request, names, &params, err);
	if (st == ST_OK)
		st = params_i64(&params, "order_id", 1, INT64_MAX, &order_id,
		    err);
	if (st == ST_OK)
		st = click_answer(billing, request, order_id, response, err);
	params_clear(&params);
	return st;
}

static const struct route routes[] = {
	{ "/tryouts/pay", false, METHOD_GET, 0, pay },
	{ .path = NULL },
};

int
main(void)
{
	static const struct billing_needs needs = {
		.name = "tryouts/pay",
		.settings = BILLING_NEEDS_CHECKOUT,
		.connections = STORE_CONNECTIONS_MAX,
		.stripe_calls = 16,
		.receipts = true,
	};

	return door_run(&needs, routes, 16);
}
