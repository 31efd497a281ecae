/*
 * POST /desk/sign-in: mails a link to whoever may sign in.
 * POST /desk/sign-out: ends the session, or all of its user's.
 */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/email.h"
#include "desk/frame.h"
#include "desk/run.h"
#include "desk/sign_in.h"
#include "store/desk_sign_in.h"

/* Longer than the statement takes, whether the address is a user's or not. */
enum { ANSWER_MS = 100 };

static const char sign_out_action[] = "/desk/sign-out";

/*
 * The answer comes equally late for every address: its time must not tell who
 * is a user.
 */
static void
wait_until(int64_t ms)
{
	int64_t left_ms = ms - clock_monotonic_ms();
	struct timespec left = { 0, left_ms * 1000000 };

	while (left_ms > 0 && nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

/*
 * Beside the address only the fields of an interrupted act may be there, whose
 * names are those of any form of the desk.
 */
static enum status
check_names(const struct params *params, struct sign_in_kept *kept,
    struct err *err)
{
	static const char *const names[] = { "email", "form", "kept", NULL };

	if (!sign_in_read_kept(params, kept))
		return err_set(err, ST_BAD_INPUT,
		    "kept is no address of the desk's");
	return kept->action != NULL ? ST_OK
	    : params_accept(params, names, err);
}

static enum status
ask(struct visit *visit, const struct params *params,
    const struct sign_in_kept *kept, struct response *response,
    struct err *err)
{
	const char *email = params_text_or_empty(params, "email");
	int64_t answer_ms = clock_monotonic_ms() + ANSWER_MS;
	char form_id[FORM_ID_SIZE];
	struct err unused;
	enum status st;

	st = visit_check_form(visit, sign_in_action, params, form_id, err);
	if (st == ST_DENIED)
		return sign_in_answer_fault(visit, kept,
		    &(const struct sign_in_fault){ email, "This page was open "
		    "for too long, or your browser keeps no cookies. Please "
		    "try again.", 403 }, response, err);
	if (st != ST_OK)
		return st;
	if (email_check(email, strlen(email), &unused) != ST_OK)
		return sign_in_answer_fault(visit, kept,
		    &(const struct sign_in_fault){ email, "Please enter an "
		    "email address such as ann@example.com.", 400 }, response,
		    err);
	st = store_desk_ask(visit->app->store, email, visit->browser_hash,
	    err);
	wait_until(answer_ms);
	return st != ST_OK ? st : sign_in_answer_mailed(visit, email, kept,
	    response, err);
}

static enum status
sign_in(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	struct params params = { .count = 0 };
	struct sign_in_kept kept;
	struct visit visit;
	enum status st;

	st = visit_begin(&visit, context, request, err);
	if (st == ST_OK)
		st = visit_read_post(&visit, &params, err);
	if (st == ST_OK)
		st = check_names(&params, &kept, err);
	if (st == ST_OK) {
		params_trim(&params);
		st = ask(&visit, &params, &kept, response, err);
	}
	params_clear(&params);
	return st;
}

static enum status
answer_too_old(struct visit *visit, struct response *response,
    struct err *err)
{
	return frame_answer(&(const struct frame){ .visit = visit,
	    .title = "That page was too old" },
	    &(const struct frame_words){
		.paragraphs = (const char *const[]){ "Nothing was changed. "
		    "Please open the desk, and sign out there.", NULL },
		.link = "/desk/",
		.link_text = "Open the desk",
	    }, 403, response, err);
}

static enum status
leave(struct visit *visit, const struct params *params,
    struct response *response, struct err *err)
{
	static const char *const names[] = { "form", "everywhere", NULL };
	const struct app *app = visit->app;
	char form_id[FORM_ID_SIZE];
	enum status st;

	st = params_accept(params, names, err);
	if (st == ST_OK)
		st = visit_check_form(visit, sign_out_action, params, form_id,
		    err);
	if (st == ST_DENIED)
		return answer_too_old(visit, response, err);
	if (st == ST_OK)
		st = store_desk_leave(app->store, visit_session(visit),
		    params_text(params, "everywhere") != NULL, err);
	if (st == ST_OK)
		/*
		 * After the database: if that fails, the session is not over
		 * and the browser should not believe so.
		 */
		st = visit_put_session("", response, err);
	return st != ST_OK ? st : desk_redirect(visit, "/desk/", response,
	    err);
}

static enum status
sign_out(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	struct params params = { .count = 0 };
	struct visit visit;
	enum status st;

	st = visit_begin(&visit, context, request, err);
	if (st == ST_OK)
		st = visit_read_post(&visit, &params, err);
	if (st == ST_OK)
		st = leave(&visit, &params, response, err);
	params_clear(&params);
	return st;
}

static const struct route routes[] = {
	{ sign_in_action, false, METHOD_POST, BODY_MAX, sign_in },
	{ sign_out_action, false, METHOD_POST, BODY_MAX, sign_out },
	{ .path = NULL },
};

int
main(void)
{
	return desk_run("desk/sign-in", routes);
}
