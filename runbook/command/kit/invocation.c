#include "invocation.h"

enum status
invocation_usage(struct invocation *invocation, struct err *err,
    const char *text)
{
	invocation->exit = EXIT_USAGE;
	return err_set(err, ST_BAD_INPUT, "%s", text);
}

enum status
invocation_open_stripe(struct invocation *invocation, struct err *err)
{
	return stripe_open(&invocation->app.config, 1,
	    &invocation->app.stripe, err);
}
