/*
 * teamdues order
 * show|cancel|waive|reopen|adjust|record-payment|unrecord-payment: one order.
 * What ends or changes what a family may pay goes through act_on_order, which
 * ends the open session at Stripe first; otherwise the family could pay the old
 * amount.
 */
#include <stdio.h>
#include <string.h>

#include "kit/act.h"
#include "kit/detail.h"
#include "kit/output.h"
#include "store/views.h"

enum { REASON_CHARACTERS_MAX = 500, REFERENCE_CHARACTERS_MAX = 200 };

#define PARAMETER_ORDER { "ORDER", PARAMETER_ID, true, NULL, "the order's id" }

static const struct parameter show_parameters[] = {
	PARAMETER_ORDER, PARAMETER_JSON, PARAMETER_END
};

/*
 * Parameters of cancel and waive.  The reason is required: a year later nothing
 * else says why a family did not have to pay.
 */
static const struct parameter end_parameters[] = {
	PARAMETER_ORDER,
	{ "--reason", PARAMETER_TEXT, true, "TEXT", "why" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

static const struct parameter reopen_parameters[] = {
	PARAMETER_ORDER,
	{ "--reason", PARAMETER_TEXT, false, "TEXT", "why" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

static const struct parameter adjust_parameters[] = {
	PARAMETER_ORDER,
	{ "--amount", PARAMETER_AMOUNT, true, "120.00",
	    "the whole amount to pay from now on" },
	{ "--reason", PARAMETER_TEXT, true, "TEXT", "why" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

static const struct parameter record_parameters[] = {
	PARAMETER_ORDER,
	{ "--source", PARAMETER_CHOICE, true, "cash|cheque|transfer",
	    "how the money came" },
	{ "--reference", PARAMETER_TEXT, false, "TEXT",
	    "where the money is found again; cash needs none" },
	{ "--amount", PARAMETER_AMOUNT, false, "50.00",
	    "a part; without this all that is left" },
	{ "--date", PARAMETER_DATE, false, "YYYY-MM-DD",
	    "the day on which it came; without this today" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

static const struct parameter unrecord_parameters[] = {
	PARAMETER_ORDER,
	{ "--reference", PARAMETER_TEXT, false, "TEXT",
	    "of the payment, where the order has several" },
	{ "--reason", PARAMETER_TEXT, false, "TEXT", "why" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

static enum status
order_show(struct invocation *invocation, struct err *err)
{
	/*
	 * The timeline of the order repeats these members in the order of time.
	 */
	static const char *const told[] = { "failures", "history", NULL };
	struct detail detail = { told };
	const struct arguments *arguments = &invocation->arguments;
	const struct order_question question = {
		.order_id = arguments_id(arguments, "ORDER"),
		.zone = config_text(&invocation->app.config,
		    SETTING_CLUB_TIMEZONE),
	};
	struct output output;
	enum status st;

	output_init(&output, arguments, NULL);
	if (output.format != OUTPUT_JSON)
		return store_order_detail(invocation->app.store, &question,
		    detail_write, &detail, err);
	st = store_order_detail(invocation->app.store, &question, output_row,
	    &output, err);
	return output_end(&output, st, err);
}

/*
 * Cancel and waive: nobody is asked to pay the order any more.  They differ in
 * what the books say of the rest, so one function does both.
 */
static enum status
end_order(struct invocation *invocation, const char *action, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	enum status st = act_check_text(invocation, "--reason",
	    REASON_CHARACTERS_MAX, err);

	if (st != ST_OK)
		return st;
	return act_on_order(invocation, action, &(struct order_change){
		.order_id = arguments_id(arguments, "ORDER"),
		.action = action,
		.reason = arguments_text(arguments, "--reason"),
	}, err);
}

static enum status
order_cancel(struct invocation *invocation, struct err *err)
{
	return end_order(invocation, "cancel", err);
}

static enum status
order_waive(struct invocation *invocation, struct err *err)
{
	return end_order(invocation, "waive", err);
}

/*
 * Takes an act back: its effect is in our books alone, so that Stripe need not
 * be asked and no key is needed.
 */
static enum status
take_back(struct invocation *invocation, const char *verb,
    const char *action, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	const struct order_change order_change = {
		.order_id = arguments_id(arguments, "ORDER"),
		.action = action,
		.reason = arguments_text(arguments, "--reason"),
		.reference = arguments_text(arguments, "--reference"),
	};
	struct act_result result;
	char actor[ACTOR_SIZE];
	enum status st = ST_OK;

	if (order_change.reason != NULL)
		st = act_check_text(invocation, "--reason",
		    REASON_CHARACTERS_MAX, err);
	if (st != ST_OK)
		return st;
	act_actor(actor);
	st = store_change_order(invocation->app.store, &order_change, actor,
	    arguments_flag(arguments, "--commit"), &result, err);
	return st != ST_OK ? st : act_report(invocation, verb, &result, err);
}

static enum status
order_reopen(struct invocation *invocation, struct err *err)
{
	return take_back(invocation, "reopen", "reopen", err);
}

static enum status
order_unrecord_payment(struct invocation *invocation, struct err *err)
{
	return take_back(invocation, "unrecord", "unrecord payment", err);
}

static enum status
order_adjust(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	enum status st = act_check_text(invocation, "--reason",
	    REASON_CHARACTERS_MAX, err);

	if (st != ST_OK)
		return st;
	return act_on_order(invocation, "adjust", &(struct order_change){
		.order_id = arguments_id(arguments, "ORDER"),
		.action = "adjust",
		.amount_cents = arguments_cents(arguments, "--amount"),
		.reason = arguments_text(arguments, "--reason"),
	}, err);
}

static enum status
order_record_payment(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	const char *reference = arguments_text(arguments, "--reference");
	enum status st = reference == NULL ? ST_OK : act_check_text(invocation,
	    "--reference", REFERENCE_CHARACTERS_MAX, err);

	if (st != ST_OK)
		return st;
	return act_on_order(invocation, "record", &(struct order_change){
		.order_id = arguments_id(arguments, "ORDER"),
		.action = "record payment",
		/*
		 * 0 when the option is missing: all that is left, which only
		 * the database knows at the moment of the act.
		 */
		.amount_cents = arguments_cents(arguments, "--amount"),
		.source = arguments_text(arguments, "--source"),
		.reference = reference,
		.received_on = arguments_text(arguments, "--date"),
		.zone = config_text(&invocation->app.config,
		    SETTING_CLUB_TIMEZONE),
	}, err);
}

const struct command commands_order[] = {
	{
		.name = "order show",
		.summary = "show an order with all that happened to it",
		.needs = NEEDS(SETTING_DATABASE_URL) |
		    NEEDS(SETTING_CLUB_TIMEZONE),
		.parameters = show_parameters,
		.run = order_show,
	},
	{
		.name = "order cancel",
		.summary = "cancel an order that is pending",
		.needs = ACT_NEEDS,
		.parameters = end_parameters,
		.run = order_cancel,
	},
	{
		.name = "order waive",
		.summary = "let go what is left to pay of an order",
		.needs = ACT_NEEDS,
		.parameters = end_parameters,
		.run = order_waive,
	},
	{
		.name = "order reopen",
		.summary = "take back that an order was cancelled or waived",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = reopen_parameters,
		.run = order_reopen,
	},
	{
		.name = "order adjust",
		.summary = "change what a pending order costs",
		.needs = ACT_NEEDS,
		.parameters = adjust_parameters,
		.run = order_adjust,
	},
	{
		.name = "order record-payment",
		.summary = "record what was paid of a pending order outside "
		    "Stripe",
		.needs = ACT_NEEDS | NEEDS(SETTING_CLUB_TIMEZONE),
		.parameters = record_parameters,
		.run = order_record_payment,
	},
	{
		.name = "order unrecord-payment",
		.summary = "take back a payment that was recorded",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = unrecord_parameters,
		.run = order_unrecord_payment,
	},
	COMMANDS_END
};
