/*
 * GET /checkout/tournament: a pay link for one order of a tournament.  24
 * threads, since a mailing sends its families here within minutes, and each of
 * them waits for Stripe.
 */
#include "app/app.h"
#include "endpoint/click.h"
#include "endpoint/run.h"

static const struct route routes[] = {
	{ "/checkout/tournament", false, METHOD_GET, 0, click_pay_order },
	{ .path = NULL },
};

int
main(void)
{
	static const struct app_needs needs = {
		.name = "checkout/tournament",
		.settings = APP_NEEDS_CHECKOUT,
		.connections = STORE_CONNECTIONS_MAX,
		.stripe_calls = 24,
		.receipts = true,
	};

	return endpoint_run(&needs, routes, 24);
}
