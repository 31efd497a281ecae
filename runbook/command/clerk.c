/* teamdues clerk: does what the desk asked for, until SIGTERM. */
#include "base/log.h"
#include "billing/clerk.h"
#include "kit/invocation.h"
#include "kit/stops.h"

enum { LOOK_EVERY_S = 1, MENDING_WAIT_S = 5 };

static const struct parameter clerk_parameters[] = {
	{ "--once", PARAMETER_FLAG, false, NULL,
	    "do what is due now, and end" },
	PARAMETER_END
};

static void
serve(struct clerk *clerk)
{
	static const time_t waits_s[] = {
		[CLERK_IDLE] = LOOK_EVERY_S,
		[CLERK_IN_TROUBLE] = MENDING_WAIT_S,
	};
	enum clerk_pause pause;

	log_show_time();
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
