/*
 * Lines of adoption go to the database as one JSON array, because all of them
 * are adopted in one transaction or none is: a file of sessions must not be
 * left half imported.
 */
#include "store/adopt.h"

#include <string.h>

#include "base/json_out.h"
#include "store/db.h"

/*
 * The rows come in the order of the lines, one for each: read_adoption relies
 * on it.  A repeated call finds its sessions known and answers `same`.
 */
static const struct statement sessions_adopt = {
	.name = "sessions_adopt",
	.roles = ROLE_OPERATOR,
	.params = 3,
	.columns = 9,
	.shape = SHAPE_ROWS,
	.sql =
	"select result, known_order_id, open_session_id, status, reason,\n"
	"    order_status, player_name, team, product_name\n"
	"from teamdues.adopt_sessions($1::jsonb, $2::text, $3::boolean)"
};

static const struct statement order_sessions = {
	.name = "order_sessions",
	.roles = ROLE_OPERATOR | ROLE_CLERK,
	.params = 1,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(s)::text\n"
	"from teamdues.sessions_of_order($1::bigint) s"
};

static const struct statement session_doubt = {
	.name = "session_doubt",
	.roles = ROLE_OPERATOR,
	.params = 4,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.session_doubt($1::bigint, $2::text, $3::text,\n"
	"    $4::text) as doubt"
};

const struct statement *const store_adopt_statements[] = {
	&sessions_adopt, &order_sessions, &session_doubt, NULL
};

static void
put_session(struct json_out *json, const struct new_session *session)
{
	json_out_object(json, "session");
	json_out_i64(json, "amount_cents", session->amount_cents);
	json_out_optional(json, "url", session->url);
	json_out_text(json, "currency", session->currency);
	json_out_bool(json, "livemode", session->livemode);
	json_out_i64(json, "created", session->created);
	json_out_i64(json, "expires_at", session->expires_at);
	json_out_end(json);
}

/*
 * What is not known is left out rather than sent as null: the SQL reads an
 * absent member and a null alike, and the array stays small for thousands of
 * lines.
 */
void
store_adopt_put(struct buf *text, const struct adopt_request *request)
{
	struct json_out json = JSON_OUT(text);

	json_out_object(&json, NULL);
	json_out_i64(&json, "order_id", request->order_id);
	json_out_text(&json, "session_id", request->session_id);
	if (request->session != NULL)
		put_session(&json, request->session);
	if (request->item != NULL) {
		json_out_name(&json, "item");
		fact_item_put(text, request->item);
	}
	json_out_optional(&json, "customer_id", request->customer_id);
	json_out_optional(&json, "email", request->email);
	json_out_optional(&json, "payer_name", request->payer_name);
	if (request->is_anyway)
		json_out_bool(&json, "is_anyway", true);
	json_out_end(&json);
}

/* The words are those at the head of sql/functions/adopt.sql. */
static enum status
read_result(const char *text, enum adopt_result *result, struct err *err)
{
	static const char *const names[] = {
		[ADOPT_TAKEN] = "adopt",
		[ADOPT_SAME] = "same",
		[ADOPT_END] = "end",
		[ADOPT_FIRST] = "first",
		[ADOPT_OTHER] = "other",
		[ADOPT_UNKNOWN_ORDER] = "unknown",
		[ADOPT_LOST] = "lost",
		[ADOPT_DOUBT] = "doubt",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], text) == 0) {
			*result = (enum adopt_result)i;
			return ST_OK;
		}
	}
	return err_set(err, ST_BUG, "adoption came to \"%s\"", text);
}

/*
 * The text of a column, as much as fits: these texts are only shown to a
 * person, who can do without the end of a very long one.
 */
static void
copy(char *out, size_t size, const PGresult *r, int row, const char *column)
{
	const char *text = row_text(r, row, column);
	size_t len = strnlen(text, size - 1);

	memcpy(out, text, len);
	out[len] = '\0';
}

static enum status
read_adoption(const PGresult *r, int row, struct adoption *adoption,
    struct err *err)
{
	adoption->known_order_id = row_i64(r, row, "known_order_id");
	copy(adoption->open_session_id, sizeof(adoption->open_session_id),
	    r, row, "open_session_id");
	copy(adoption->status, sizeof(adoption->status), r, row, "status");
	copy(adoption->reason, sizeof(adoption->reason), r, row, "reason");
	copy(adoption->order_status, sizeof(adoption->order_status), r, row,
	    "order_status");
	copy(adoption->player_name, sizeof(adoption->player_name), r, row,
	    "player_name");
	copy(adoption->team, sizeof(adoption->team), r, row, "team");
	copy(adoption->product_name, sizeof(adoption->product_name), r, row,
	    "product_name");
	return read_result(row_text(r, row, "result"), &adoption->result,
	    err);
}

enum status
store_adopt(struct store *store, const struct buf *requests, int count,
    const char *actor, bool commit, struct adoption *adoptions,
    struct err *err)
{
	const char *const argv[] = { buf_str(requests), actor,
	    db_bool(commit) };
	PGresult *r = NULL;
	enum status st = buf_check(requests, "the list of sessions", err);

	if (st == ST_OK)
		st = db_run(store, &sessions_adopt, argv, &r, err);
	if (st == ST_OK && PQntuples(r) != count)
		/*
		 * Fewer rows than lines would show a line's answer beside
		 * another line's session.
		 */
		st = err_set(err, ST_BUG, "%s: %d rows for %d sessions",
		    sessions_adopt.name, PQntuples(r), count);
	for (int i = 0; st == ST_OK && i < count; i++)
		st = read_adoption(r, i, &adoptions[i], err);
	PQclear(r);
	return st;
}

enum status
store_order_sessions(struct store *store, int64_t order_id, store_row *each,
    void *context, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, order_id) };

	return db_each(store, &order_sessions, argv, each, context, err);
}

enum status
store_session_doubt(struct store *store, int64_t order_id,
    const struct store_payer *payer, char doubt[STORE_DOUBT_SIZE],
    struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, order_id), payer->customer_id,
	    payer->email, payer->name };

	return db_get_text(store, &session_doubt, argv, doubt,
	    STORE_DOUBT_SIZE, err);
}
