/*
 * A form of the desk, on its way into the database, and what became of it.  The
 * database checks the session and the user's role itself (desk_writer in
 * sql/functions/desk_sign_in.sql): a mistake in a program of the desk cannot
 * let a viewer change anything.
 */
#include "store/desk_requests.h"

#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "store/db.h"

/*
 * Repeated without harm: the form's own id makes the second call the same
 * request. nullif, because 0 is how C says that no order is meant.
 */
static const struct statement act_ask = {
	.name = "desk_act",
	.roles = ROLE_DESK,
	.params = 10,
	.columns = 3,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select request_id, state, words\n"
	"from teamdues.desk_act(decode($1::text, 'hex'), $2::text, $3::text,\n"
	"    nullif($4::bigint, 0), $5::jsonb, $6::text, $7::text, $8::text,\n"
	"    $9::bigint, $10::boolean)"
};

static const struct statement request_read = {
	.name = "desk_request_shown",
	.roles = ROLE_DESK,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "request",
	.sql =
	"select d::text\n"
	"from teamdues.desk_request_shown(decode($1::text, 'hex'),\n"
	"    $2::bigint) d"
};

const struct statement *const store_desk_requests_statements[] = {
	&act_ask, &request_read, NULL
};

static const char *const state_names[DESK_STATE_MAX] = {
	[DESK_QUEUED] = "queued",
	[DESK_WORKING] = "working",
	[DESK_DONE] = "done",
	[DESK_REFUSED] = "refused",
	[DESK_FAILED] = "failed",
};

const char *
desk_state_name(enum desk_state state)
{
	return state_names[state];
}

enum status
desk_state_read(struct json_node request, enum desk_state *state,
    struct err *err)
{
	for (int i = 0; i < DESK_STATE_MAX; i++) {
		if (json_text_is(request, "state", state_names[i])) {
			*state = (enum desk_state)i;
			return ST_OK;
		}
	}
	return err_set(err, ST_BUG, "a request of an unknown state");
}

static enum status
read_request(const PGresult *r, struct desk_request *request,
    struct err *err)
{
	const char *word = row_text(r, 0, "state");

	row_copy(request->words, sizeof(request->words), r, "words");
	/* The words may quote what a payer or another user typed. */
	text_disarm(request->words, strlen(request->words));
	for (int i = 0; i < DESK_STATE_MAX; i++) {
		if (strcmp(state_names[i], word) == 0) {
			request->state = (enum desk_state)i;
			return ST_OK;
		}
	}
	return err_set(err, ST_BUG, "unknown state \"%s\"", word);
}

enum status
store_desk_act(struct store *store, const struct desk_act *act, bool commit,
    struct desk_request *request, struct err *err)
{
	char order_id[I64_TEXT_SIZE];
	char least[I64_TEXT_SIZE];
	const char *argv[] = { act->session, act->form_id, act->action,
	    db_i64(order_id, act->order_id),
	    act->args != NULL ? act->args : "{}", act->reason, act->seen,
	    act->zone, db_i64(least, money_minimum_cents(act->currency)),
	    db_bool(commit) };
	PGresult *r = NULL;
	enum status st;

	*request = (struct desk_request){ .request_id = 0 };
	st = db_run(store, &act_ask, argv, &r, err);
	if (st == ST_OK && row_is_null(r, 0, "state"))
		/*
		 * A form's id that another user's request has: the form was
		 * copied.
		 */
		st = err_set(err, ST_DENIED, "another user sent this form");
	if (st == ST_OK) {
		request->request_id = row_i64(r, 0, "request_id");
		st = read_request(r, request, err);
	}
	PQclear(r);
	return st;
}

enum status
store_desk_request(struct store *store, const char *session,
    int64_t request_id, struct json_doc *doc, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { session, db_i64(id, request_id) };

	return db_document(store, &request_read, argv, doc, err);
}
