/*
 * teamdues clerk: does what the desk asked for, until SIGTERM.  The treasurer
 * waits at the desk's page for a refund, so it looks every second; a look is
 * one short query.
 */
#include "base/log.h"
#include "billing/clerk.h"
#include "kit/invocation.h"
#include "kit/stops.h"

/* In trouble, the database or Stripe is given 5 s to come back. */
enum { LOOK_EVERY_S = 1, MENDING_WAIT_S = 5 };

static const struct parameter clerk_parameters[] = {
	{ "--once", PARAMETER_FLAG, false, NULL,
	    "do what is due now, and end" },
	PARAMETER_END
};

/*
 * A failure is logged and never ends the service: what it could not do stays
 * requested, and is done when the trouble is over.
 */
static void
serve(struct clerk *clerk)
{
	static const time_t waits_s[] = {
		[CLERK_IDLE] = LOOK_EVERY_S,
		[CLERK_IN_TROUBLE] = MENDING_WAIT_S,
	};
	enum clerk_pause pause;

	log_as_service();
	do {
		struct err err = { ST_OK, "" };

		if (clerk_do_due(clerk, stops_now, &pause, &err) != ST_OK)
			log_event(LOG_ERROR, "clerk",
			    LOG_TEXT("reason", err.msg), NULL);
	} while (pause != CLERK_STOPPED && !stops_within(waits_s[pause]));
}

static enum status
run(struct invocation *invocation, struct err *err)
{
	struct clerk *clerk = NULL;
	enum clerk_pause pause;
	enum status st;

	/*
	 * Blocked before clerk_open, so that a stop which comes early waits for
	 * the first stops_now.
	 */
	stops_block();
	st = clerk_open(&invocation->app.config, &clerk, err);
	if (st == ST_OK && arguments_flag(&invocation->arguments, "--once"))
		st = clerk_do_due(clerk, stops_now, &pause, err);
	else if (st == ST_OK)
		serve(clerk);
	clerk_close(clerk);
	return st;
}

const struct command commands_clerk[] = {
	{
		.name = "clerk",
		.summary = "do what the desk asked for, until it is told to "
		    "stop",
		.needs = CLERK_NEEDS,
		.parameters = clerk_parameters,
		.run = run,
	},
	COMMANDS_END
};
