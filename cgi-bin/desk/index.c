/*
 * GET /desk/: Today, or the form that signs in.  The statement itself checks
 * the session: without one there are no data that could be shown.
 */
#include "desk/page.h"
#include "desk/run.h"
#include "desk/today.h"
#include "store/desk_today.h"

static void
put_title(struct buf *title, struct json_node data)
{
	(void)data;
	buf_puts(title, "Today");
}

static enum status
put(struct buf *html, struct visit *visit, struct json_node data,
    struct err *err)
{
	(void)err;
	today_put(html, visit, data);
	return ST_OK;
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
	.put_title = put_title,
	.put = put,
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
