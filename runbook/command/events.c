/* teamdues events list|show: the ledger of what Stripe sent. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "output.h"
#include "store/overview.h"

static const char *const columns[] = {
	"event_id", "type", "outcome", "reason", "order_id",
	"stripe_created", "received_at", NULL
};

static const struct parameter list_parameters[] = {
	PARAMETER_JSON, PARAMETER_CSV, PARAMETER_END
};

static const struct parameter show_parameters[] = {
	{ "ID", PARAMETER_TEXT, true, NULL, "Stripe's id of it: evt_..." },
	PARAMETER_JSON,
	PARAMETER_END
};

static enum status
events_list(struct invocation *invocation, struct err *err)
{
	struct output output;
	enum status st;

	output_init(&output, &invocation->arguments, columns);
	st = store_events(invocation->store, NULL, output_row, &output, err);
	return output_end(&output, st, err);
}

/* A line each, and under them the payload: the bytes that Stripe signed. */
static enum status
print_detail(void *context, struct json_object *row, struct err *err)
{
	(void)context;
	(void)err;
	json_object_object_foreach(row, name, value) {
		const char *text = value != NULL
		    ? json_object_get_string(value) : "";

		if (strcmp(name, "payload") == 0)
			printf("\n%s\n", value != NULL ? text
			    : "(the payload was pruned)");
		else
			printf("%-15s %s\n", name, text);
	}
	return ST_OK;
}

static enum status
events_show(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	const char *id = arguments_text(arguments, "ID");
	struct output output;
	enum status st;

	output_init(&output, arguments, columns);
	st = store_event_detail(invocation->store, id,
	    output.format == OUTPUT_JSON ? output_row : print_detail,
	    &output, err);
	if (output.format == OUTPUT_JSON)
		st = output_end(&output, st, err);
	return st;
}

const struct command command_events_list = {
	.name = "events list",
	.summary = "list what Stripe sent, and what became of it",
	.needs = NEEDS(SETTING_DATABASE_URL),
	.is_default = true,
	.parameters = list_parameters,
	.run = events_list,
};

const struct command command_events_show = {
	.name = "events show",
	.summary = "show one event with its payload",
	.needs = NEEDS(SETTING_DATABASE_URL),
	.parameters = show_parameters,
	.run = events_show,
};
