/*
 * GET /desk/family: a family, its children, and what it owes and paid.  GET and
 * POST below it: adding or changing it, or a child.
 */
#include "desk/family_acts.h"
#include "desk/family_page.h"
#include "desk/page.h"
#include "desk/run.h"
#include "store/desk_family.h"

static void
put_title(struct buf *title, struct json_node data)
{
	json_put_chars(title, json_at(data, "name"));
}

static enum status
read_family(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	const struct config *config = &visit->app->config;
	int64_t family_id;
	enum status st = visit_read_id(params, "parent_id", "family",
	    &family_id, err);

	return st != ST_OK ? st : store_desk_family(visit->app->store,
	    visit_session(visit), params_text(params, "parent_id"),
	    config_text(config, SETTING_CLUB_TIMEZONE),
	    config_text(config, SETTING_CURRENCY), doc, err);
}

static const struct desk_page page = {
	.names = (const char *const[]){ "parent_id", NULL },
	.read = read_family,
	.put_title = put_title,
	.put = family_page_put,
};

static enum status
get_family(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return desk_page_answer(&page, context, request, response, err);
}

static enum status
get_act(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return act_get(context, family_acts, request, response, err);
}

static enum status
post_act(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return act_post(context, family_acts, request, response, err);
}

static const struct route routes[] = {
	{ "/desk/family", false, METHOD_GET, 0, get_family },
	{ "/desk/family/", true, METHOD_GET, 0, get_act },
	{ "/desk/family/", true, METHOD_POST, BODY_MAX, post_act },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/family", routes);
}
