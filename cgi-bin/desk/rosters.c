/*
 * GET /desk/rosters: the form for the club's list of players.
 * POST /desk/rosters: what the uploaded file would change, line by line; with
 * confirm=yes, exactly that.
 */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "desk/frame.h"
#include "desk/roster_file.h"
#include "desk/roster_page.h"
#include "desk/run.h"
#include "desk/sign_in.h"
#include "store/desk_requests.h"
#include "store/desk_rosters.h"

enum {
	/* UTF-16 that becomes half as long, and the rest of the form. */
	UPLOAD_MAX = 2 * ROSTER_FILE_MAX + BODY_MAX,
	ARGS_MAX = 8 * ROSTER_FILE_MAX,
	KEPT_MAX = BODY_MAX / 4,	/* fits a form when it is escaped */
	FILE_NAME_SIZE = 256,
	PATH_SIZE = 64,
};

struct roster {
	struct visit visit;
	struct params params;
	struct upload upload;
	char file_name[FILE_NAME_SIZE];	/* "": unfit to be shown */
	struct roster_file file;
};

static const char *const names[] = { "form", "roster", "file_name", "seen",
    "confirm", NULL };

/* A client may call a file anything. */
static void
read_file_name(struct roster *roster)
{
	const char *name = roster->upload.field != NULL
	    ? roster->upload.file_name
	    : params_text_or_empty(&roster->params, "file_name");
	size_t len = strlen(name);

	if (len >= sizeof(roster->file_name) || !utf8_is_valid(name, len))
		return;
	memcpy(roster->file_name, name, len + 1);
	text_disarm(roster->file_name, len);
}

/* data is the page's; refused: why nothing was imported just now, or NULL. */
static enum status
show(struct roster *roster, struct json_node data, const char *refused,
    struct response *response, struct err *err)
{
	struct roster_file *file = &roster->file;
	bool is_good = file->fault.st == ST_OK && refused == NULL;
	const struct frame frame = { .visit = &roster->visit,
	    .title = roster_acts[0].title, .user = json_at(data, "user") };
	struct buf html = BUF_INIT(RESPONSE_BODY_MAX);
	enum status st;

	frame_begin(&html, &frame);
	roster_page_put(&html, &roster->visit, &(const struct roster_page){
		.data = data,
		.file_name = roster->file_name,
		.text = file->is_read ? buf_str(&file->text) : NULL,
		.fault = file->fault.st != ST_OK ? file->fault.msg : NULL,
		.bad = json_at(json_root(&file->faults), "rows"),
		.refused = refused,
	    });
	st = frame_end(&html, &frame, is_good ? 200 : refused != NULL ? 409
	    : 400, response, err);
	buf_clear(&html);
	return st;
}

/* Of no file when rows is NULL. */
static enum status
answer_page(struct roster *roster, const struct buf *rows,
    const char *refused, struct response *response, struct err *err)
{
	struct json_doc data = { .text = NULL };
	enum status st = store_desk_rosters(roster->visit.app->store,
	    visit_session(&roster->visit), rows, &data, err);

	if (st == ST_OK)
		st = show(roster, json_root(&data), refused, response, err);
	json_clear(&data);
	return st;
}

static enum status
import(struct roster *roster, const char *form_id,
    struct desk_request *request, struct err *err)
{
	const struct config *config = &roster->visit.app->config;
	struct buf args = BUF_INIT(ARGS_MAX);
	struct json_out json = JSON_OUT(&args);
	enum status st;

	json_out_object(&json, NULL);
	json_out_source(&json, "rows", &roster->file.rows);
	json_out_text(&json, roster_acts[0].fields[0].name,
	    roster->file_name);
	json_out_text(&json, "seen", params_text_or_empty(&roster->params,
	    "seen"));
	json_out_end(&json);
	st = json_out_check(&json, "the roster", err);
	if (st == ST_OK)
		st = store_desk_act(roster->visit.app->store,
		    &(const struct desk_act){
			.session = visit_session(&roster->visit),
			.form_id = form_id,
			.action = roster_acts[0].action,
			.args = buf_str(&args),
			.reason = "",
			.zone = config_text(config, SETTING_CLUB_TIMEZONE),
			.currency = config_text(config, SETTING_CURRENCY),
		    }, true, request, err);
	buf_clear(&args);
	return st;
}

/*
 * A form of a session that has ended meanwhile is shown once more, and so is an
 * import that would do something else by now.
 */
static enum status
answer_post(struct roster *roster, struct response *response,
    struct err *err)
{
	char form_id[FORM_ID_SIZE];
	char path[PATH_SIZE];
	struct buf target = BUF_FIXED(path);
	struct desk_request request;
	enum status st = ST_DENIED;

	if (params_text(&roster->params, "confirm") != NULL &&
	    roster->file.is_read && roster->file.fault.st == ST_OK)
		st = visit_check_form(&roster->visit, roster_acts[0].path,
		    &roster->params, form_id, err);
	if (st == ST_DENIED)
		return answer_page(roster, &roster->file.rows, NULL, response,
		    err);
	if (st == ST_OK)
		st = import(roster, form_id, &request, err);
	if (st != ST_OK)
		return st;
	if (request.state == DESK_REFUSED)
		return answer_page(roster, &roster->file.rows, request.words,
		    response, err);
	buf_putf(&target, "/desk/request?request_id=%" PRId64,
	    request.request_id);
	return desk_redirect(&roster->visit, path, response, err);
}

/*
 * The file's text stays in the page on which somebody signs in again, if that
 * page can carry it; else the file is to be chosen once more.
 */
static enum status
answer_failure(struct roster *roster, enum status st,
    struct response *response, struct err *err)
{
	struct params *params = &roster->params;
	const struct sign_in_kept kept = { roster_acts[0].path, params, "" };

	if (params_text(params, "roster") == NULL && roster->file.is_read)
		params->item[params->count++] = (struct param){ "roster",
		    buf_str(&roster->file.text) };
	return sign_in_failure(&roster->visit, roster->file.text.len <= KEPT_MAX
	    ? &kept : NULL, st, response, err);
}

static enum status
post_roster(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	struct roster roster = { .file_name = "" };
	enum status st = visit_begin(&roster.visit, context, request, err);

	if (st == ST_OK)
		st = visit_read_upload(&roster.visit, &roster.params,
		    &roster.upload, err);
	if (st == ST_OK)
		st = params_accept(&roster.params, names, err);
	if (st == ST_OK)
		st = roster_file_read(&roster.file, &roster.upload,
		    params_text(&roster.params, "roster"), err);
	if (st == ST_OK) {
		read_file_name(&roster);
		st = answer_post(&roster, response, err);
		if (st != ST_OK)
			st = answer_failure(&roster, st, response, err);
	}
	roster_file_clear(&roster.file);
	params_clear(&roster.params);
	return st;
}

static enum status
get_form(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	struct roster roster = { .file_name = "" };
	enum status st = visit_begin(&roster.visit, context, request, err);

	if (st == ST_OK)
		st = answer_page(&roster, NULL, NULL, response, err);
	return st == ST_OK ? st : sign_in_failure(&roster.visit, NULL, st,
	    response, err);
}

static const struct route routes[] = {
	{ "/desk/rosters", false, METHOD_GET, 0, get_form },
	{ "/desk/rosters", false, METHOD_POST, UPLOAD_MAX, post_roster },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/rosters", routes);
}
