/*
 * GET /desk/family: a family, its children, and what it owes and paid.  POST to
 * what is below it: adding or changing it, or a child.
 */
#include <string.h>

#include "base/text.h"
#include "desk/family_acts.h"
#include "desk/family_page.h"
#include "desk/frame.h"
#include "desk/run.h"
#include "desk/sign_in.h"
#include "store/desk_family.h"

enum { TITLE_SIZE = 1024 };

static enum status
show(struct visit *visit, struct json_node data, struct response *response,
    struct err *err)
{
	char text[TITLE_SIZE];
	struct buf title = BUF_FIXED(text);
	const struct frame frame = {
		.visit = visit,
		.title = text,
		.user = json_at(data, "user"),
	};
	struct buf html = BUF_INIT(FRAME_PAGE_MAX);
	enum status st;

	json_put_chars(&title, json_at(data, "name"));
	text_disarm(text, title.len);
	frame_begin(&html, &frame);
	st = family_page_put(&html, visit, data, err);
	if (st == ST_OK)
		st = frame_end(&html, &frame, 200, response, err);
	buf_clear(&html);
	return st;
}

static enum status
read_family(struct visit *visit, struct json_doc *doc, struct err *err)
{
	static const char *const names[] = { "parent_id", NULL };
	const struct config *config = &visit->app->config;
	const char *query = visit->request->query;
	struct params params;
	enum status st = params_parse(&params, query, strlen(query), err);

	if (st == ST_OK)
		st = params_accept(&params, names, err);
	if (st == ST_OK)
		st = store_desk_family(visit->app->store, visit_session(visit),
		    params_text(&params, "parent_id"),
		    config_text(config, SETTING_CLUB_TIMEZONE),
		    config_text(config, SETTING_CURRENCY), doc, err);
	params_clear(&params);
	return st;
}

static enum status
get_family(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	struct json_doc doc = { .text = NULL };
	struct visit visit;
	enum status st = visit_begin(&visit, context, request, err);

	if (st != ST_OK)
		return st;
	st = read_family(&visit, &doc, err);
	if (st == ST_OK)
		st = show(&visit, json_root(&doc), response, err);
	else
		st = sign_in_failure(&visit, NULL, st, response, err);
	json_clear(&doc);
	return st;
}

static enum status
post_act(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return act_post(context, family_acts, request, response, err);
}

static const struct route routes[] = {
	{ "/desk/family", false, METHOD_GET, 0, get_family },
	{ "/desk/family/", true, METHOD_POST, BODY_MAX, post_act },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/family", routes);
}
