/*
 * What every command may need of its invocation: a usage error that needs more
 * than one option to see, and the connection to Stripe.
 */
#include "invocation.h"

enum status
invocation_usage(struct invocation *invocation, struct err *err,
    const char *text)
{
	invocation->exit = EXIT_USAGE;
	return err_set(err, ST_BAD_INPUT, "%s", text);
}

/*
 * Not opened with the store: most commands never ask Stripe, and must work
 * where its key is not set.
 */
enum status
invocation_open_stripe(struct invocation *invocation, struct err *err)
{
	return stripe_open(&invocation->app.config, 1,
	    &invocation->app.stripe, err);
}
