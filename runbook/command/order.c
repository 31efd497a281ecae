/* teamdues order show|cancel|adjust|record-payment: one order. */
#include <stdio.h>
#include <string.h>

#include "act.h"
#include "billing/order_act.h"
#include "detail.h"
#include "output.h"
#include "store/inspect.h"

enum { REASON_CHARACTERS_MAX = 500, REFERENCE_CHARACTERS_MAX = 200 };

#define PARAMETER_ORDER { "ORDER", PARAMETER_ID, true, NULL, "the order's id" }

#define NEEDS_STRIPE (NEEDS(SETTING_DATABASE_URL) \
	| NEEDS(SETTING_STRIPE_MODE) | NEEDS(SETTING_STRIPE_SECRET_KEY) \
	| NEEDS(SETTING_STRIPE_API_BASE))

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

/* Data on standard output, what Stripe was made to do beside it. */
static enum status
report(struct invocation *invocation, const char *verb,
    const struct order_act *act, struct err *err)
{
	if (act->was_complete)
		return err_set(err, ST_CONFLICT, "refused: session %s turned "
		    "out complete and was applied; the order is %s",
		    act->session_id, act->status);
	if (act->ended > 0)
		printf("Its open session was ended at Stripe.\n");
	else if (act->result.outcome == ACT_DONE &&
	    act->session_id[0] != '\0')
		printf("Would end its open session %s at Stripe.\n",
		    act->session_id);
	return act_report(invocation, verb, &act->result, err);
}

static enum status
change(struct invocation *invocation, const char *verb,
    const struct order_change *order_change, struct err *err)
{
	/* Lent by the invocation, all but the client. */
	struct billing billing = {
		.config = invocation->config,
		.store = invocation->store,
	};
	struct order_act act;
	char actor[ACTOR_SIZE];
	enum status st;

	act_actor(actor);
	st = stripe_open(&billing.config, 1, &billing.stripe, err);
	if (st == ST_OK)
		st = order_act(&billing, order_change, actor,
		    arguments_flag(&invocation->arguments, "--commit"), &act,
		    err);
	stripe_close(billing.stripe);
	return st != ST_OK ? st : report(invocation, verb, &act, err);
}

static enum status
order_cancel(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	enum status st = act_check_text(invocation, "--reason",
	    REASON_CHARACTERS_MAX, err);

	if (st != ST_OK)
		return st;
	return change(invocation, "cancel", &(struct order_change){
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
	return change(invocation, "adjust", &(struct order_change){
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
	return change(invocation, "record", &(struct order_change){
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
	.needs = NEEDS_STRIPE,
	.parameters = cancel_parameters,
	.run = order_cancel,
};

const struct command command_order_adjust = {
	.name = "order adjust",
	.summary = "change what a pending order costs",
	.needs = NEEDS_STRIPE,
	.parameters = adjust_parameters,
	.run = order_adjust,
};

const struct command command_order_record_payment = {
	.name = "order record-payment",
	.summary = "record that a pending order was paid outside Stripe",
	.needs = NEEDS_STRIPE,
	.parameters = record_parameters,
	.run = order_record_payment,
};
