/*
 * teamdues orders: the rows of order_overview.  The list is not cut off, as it
 * is for a spreadsheet too; the filters narrow it in the database.
 */
#include "kit/invocation.h"
#include "kit/output.h"
#include "store/views.h"

static const char *const columns[] = {
	"order_id", "player_id", "player_name", "parent_email", "product_id",
	"product_name", "tournament_id", "amount_cents", "currency", "status",
	"session_id", "payment_intent_id", "paid_at", "refunded_cents",
	"created_at", "paid_cents", "left_cents", NULL
};

static const struct parameter parameters[] = {
	{ "--status", PARAMETER_ORDER_STATUS, false, NULL,
	    "only those that stand so" },
	{ "--tournament-id", PARAMETER_ID, false, "N",
	    "only those of one tournament" },
	{ "--q", PARAMETER_TEXT, false, "TEXT",
	    "only of who has this in the name or the address" },
	PARAMETER_JSON,
	PARAMETER_CSV,
	PARAMETER_END
};

/*
 * Every filter that is not given is NULL or 0, which the query takes as "all".
 */
static enum status
orders(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	const struct order_filter filter = {
		.status = arguments_text(arguments, "--status"),
		.tournament_id = arguments_id(arguments, "--tournament-id"),
		.q = arguments_text(arguments, "--q"),
	};
	struct output output;
	enum status st;

	output_init(&output, arguments, columns);
	st = store_orders(invocation->app.store, &filter, output_row, &output,
	    err);
	return output_end(&output, st, err);
}

const struct command commands_orders[] = {
	{
		.name = "orders",
		.summary = "list the orders and how they stand",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = parameters,
		.run = orders,
	},
	COMMANDS_END
};
