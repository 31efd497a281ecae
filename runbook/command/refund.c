/*
 * teamdues refund: gives money back through Stripe, which is asked first what
 * went back before.  So it may be repeated after any failure.
 */
#include "billing/refund.h"
#include "kit/act.h"

enum { REASON_CHARACTERS_MAX = 500 };

static const struct parameter parameters[] = {
	{ "ORDER", PARAMETER_ID, true, NULL, "the order's id" },
	{ "--amount", PARAMETER_AMOUNT, false, "20.00",
	    "a part; without this all that is left" },
	{ "--reason", PARAMETER_TEXT, false, "TEXT", "why" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

/*
 * A dry run asks Stripe as well: how much is left to give back is known there
 * first.
 */
static enum status
give(struct invocation *invocation, const struct refund_request *request,
    struct act_result *result, struct err *err)
{
	enum status st = invocation_open_stripe(invocation, err);

	if (st == ST_OK)
		st = refund_give(&invocation->app, request,
		    arguments_flag(&invocation->arguments, "--commit"),
		    result, err);
	return st;
}

static enum status
run(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	const char *reason = arguments_text(arguments, "--reason");
	char actor[ACTOR_SIZE];
	const struct refund_request request = {
		.order_id = arguments_id(arguments, "ORDER"),
		.amount_cents = arguments_cents(arguments, "--amount"),
		.reason = reason != NULL ? reason : "",
		.actor = actor,
	};
	struct act_result result;
	enum status st = ST_OK;

	act_actor(actor);
	if (reason != NULL)
		st = act_check_text(invocation, "--reason",
		    REASON_CHARACTERS_MAX, err);
	if (st == ST_OK)
		st = give(invocation, &request, &result, err);
	return st == ST_OK ? act_report(invocation, "refund", &result, err)
	    : st;
}

const struct command commands_refund[] = {
	{
		.name = "refund",
		.summary = "give money back through Stripe",
		.needs = ACT_NEEDS,
		.parameters = parameters,
		.run = run,
	},
	COMMANDS_END
};
