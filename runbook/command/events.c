/*
 * teamdues events list|show: the ledger of what Stripe sent.  The payload is
 * shown as it was signed, byte by byte, since it is evidence.
 */
#include <stdio.h>
#include <string.h>

#include "kit/invocation.h"
#include "kit/output.h"
#include "store/views.h"

/* A line holds a whole payload, which is far below 16 MB. */
enum { LINE_MAX_LEN = 16 * 1024 * 1024, NAME_WIDTH = 16 };

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
	st = store_events(invocation->app.store, output_row, &output, err);
	return output_end(&output, st, err);
}

/*
 * Prints a line.  The payload comes last, under an empty line: it has lines of
 * its own, and Stripe signed these very bytes.
 */
static enum status
print_member(struct json_node value, struct err *err)
{
	struct buf line = BUF_INIT(LINE_MAX_LEN);
	enum status st;

	if (json_is_named(value, "payload")) {
		buf_putc(&line, '\n');
	} else {
		json_put_name(&line, value);
		do
			buf_putc(&line, ' ');
		while (line.len < NAME_WIDTH && !line.failed);
	}
	if (!json_is(value, JSON_NULL))
		json_put_chars(&line, value);
	/* The ledger keeps an event after its payload was pruned. */
	else if (json_is_named(value, "payload"))
		buf_puts(&line, "(the payload was pruned)");
	st = buf_check(&line, "the event", err);
	if (st == ST_OK)
		printf("%s\n", buf_str(&line));
	buf_clear(&line);
	return st;
}

static enum status
print_detail(void *context, struct json_node row, struct err *err)
{
	enum status st = ST_OK;

	(void)context;
	for (struct json_node value = json_first(row);
	    st == ST_OK && json_exists(value); value = json_next(row, value))
		st = print_member(value, err);
	return st;
}

static enum status
events_show(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	const char *id = arguments_text(arguments, "ID");
	struct output output;
	enum status st;

	output_init(&output, arguments, columns);
	st = store_event_detail(invocation->app.store, id,
	    output.format == OUTPUT_JSON ? output_row : print_detail,
	    &output, err);
	if (output.format == OUTPUT_JSON)
		st = output_end(&output, st, err);
	return st;
}

const struct command commands_events[] = {
	{
		.name = "events list",
		.summary = "list what Stripe sent, and what became of it",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.is_default = true,
		.parameters = list_parameters,
		.run = events_list,
	},
	{
		.name = "events show",
		.summary = "show one event with its payload",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = show_parameters,
		.run = events_show,
	},
	COMMANDS_END
};
