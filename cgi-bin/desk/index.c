/*
 * GET /desk/: Today, or the form that signs in.  The statement itself checks
 * the session: without one there are no data that could be shown.
 */
#include <string.h>

#include "desk/frame.h"
#include "desk/run.h"
#include "desk/sign_in.h"
#include "desk/today.h"
#include "store/desk_today.h"

static enum status
show(struct visit *visit, const struct json_doc *data,
    struct response *response, struct err *err)
{
	const struct frame frame = {
		.visit = visit,
		.title = "Today",
		.user = json_at(json_root(data), "user"),
	};
	struct buf html = BUF_INIT(FRAME_PAGE_MAX);
	enum status st;

	frame_begin(&html, &frame);
	today_put(&html, json_root(data));
	st = frame_end(&html, &frame, 200, response, err);
	buf_clear(&html);
	return st;
}

static enum status
get_today(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	const struct app *app = context;
	struct json_doc data = { .text = NULL };
	struct visit visit;
	enum status st;

	st = visit_begin(&visit, app, request, err);
	if (st != ST_OK)
		return st;
	st = store_desk_today(app->store, visit_session(&visit),
	    config_text(&app->config, SETTING_CLUB_TIMEZONE),
	    config_text(&app->config, SETTING_CURRENCY), &data, err);
	if (st == ST_OK)
		st = show(&visit, &data, response, err);
	else
		st = sign_in_failure(&visit, NULL, st, response, err);
	json_clear(&data);
	return st;
}

static const struct route routes[] = {
	{ "/desk/", false, METHOD_GET, 0, get_today },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/index", routes);
}
