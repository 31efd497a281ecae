/* teamdues order show|cancel|adjust|record-payment: one order. */
#include <stdio.h>
#include <string.h>

#include "act.h"
#include "detail.h"
#include "output.h"
#include "store/inspect.h"

enum { REASON_CHARACTERS_MAX = 500, REFERENCE_CHARACTERS_MAX = 200 };

#define PARAMETER_ORDER { "ORDER", PARAMETER_ID, true, NULL, "the order's id" }

static const struct parameter show_parameters[] = {
	PARAMETER_ORDER, PARAMETER_JSON, PARAMETER_END
};

static const struct parameter cancel_parameters[] = {
	PARAMETER_ORDER,
	{ "--reason", PARAMETER_TEXT, true, "TEXT", "why" },
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
	    "how the whole amount came" },
	{ "--reference", PARAMETER_TEXT, true, "TEXT",
	    "where the money is found again" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

static enum status
order_show(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	int64_t order_id = arguments_id(arguments, "ORDER");
	struct output output;
	enum status st;

	output_init(&output, arguments, NULL);
	if (output.format != OUTPUT_JSON)
		return store_order_detail(invocation->store, order_id,
		    detail_write, NULL, err);
	st = store_order_detail(invocation->store, order_id, output_row,
	    &output, err);
	return output_end(&output, st, err);
}

static enum status
order_cancel(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	enum status st = act_check_text(invocation, "--reason",
	    REASON_CHARACTERS_MAX, err);

	if (st != ST_OK)
		return st;
	return act_on_order(invocation, "cancel", &(struct order_change){
		.order_id = arguments_id(arguments, "ORDER"),
		.action = "cancel",
		.reason = arguments_text(arguments, "--reason"),
	}, err);
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
	enum status st = act_check_text(invocation, "--reference",
	    REFERENCE_CHARACTERS_MAX, err);

	if (st != ST_OK)
		return st;
	return act_on_order(invocation, "record", &(struct order_change){
		.order_id = arguments_id(arguments, "ORDER"),
		.action = "record payment",
		.source = arguments_text(arguments, "--source"),
		.reference = arguments_text(arguments, "--reference"),
	}, err);
}

const struct command command_order_show = {
	.name = "order show",
	.summary = "show an order with all that happened to it",
	.needs = NEEDS(SETTING_DATABASE_URL),
	.parameters = show_parameters,
	.run = order_show,
};

const struct command command_order_cancel = {
	.name = "order cancel",
	.summary = "cancel an order that is pending",
	.needs = ACT_NEEDS,
	.parameters = cancel_parameters,
	.run = order_cancel,
};

const struct command command_order_adjust = {
	.name = "order adjust",
	.summary = "change what a pending order costs",
	.needs = ACT_NEEDS,
	.parameters = adjust_parameters,
	.run = order_adjust,
};

const struct command command_order_record_payment = {
	.name = "order record-payment",
	.summary = "record that a pending order was paid outside Stripe",
	.needs = ACT_NEEDS,
	.parameters = record_parameters,
	.run = order_record_payment,
};
