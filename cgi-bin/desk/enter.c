/*
 * GET /desk/enter: the page that a mailed link leads to.  It spends nothing, so
 * that a program which follows the links of a mail before its reader does
 * cannot use the link up.
 * POST /desk/enter: its one button, which signs in.
 */
#include <string.h>

#include "base/clock.h"
#include "base/entry_token.h"
#include "base/log.h"
#include "desk/frame.h"
#include "desk/run.h"
#include "store/desk_sign_in.h"

static const char enter_action[] = "/desk/enter";

static const char *const names[] = { "token", "form", NULL };

/* Why nobody was signed in, and what to do next. */
static const struct refusal {
	int http;
	const char *title;
	const char *text;
} refusals[] = {
	[DESK_ELSEWHERE] = { 403, "This is not the browser that asked",
	    "The link works only in the browser in which you asked for it: "
	    "open it there, or ask for another link here." },
	[DESK_SPENT] = { 410, "This link was used already",
	    "Each link signs in once. If you are not at the desk yet, ask for "
	    "another." },
	[DESK_OVER] = { 410, "This link has ended",
	    "A link works for ten minutes. Please ask for another." },
};

static const struct refusal not_ours = { 403, "This link is not complete",
	"A part of it is missing, or it was changed on its way. Open it from "
	"the mail, whole, or ask for another." };

static enum status
refuse(struct visit *visit, const struct refusal *refusal,
    struct response *response, struct err *err)
{
	return frame_answer(&(const struct frame){ .visit = visit,
	    .title = refusal->title },
	    &(const struct frame_words){
		.paragraphs = (const char *const[]){ refusal->text, NULL },
		.link = "/desk/",
		.link_text = "To the desk",
	    }, refusal->http, response, err);
}

/*
 * Reads the link's token.  A token that is not ours or is too old is answered
 * here, and *st is ST_DENIED or ST_EXPIRED then.  A token that is not ours is
 * counted, since many of them are somebody who guesses; that the count fails is
 * only logged, as the visitor is refused anyway.
 */
static enum status
read_token(struct visit *visit, const struct params *params,
    int64_t *entry_id, enum status *st, struct response *response,
    struct err *err)
{
	const struct app *app = visit->app;
	struct err unused;
	enum status counted = ST_OK;

	*st = entry_token_read(&app->config, params_text_or_empty(params,
	    "token"), clock_now_s(), entry_id, err);
	if (*st == ST_EXPIRED)
		return refuse(visit, &refusals[DESK_OVER], response, err);
	if (*st != ST_DENIED)
		return *st;
	counted = store_desk_count_token(app->store, &unused);
	log_event(LOG_WARN, "desk_token", LOG_TEXT("refused", "not ours"),
	    LOG_TEXT("counted", status_info(counted)->name), NULL);
	return refuse(visit, &not_ours, response, err);
}

static enum status
show_button(struct visit *visit, const struct params *params,
    struct response *response, struct err *err)
{
	const struct frame frame = { .visit = visit, .title = "Sign in" };
	struct buf html = BUF_INIT(FRAME_PAGE_MAX);
	enum status st;

	frame_begin(&html, &frame);
	buf_putf(&html, "<p>You are one step away.</p>\n"
	    "<form method=\"post\" action=\"%s\">\n", enter_action);
	visit_put_form(visit, enter_action, &html);
	buf_puts(&html, "<input type=\"hidden\" name=\"token\" value=\"");
	frame_put_text(&html, params_text(params, "token"));
	buf_puts(&html, "\">\n<button autofocus>Sign in</button>\n</form>\n");
	st = frame_end(&html, &frame, 200, response, err);
	buf_clear(&html);
	return st;
}

static enum status
get_page(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	struct params params = { .count = 0 };
	struct visit visit;
	int64_t entry_id;
	enum status read = ST_OK;
	enum status st;

	st = visit_begin(&visit, context, request, err);
	if (st == ST_OK)
		st = params_parse(&params, request->query,
		    strlen(request->query), err);
	if (st == ST_OK)
		st = read_token(&visit, &params, &entry_id, &read, response,
		    err);
	if (st == ST_OK && read == ST_OK)
		st = show_button(&visit, &params, response, err);
	params_clear(&params);
	return st;
}

/*
 * The session's key is made here and never taken from the browser: who planted
 * a cookie in it before would be signed in as well.  A session that the browser
 * already has ends.
 */
static enum status
enter(struct visit *visit, int64_t entry_id, struct response *response,
    struct err *err)
{
	char key[VISIT_KEY_SIZE];
	char hash[SHA256_HEX_LEN + 1];
	struct desk_entering entering = {
		.entry_id = entry_id,
		.browser = visit->browser_hash,
		.session = hash,
		.before = visit_session(visit),
	};
	enum desk_entry entry = DESK_OVER;
	enum status st;

	st = visit_make_key(key, hash, err);
	if (st == ST_OK)
		st = store_desk_enter(visit->app->store, &entering, &entry,
		    err);
	if (st != ST_OK)
		return st;
	log_event(LOG_INFO, "desk_enter", LOG_NUM("entry", entry_id),
	    LOG_TEXT("entered", entry == DESK_ENTERED ? "yes" : "no"), NULL);
	if (entry != DESK_ENTERED)
		return refuse(visit, &refusals[entry], response, err);
	st = visit_put_session(key, response, err);
	return st != ST_OK ? st : desk_redirect(visit, "/desk/", response,
	    err);
}

static enum status
take_post(struct visit *visit, const struct params *params,
    struct response *response, struct err *err)
{
	char form_id[FORM_ID_SIZE];
	int64_t entry_id;
	enum status read;
	enum status st = read_token(visit, params, &entry_id, &read, response,
	    err);

	if (st != ST_OK || read != ST_OK)
		return st;
	st = visit_check_form(visit, enter_action, params, form_id, err);
	/*
	 * The token of the form is made for the browser that loaded the page.
	 */
	if (st == ST_DENIED)
		return refuse(visit, &refusals[DESK_ELSEWHERE], response,
		    err);
	return st != ST_OK ? st : enter(visit, entry_id, response, err);
}

static enum status
post_button(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	struct params params = { .count = 0 };
	struct visit visit;
	enum status st;

	st = visit_begin(&visit, context, request, err);
	if (st == ST_OK)
		st = visit_read_post(&visit, &params, err);
	if (st == ST_OK)
		st = params_accept(&params, names, err);
	if (st == ST_OK)
		st = take_post(&visit, &params, response, err);
	params_clear(&params);
	return st;
}

static const struct route routes[] = {
	{ enter_action, false, METHOD_GET, 0, get_page },
	{ enter_action, false, METHOD_POST, BODY_MAX, post_button },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/enter", routes);
}
