/*
 * GET /desk/log: who did what, and when: users of the desk, the operator, and
 * programs in their own names.
 */
#include "base/text.h"
#include "desk/list.h"
#include "desk/run.h"
#include "store/desk_log.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct list_field fields[] = {
	{ .name = "who", .label = "Who", .is_choice = true },
	{ .name = "what", .label = "What", .is_choice = true },
	{ .name = "day", .label = "Day", .is_day = true },
	{ .name = "order_id", .label = "Order" },
	{ .name = NULL },
};

static const struct desk_column columns[] = {
	{ "what", "What", DESK_CELL_HEAD },
	{ "about", "About", DESK_CELL_TEXT },
	{ "detail", "Detail", DESK_CELL_TEXT },
	{ "who", "Who", DESK_CELL_TEXT },
	{ "at", "When", DESK_CELL_WHOLE },
};

static const struct desk_column csv[] = {
	{ "time", "When", DESK_CELL_WHOLE },
	{ "who", "Who", DESK_CELL_TEXT },
	{ "what", "What", DESK_CELL_TEXT },
	{ "about", "About", DESK_CELL_TEXT },
	{ "detail", "Detail", DESK_CELL_TEXT },
	{ "order_id", "Order", DESK_CELL_TEXT },
	{ .member = NULL },
};

static enum status
read_log(const struct list_query *query, struct json_doc *doc,
    struct err *err)
{
	const struct app *app = query->visit->app;
	const struct desk_log_query wanted = {
		.session = visit_session(query->visit),
		.who = params_text_or_empty(query->params, "who"),
		.what = params_text_or_empty(query->params, "what"),
		.day = params_text_or_empty(query->params, "day"),
		.order_id = params_text_or_empty(query->params, "order_id"),
		.after = query->after,
		.zone = config_text(&app->config, SETTING_CLUB_TIMEZONE),
		.limit = query->limit,
	};

	if (wanted.day[0] != '\0' && !text_is_date(wanted.day))
		return err_set(err, ST_BAD_INPUT,
		    "the day is written as 2026-05-31");
	return store_desk_log(app->store, &wanted, doc, err);
}

static const struct list list = {
	.path = "/desk/log",
	.title = "Log",
	.fields = fields,
	.table = {
		.caption = "The newest first",
		.columns = columns,
		.count = COUNT(columns),
		.empty = "Nothing is in the log.",
		.link = "/desk/order?order_id=",
		.link_member = "order_id",
	},
	.csv = csv,
	.read = read_log,
};

static enum status
get_log(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return list_answer(&list, context, request, response, err);
}

static const struct route routes[] = {
	{ "/desk/log", false, METHOD_GET, 0, get_log },
	{ "/desk/log.csv", false, METHOD_GET, 0, get_log },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/log", routes);
}
