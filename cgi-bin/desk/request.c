/*
 * GET /desk/request: how what was asked for stands.  While it is under way the
 * page looks again by itself, by /desk.js or without; then it says what came of
 * it, where to go on, and how to take it back.  POST /desk/request/put-away,
 * /bring-back: whether Today shows one that failed.
 */
#include <string.h>

#include "base/text.h"
#include "desk/acts.h"
#include "desk/frame.h"
#include "desk/money.h"
#include "desk/page.h"
#include "desk/request_acts.h"
#include "desk/request_next.h"
#include "desk/run.h"
#include "store/desk_requests.h"

enum { WORDS_SIZE = ACT_DETAIL_SIZE, PATH_SIZE = 64 };

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

/* Whether Today shows what failed is for the treasurer to say. */
static void
put_away(struct buf *html, struct visit *visit, struct json_node data)
{
	const struct act_kind *kind = &request_acts[json_exists(json_at(data,
	    "undo.put_away")) ? REQUEST_BRING_BACK : REQUEST_PUT_AWAY];

	if (frame_is_writer(data))
		act_put_button(html, visit, kind, data, kind->title);
}

/*
 * About what it was, and who asked; before it is done also what was asked for,
 * which would read as still to be done after that.  kind may be NULL.
 */
static void
put_note(struct buf *html, struct json_node data,
    const struct act_kind *kind, enum desk_state state)
{
	buf_puts(html, "<p class=\"note\">");
	if (kind != NULL && state != DESK_DONE)
		buf_putf(html, "%s. ", kind->title);
	if (json_exists(json_at(data, "about"))) {
		frame_put_member(html, data, "about");
		buf_puts(html, ". ");
	}
	buf_puts(html, state >= DESK_DONE ? "By " : "Asked for by ");
	frame_put_member(html, data, "asked_by");
	buf_puts(html, state >= DESK_DONE ? ".</p>\n" : ". This page looks "
	    "again by itself; you may leave it.</p>\n");
}

static void
put_outcome(struct buf *html, struct json_node data, enum desk_state state)
{
	buf_puts(html, state > DESK_DONE
	    ? ">\n<p class=\"outcome due\" role=\"status\"><b>"
	    : ">\n<p class=\"outcome\" role=\"status\"><b>");
	desk_put_words_of(html, data, "words");
	/* Why a refund failed ends in what to do. */
	buf_puts(html, state == DESK_FAILED &&
	    !json_text_is(data, "action", "refund")
	    ? "</b></p>\n<p>See what the books say now, then ask again. If it "
	    "fails again, show this page to whoever looks after the server."
	    "</p>\n"
	    : "</b></p>\n");
}

/* The page of what an act has made. */
static void
put_made(struct buf *html, const struct act_kind *kind, struct json_node made)
{
	if (kind->made == NULL || !json_exists(made))
		return;
	buf_putf(html, "<p><a class=\"button\" href=\"%s", kind->made);
	frame_put_member(html, made, "key");
	buf_puts(html, "\">Open ");
	frame_put_member(html, made, "name");
	buf_puts(html, "</a></p>\n");
}

/* A page on which it may have begun. */
static void
put_way(struct buf *html, struct json_node ways, const char *page,
    const char *key, const char *name)
{
	if (!json_exists(json_at(ways, key)))
		return;
	buf_putf(html, "<p><a href=\"%s", page);
	frame_put_member(html, ways, key);
	buf_puts(html, "\">Back to ");
	frame_put_member(html, ways, name);
	buf_puts(html, "</a></p>\n");
}

static void
put_request(struct buf *html, struct json_node data, enum desk_state state,
    const char *path)
{
	const struct act_kind *kind = acts_of_request(data);

	buf_puts(html, "<section class=\"act\"");
	if (state < DESK_DONE)
		buf_putf(html, " data-request=\"%s\"", path);
	put_outcome(html, data, state);
	put_note(html, data, kind, state);
	if (json_exists(json_at(data, "progress"))) {
		buf_puts(html, "<p>So far: ");
		frame_put_member(html, data, "progress.progress");
		buf_puts(html, ".</p>\n");
	}
	if (kind != NULL) {
		put_made(html, kind, json_at(data, "undo.made"));
		act_put_back(html, kind, json_at(data, "undo"));
	}
	put_way(html, json_at(data, "ways"), "/desk/family?parent_id=",
	    "parent_id", "family");
	put_way(html, json_at(data, "ways"),
	    "/desk/tournament?tournament_id=", "tournament_id", "tournament");
}

static enum status
show(struct visit *visit, struct json_node data, struct response *response,
    struct err *err)
{
	char path[PATH_SIZE];
	struct buf html = BUF_INIT(FRAME_PAGE_MAX);
	struct buf target = BUF_FIXED(path);
	struct frame frame = { .visit = visit, .user = json_at(data, "user"),
	    .is_answer = true };
	enum desk_state state;
	enum status st = desk_state_read(data, &state, err);

	if (st != ST_OK)
		return st;
	if (!visit->request->wants_html)
		return answer_json(data, state, response, err);
	buf_puts(&target, "/desk/request?request_id=");
	buf_put_i64(&target, json_i64_or_0(data, "request_id"));
	frame.title = json_i64_or_0(data, "progress.waiting") > 0
	    ? "On their way" : titles[state];
	frame.elements = state < DESK_DONE ? looks_again : NULL;
	frame_begin(&html, &frame);
	put_request(&html, data, state, path);
	if (state == DESK_DONE)
		st = request_put_next(&html, visit, data, err);
	if (state == DESK_FAILED)
		put_away(&html, visit, data);
	buf_puts(&html, "</section>\n");
	if (st == ST_OK)
		st = frame_end(&html, &frame, 200, response, err);
	buf_clear(&html);
	return st;
}

static enum status
read_request(struct visit *visit, const struct params *params,
    struct json_doc *doc, struct err *err)
{
	int64_t request_id;
	enum status st = visit_read_id(params, "request_id", "request",
	    &request_id, err);

	return st != ST_OK ? st : store_desk_request(visit->app->store,
	    visit_session(visit), request_id, doc, err);
}

static const struct desk_page page = {
	.names = (const char *const[]){ "request_id", NULL },
	.read = read_request,
	.show = show,
};

static enum status
get_request(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return desk_page_answer(&page, context, request, response, err);
}

static enum status
post_act(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	return act_post(context, request_acts, request, response, err);
}

static const struct route routes[] = {
	{ "/desk/request", false, METHOD_GET, 0, get_request },
	{ "/desk/request/put-away", false, METHOD_POST, BODY_MAX, post_act },
	{ "/desk/request/bring-back", false, METHOD_POST, BODY_MAX, post_act },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/request", routes);
}
