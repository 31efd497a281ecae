/*
 * GET /desk/tournaments: the tournaments, and the form that adds one.
 * GET and POST below /desk/tournament/: what may be done to one.
 */
#include "desk/list.h"
#include "desk/run.h"
#include "desk/tournament_acts.h"
#include "store/desk_tournaments.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct list_field fields[] = {
	{ .name = "when", .label = "When", .is_choice = true },
	{ .name = NULL },
};

static const struct desk_column columns[] = {
	{ "name", "Tournament", DESK_CELL_HEAD },
	{ "day", "Day", DESK_CELL_WHOLE },
	{ "product", "Product", DESK_CELL_TEXT },
	{ "inside", "Entered", DESK_CELL_WHOLE },
	{ "owed_cents", "Owed", DESK_CELL_MONEY },
	{ "paid_cents", "Paid", DESK_CELL_MONEY },
};

static const struct desk_column csv[] = {
	{ "key", "Number", DESK_CELL_TEXT },
	{ "name", "Tournament", DESK_CELL_HEAD },
	{ "held_on", "Day", DESK_CELL_TEXT },
	{ "product", "Product", DESK_CELL_TEXT },
	{ "entered", "Entered", DESK_CELL_TEXT },
	{ "owed_cents", "Owed", DESK_CELL_MONEY },
	{ "paid_cents", "Paid", DESK_CELL_MONEY },
	{ "currency", "Currency", DESK_CELL_TEXT },
	{ .member = NULL },
};

static enum status
read_tournaments(const struct list_query *query, struct json_doc *doc,
    struct err *err)
{
	const struct app *app = query->visit->app;
	const struct desk_tournaments_query wanted = {
		.session = visit_session(query->visit),
		.when = params_text_or_empty(query->params, "when"),
		.zone = config_text(&app->config, SETTING_CLUB_TIMEZONE),
		.currency = config_text(&app->config, SETTING_CURRENCY),
		.after = query->after,
		.limit = query->limit,
	};

	return store_desk_tournaments(app->store, &wanted, doc, err);
}

static const struct list list = {
	.path = "/desk/tournaments",
	.title = "Tournaments",
	.fields = fields,
	.table = {
		.caption = "By day, the last first",
		.columns = columns,
		.count = COUNT(columns),
		.empty = "There is no tournament.",
		.link = "/desk/tournament?",
		.link_member = "address",
	},
	.csv = csv,
	.read = read_tournaments,
	.add = &tournament_acts[0],
};

static enum status
get_list(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return list_answer(&list, context, request, response, err);
}

static enum status
get_act(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return act_get(context, tournament_acts, request, response, err);
}

static enum status
post_act(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return act_post(context, tournament_acts, request, response, err);
}

static const struct route routes[] = {
	{ "/desk/tournaments", false, METHOD_GET, 0, get_list },
	{ "/desk/tournaments.csv", false, METHOD_GET, 0, get_list },
	{ "/desk/tournament/", true, METHOD_GET, 0, get_act },
	{ "/desk/tournament/", true, METHOD_POST, BODY_MAX, post_act },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/tournaments", routes);
}
