/*
 * GET /desk/tournament: who is in it, who has paid, and the ways to remind the
 * others; GET /desk/tournament/gate: the same as a list to print for the gate.
 */
#include "desk/gate.h"
#include "desk/page.h"
#include "desk/run.h"
#include "desk/tournament.h"
#include "store/desk_tournament.h"

static enum status
get_roster(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return list_answer(&tournament_list, context, request, response, err);
}

static enum status
read_gate(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	int64_t tournament_id;
	enum status st = visit_read_id(params, "tournament_id", "tournament",
	    &tournament_id, err);

	return st != ST_OK ? st : store_desk_gate(visit->app->store,
	    visit_session(visit), tournament_id, GATE_NAMES, doc, err);
}

static void
put_title(struct buf *title, struct json_node data)
{
	json_put_chars(title, json_at(data, "title"));
}

static enum status
put(struct buf *html, struct visit *visit, struct json_node data,
    struct err *err)
{
	(void)visit;
	(void)err;
	gate_put(html, data);
	return ST_OK;
}

static const struct desk_page gate = {
	.names = (const char *const[]){ "tournament_id", NULL },
	.read = read_gate,
	.put_title = put_title,
	.put = put,
};

static enum status
get_gate(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return desk_page_answer(&gate, context, request, response, err);
}

static const struct route routes[] = {
	{ "/desk/tournament", false, METHOD_GET, 0, get_roster },
	{ "/desk/tournament.csv", false, METHOD_GET, 0, get_roster },
	{ "/desk/tournament/gate", false, METHOD_GET, 0, get_gate },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/tournament", routes);
}
