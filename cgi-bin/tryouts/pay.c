/*
 * GET /tryouts/pay: the way back for those who registered for a tryout and did
 * not finish paying.  Its links are signed, unlike the public form.
 */
#include "app/app.h"
#include "endpoint/click.h"
#include "endpoint/run.h"

static const struct route routes[] = {
	{ "/tryouts/pay", false, METHOD_GET, 0, click_pay_order },
	{ .path = NULL },
};

int
main(void)
{
	static const struct app_needs needs = {
		.name = "tryouts/pay",
		.settings = APP_NEEDS_CHECKOUT,
		.connections = STORE_CONNECTIONS_MAX,
		.stripe_calls = 16,
		.receipts = true,
	};

	return endpoint_run(&needs, routes, 16);
}
