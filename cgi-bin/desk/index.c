/*
 * GET /desk/: Today, or the form that signs in.  The statement itself checks
 * the session: without one there are no data that could be shown.
 */
#include "desk/frame.h"
#include "desk/page.h"
#include "desk/run.h"
#include "desk/today.h"
#include "store/desk_today.h"

static enum status
show(struct visit *visit, struct json_node data, struct response *response,
    struct err *err)
{
	const struct frame frame = {
		.visit = visit,
		.title = "Today",
		.user = json_at(data, "user"),
	};
	struct buf html = BUF_INIT(FRAME_PAGE_MAX);
	enum status st;

	frame_begin(&html, &frame);
	today_put(&html, data);
	st = frame_end(&html, &frame, 200, response, err);
	buf_clear(&html);
	return st;
}

static enum status
read_today(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	const struct app *app = visit->app;

	(void)params;
	return store_desk_today(app->store, visit_session(visit),
	    config_text(&app->config, SETTING_CLUB_TIMEZONE),
	    config_text(&app->config, SETTING_CURRENCY), doc, err);
}

static const struct desk_page page = {
	.names = (const char *const[]){ NULL },
	.read = read_today,
	.show = show,
};

static enum status
get_today(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return desk_page_answer(&page, context, request, response, err);
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
