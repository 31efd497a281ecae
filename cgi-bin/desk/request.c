/*
 * GET /desk/request: how what was asked for stands.  While it is under way the
 * page looks again by itself, by /desk.js or without; then it says what came of
 * it, where to go on, and how to take it back.
 */
#include <string.h>

#include "base/text.h"
#include "desk/frame.h"
#include "desk/order_acts.h"
#include "desk/run.h"
#include "desk/sign_in.h"
#include "store/desk_requests.h"

enum { WORDS_SIZE = ACT_DETAIL_SIZE, PATH_SIZE = 64 };

/* What takes an act back, while that is possible. */
static const struct {
	const char *action;
	const char *undo;
} undos[] = {
	{ "record_payment", "unrecord_payment" },
	{ "cancel", "reopen" },
	{ "waive", "reopen" },
};

static const char *const titles[DESK_STATE_MAX] = {
	[DESK_QUEUED] = "Waiting",
	[DESK_WORKING] = "Working",
	[DESK_DONE] = "Done",
	[DESK_REFUSED] = "It was not done",
	[DESK_FAILED] = "It did not succeed",
};

static const char looks_again[] = "<noscript>"
    "<meta http-equiv=\"refresh\" content=\"2\"></noscript>\n";

/* Words may quote what a payer or another user typed. */
static enum status
read_words(struct json_node data, char words[WORDS_SIZE], struct err *err)
{
	enum status st = json_get_text(data, "words", words, WORDS_SIZE, err);

	text_disarm(words, strlen(words));
	return st;
}

static enum status
answer_json(struct json_node data, enum desk_state state,
    struct response *response, struct err *err)
{
	char words[WORDS_SIZE];
	struct json_out json;
	enum status st = read_words(data, words, err);

	if (st != ST_OK)
		return st;
	json = response_json_begin(response);
	json_out_text(&json, "state", desk_state_name(state));
	json_out_text(&json, "words", words);
	return response_json_end(response, 200, &json, err);
}

static void
put_undo(struct buf *html, struct visit *visit, struct json_node data)
{
	for (size_t i = 0; i < sizeof(undos) / sizeof(undos[0]); i++) {
		const struct act_kind *undo = order_act_find(undos[i].undo);

		if (!json_text_is(data, "action", undos[i].action) ||
		    !order_act_is_possible(data, undo))
			continue;
		buf_putf(html, "<section aria-labelledby=\"undo\">\n"
		    "<h2 id=\"undo\">Undo</h2>\n<p>%s</p>\n", undo->text);
		act_put_form(html, visit, undo, json_at(data, "undo"));
		buf_puts(html, "</section>\n");
	}
}

static void
put_way_on(struct buf *html, struct json_node data)
{
	if (!json_exists(json_at(data, "order_id"))) {
		buf_puts(html, "<p><a href=\"/desk/\">Back to Today</a></p>\n");
		return;
	}
	buf_puts(html, "<p><a href=\"/desk/order?order_id=");
	frame_put_member(html, data, "order_id");
	buf_puts(html, "\">Back to the order</a></p>\n");
}

static void
put_request(struct buf *html, struct json_node data, enum desk_state state,
    const char *path)
{
	char action[48];
	struct err unused;
	const struct act_kind *kind = NULL;

	if (json_get_text(data, "action", action, sizeof(action), &unused)
	    == ST_OK)
		kind = order_act_find(action);
	buf_puts(html, "<section");
	if (state < DESK_DONE)
		buf_putf(html, " data-request=\"%s\"", path);
	buf_puts(html, ">\n<p role=\"status\">");
	if (kind != NULL)
		buf_putf(html, "%s: ", kind->title);
	buf_puts(html, "<b>");
	frame_put_member(html, data, "words");
	buf_puts(html, "</b></p>\n<p class=\"note\">Asked for by ");
	frame_put_member(html, data, "asked_by");
	buf_puts(html, state < DESK_DONE ? ". This page looks again by itself; "
	    "you may leave it.</p>\n" : ".</p>\n");
	put_way_on(html, data);
	buf_puts(html, "</section>\n");
}

static enum status
show(struct visit *visit, struct json_node data, struct response *response,
    struct err *err)
{
	char path[PATH_SIZE];
	struct buf html = BUF_INIT(FRAME_PAGE_MAX);
	struct buf target = BUF_FIXED(path);
	struct frame frame = { .visit = visit, .user = json_at(data, "user") };
	enum desk_state state;
	bool is_writer = false;
	enum status st = desk_state_read(data, &state, err);

	if (st == ST_OK)
		st = json_get_bool(data, "user.is_writer", &is_writer, err);
	if (st != ST_OK)
		return st;
	if (!visit->request->wants_html)
		return answer_json(data, state, response, err);
	buf_puts(&target, "/desk/request?request_id=");
	buf_put_i64(&target, json_i64_or_0(data, "request_id"));
	frame.title = titles[state];
	frame.elements = state < DESK_DONE ? looks_again : NULL;
	frame_begin(&html, &frame);
	put_request(&html, data, state, path);
	if (state == DESK_DONE && is_writer)
		put_undo(&html, visit, data);
	st = frame_end(&html, &frame, 200, response, err);
	buf_clear(&html);
	return st;
}

static enum status
read_request(struct visit *visit, const struct request *request,
    struct json_doc *doc, struct err *err)
{
	static const char *const names[] = { "request_id", NULL };
	struct params params;
	int64_t request_id;
	enum status st = params_parse(&params, request->query,
	    strlen(request->query), err);

	if (st == ST_OK)
		st = params_accept(&params, names, err);
	if (st == ST_OK)
		st = params_i64(&params, "request_id", 1, INT64_MAX,
		    &request_id, err);
	if (st == ST_OK)
		st = store_desk_request(visit->app->store,
		    visit_session(visit), request_id, doc, err);
	params_clear(&params);
	return st;
}

static enum status
get_request(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	struct json_doc doc = { .text = NULL };
	struct visit visit;
	enum status st = visit_begin(&visit, context, request, err);

	if (st != ST_OK)
		return st;
	st = read_request(&visit, request, &doc, err);
	if (st == ST_OK)
		st = show(&visit, json_root(&doc), response, err);
	else
		st = sign_in_failure(&visit, NULL, st, response, err);
	json_clear(&doc);
	return st;
}

static const struct route routes[] = {
	{ "/desk/request", false, METHOD_GET, 0, get_request },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/request", routes);
}
