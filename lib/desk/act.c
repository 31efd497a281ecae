/*
 * The database decides: without a commit it says what would come of the act, in
 * the same words as with one.  So a page can promise nothing that does not
 * happen, and needs to know nothing of what an order allows.
 */
#include "desk/act.h"

#include <inttypes.h>
#include <string.h>

#include "desk/act_fault.h"
#include "desk/frame.h"
#include "desk/money.h"
#include "desk/run.h"
#include "desk/sign_in.h"
#include "store/desk_requests.h"

/* The largest arguments are those of a mail to each family of a big club. */
enum { ARGS_MAX = 32 * 1024 * 1024, NAMES_MAX = ACT_FIELDS_MAX + 5,
    PATH_SIZE = 128, TITLE_SIZE = 64 };

struct act {
	struct visit visit;
	const struct act_kind *kind;
	bool is_undo;		/* it takes back what was done a moment ago */
	struct params params;
	struct act_form form;
	struct json_doc doc;	/* what it is about */
	char seen[ACT_SEEN_SIZE];	/* of that, now; "": it has none */
};

/*
 * The words are those that stand on the next page once it is done.  Whoever
 * reads no further must not take it for done: the title and the first words say
 * that it is not, and the button is in sight on a phone.
 */
static void
put_promise(struct buf *html, struct act *act,
    const struct desk_request *outcome)
{
	const struct act_kind *kind = act->kind;

	buf_putf(html, "<p class=\"outcome\"><strong>Nothing is %s yet."
	    "</strong> This will happen:<br><b>", act->is_undo ? "undone"
	    : "done");
	desk_put_words(html, outcome->words);
	buf_puts(html, "</b></p>\n");
	act_begin_form(html, &act->visit, kind, act->seen);
	act_form_put_hidden(html, &act->form);
	if (act->is_undo)
		buf_puts(html, act_undo_field);
	buf_putf(html, "<input type=\"hidden\" name=\"confirm\" value=\"yes\">"
	    "\n<button>%s</button>\n</form>\n", act->is_undo ? "Undo it"
	    : kind->button);
	if (outcome->state == DESK_QUEUED)
		buf_puts(html, "<p>It takes a moment, as Stripe is asked "
		    "first; the next page says what came of it.</p>\n");
}

/* The fields once more: what is wrong can be mended, what is right changed. */
static void
put_again(struct buf *html, struct act *act, bool is_open)
{
	if (!act_form_has_visible(&act->form) || (act->is_undo && !is_open))
		return;
	if (!is_open)
		buf_putf(html, "<details class=\"again\"><summary>%s"
		    "</summary>\n", act_form_asks_only_why(&act->form)
		    ? "Change the reason" : "Correct it");
	act_put_fields(html, &act->visit, act->kind, &act->form, act_next);
	if (!is_open)
		buf_puts(html, "</details>\n");
}

/* What the act is about, and what it does. */
static void
put_about(struct buf *html, const struct act *act)
{
	buf_putf(html, "<p>%s</p>\n", act->kind->text);
	if (act->kind->subject->put != NULL)
		act->kind->subject->put(html, json_root(&act->doc));
}

/* outcome is NULL where a field is wrong, so that the database was not asked.
 */
static void
put_parts(struct buf *html, struct act *act,
    const struct desk_request *outcome)
{
	bool is_good = false;

	if (outcome != NULL && outcome->state != DESK_REFUSED) {
		is_good = true;
		put_promise(html, act, outcome);
	} else if (outcome != NULL) {
		buf_puts(html, "<p class=\"fault\" role=\"alert\">It cannot be "
		    "done: ");
		desk_put_words(html, outcome->words);
		buf_puts(html, ".</p>\n");
	}
	put_about(html, act);
	if (is_good && act_form_has_visible(&act->form))
		act_form_put_typed(html, &act->form, config_text(
		    &act->visit.app->config, SETTING_CURRENCY));
	put_again(html, act, !is_good);
}

static enum status
show(struct act *act, const struct desk_request *outcome,
    struct response *response, struct err *err)
{
	struct json_node data = json_root(&act->doc);
	bool is_good = outcome != NULL && outcome->state != DESK_REFUSED;
	char title[TITLE_SIZE];
	struct buf text = BUF_FIXED(title);
	const struct frame frame = {
		.visit = &act->visit,
		.title = title,
		.user = json_at(data, "user"),
		.is_answer = outcome != NULL,	/* else a field has it */
	};
	struct buf html = BUF_INIT(FRAME_PAGE_MAX);
	enum status st;

	buf_putf(&text, "%s%s", act->is_undo ? "Undo it" : act->kind->title,
	    is_good ? "?" : "");
	frame_begin(&html, &frame);
	buf_puts(&html, "<section class=\"act\">\n");
	put_parts(&html, act, outcome);
	act_put_back(&html, act->kind, data);
	buf_puts(&html, "</section>\n");
	st = frame_end(&html, &frame, is_good ? 200
	    : outcome == NULL ? 400 : 409, response, err);
	buf_clear(&html);
	return st;
}

/* What the form asks for, and what comes of it. */
static enum status
ask(struct act *act, const char *form_id, struct desk_request *outcome,
    struct err *err)
{
	const struct config *config = &act->visit.app->config;
	const char *seen = params_text_or_empty(&act->params, "seen");
	struct buf args = BUF_INIT(ARGS_MAX);
	struct json_out json = JSON_OUT(&args);
	struct desk_act asked = {
		.session = visit_session(&act->visit),
		.form_id = form_id,
		.action = act->kind->action,
		.reason = params_text_or_empty(&act->params, "reason"),
		.seen = seen[0] != '\0' ? seen
		    : act->seen[0] != '\0' ? act->seen : NULL,
		.zone = config_text(config, SETTING_CLUB_TIMEZONE),
		.currency = config_text(config, SETTING_CURRENCY),
	};
	enum status st = ST_OK;

	json_out_object(&json, NULL);
	json_out_text(&json, "currency", asked.currency);
	act_form_put_args(&act->form, &json);
	json_out_members(&json, json_at(act->form.data, "args"));
	json_out_end(&json);
	st = json_out_check(&json, "a request", err);
	asked.args = buf_str(&args);
	if (st == ST_OK && params_text(&act->params, "order_id") != NULL)
		st = params_i64(&act->params, "order_id", 1, INT64_MAX,
		    &asked.order_id, err);
	if (st == ST_OK)
		st = store_desk_act(act->visit.app->store, &asked,
		    form_id != NULL, outcome, err);
	buf_clear(&args);
	return st;
}

/* A form of a session that has ended meanwhile is shown once more first. */
static enum status
answer(struct act *act, struct response *response, struct err *err)
{
	struct desk_request outcome;
	char form_id[FORM_ID_SIZE];
	char path[PATH_SIZE];
	struct buf target = BUF_FIXED(path);
	enum status st = ST_DENIED;

	if (!act_form_check(&act->form))
		return show(act, NULL, response, err);
	if (params_text(&act->params, "confirm") != NULL)
		st = visit_check_form(&act->visit, act->kind->path,
		    &act->params, form_id, err);
	if (st != ST_OK && st != ST_DENIED)
		return st;
	bool is_done = st == ST_OK;
	st = ask(act, is_done ? form_id : NULL, &outcome, err);
	if (st != ST_OK)
		return st;
	if (!is_done)
		return show(act, &outcome, response, err);
	buf_putf(&target, "/desk/request?request_id=%" PRId64,
	    outcome.request_id);
	return desk_redirect(&act->visit, path, response, err);
}

static enum status
check_names(const struct act *act, struct err *err)
{
	const char *names[NAMES_MAX] = { "form", "confirm", "seen", "undo" };
	size_t count = 4;

	for (size_t i = 0; i < act->kind->count; i++)
		names[count++] = act->kind->fields[i].name;
	return params_accept(&act->params, names, err);
}

/*
 * A viewer is told so before a field is found wrong; the database would refuse
 * the rest.
 */
static enum status
read_subject(struct act *act, struct err *err)
{
	bool is_writer = false;
	enum status st = act->kind->subject->read(&act->visit, &act->params,
	    &act->doc, err);

	if (st != ST_OK)
		return st;
	act->form.data = json_root(&act->doc);
	act_read_seen(act->form.data, act->seen);
	st = json_get_bool(act->form.data, "user.is_writer", &is_writer, err);
	if (st == ST_OK && !is_writer)
		st = err_set(err, ST_DENIED, "a viewer changes nothing");
	return st;
}

enum status
act_is_allowed(struct visit *visit, const struct act_kind *kind,
    struct json_node args, bool *is, struct err *err)
{
	const struct config *config = &visit->app->config;
	struct buf text = BUF_INIT(ARGS_MAX);
	struct desk_request outcome = { .state = DESK_REFUSED };
	enum status st;

	json_put_chars(&text, args);
	st = buf_check(&text, "a request", err);
	if (st == ST_OK)
		st = store_desk_act(visit->app->store, &(struct desk_act){
		    .session = visit_session(visit), .action = kind->action,
		    .order_id = json_i64_or_0(args, "order_id"),
		    .args = buf_str(&text), .reason = "",
		    .zone = config_text(config, SETTING_CLUB_TIMEZONE),
		    .currency = config_text(config, SETTING_CURRENCY) },
		    false, &outcome, err);
	*is = st == ST_OK && outcome.state != DESK_REFUSED;
	buf_clear(&text);
	return st;
}

static const struct act_kind *
find_kind(const struct act_kind *kinds, const char *path)
{
	while (kinds->path != NULL && strcmp(kinds->path, path) != 0)
		kinds++;
	return kinds->path != NULL ? kinds : NULL;
}

static enum status
run(struct act *act, const struct app *app, const struct request *request,
    struct response *response, struct err *err)
{
	struct sign_in_kept kept = { act->kind->path, &act->params, "" };
	enum status st = visit_begin(&act->visit, app, request, err);

	if (st == ST_OK)
		st = visit_read_post(&act->visit, &act->params, err);
	if (st == ST_OK)
		st = check_names(act, err);
	if (st != ST_OK)
		return st;
	params_trim(&act->params);
	act->is_undo = params_text(&act->params, "undo") != NULL;
	st = read_subject(act, err);
	if (st == ST_OK)
		st = answer(act, response, err);
	return st == ST_OK ? st : sign_in_failure(&act->visit, &kept, st,
	    response, err);
}

static enum status
show_form(struct act *act, struct response *response, struct err *err)
{
	struct json_node data = json_root(&act->doc);
	const struct act_kind *kind = act->kind;
	const struct act_form form = { .fields = kind->fields,
	    .count = kind->count, .data = data, .has_focus = true };
	const struct frame frame = {
		.visit = &act->visit,
		.title = kind->title,
		.user = json_at(data, "user"),
	};
	struct buf html = BUF_INIT(FRAME_PAGE_MAX);
	enum status st;

	frame_begin(&html, &frame);
	buf_puts(&html, "<section class=\"act\">\n");
	put_about(&html, act);
	act_put_fields(&html, &act->visit, kind, &form, act_next);
	act_put_back(&html, kind, data);
	buf_puts(&html, "</section>\n");
	st = frame_end(&html, &frame, 200, response, err);
	buf_clear(&html);
	return st;
}

enum status
act_get(void *context, const struct act_kind *kinds,
    const struct request *request, struct response *response,
    struct err *err)
{
	struct act act = { .kind = find_kind(kinds, request->path) };
	enum status st;

	if (act.kind == NULL)
		return err_set(err, ST_NOT_FOUND, "there is no such page");
	st = visit_begin(&act.visit, context, request, err);
	if (st == ST_OK)
		st = params_parse(&act.params, request->query,
		    strlen(request->query), err);
	if (st == ST_OK)
		st = check_names(&act, err);
	if (st == ST_OK) {
		st = read_subject(&act, err);
		st = st == ST_OK ? show_form(&act, response, err)
		    : sign_in_failure(&act.visit, NULL, st, response, err);
	}
	json_clear(&act.doc);
	params_clear(&act.params);
	return st;
}

enum status
act_post(void *context, const struct act_kind *kinds,
    const struct request *request, struct response *response,
    struct err *err)
{
	const struct act_kind *kind = find_kind(kinds, request->path);
	struct act act = { .kind = kind };
	enum status st;

	if (kind == NULL)
		return err_set(err, ST_NOT_FOUND, "there is no such page");
	act.form.fields = kind->fields;
	act.form.count = kind->count;
	act.form.params = &act.params;
	st = run(&act, context, request, response, err);
	json_clear(&act.doc);
	params_clear(&act.params);
	return st;
}
