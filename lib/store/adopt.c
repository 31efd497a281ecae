#include "store/adopt.h"

#include <string.h>

#include "store/db.h"

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
	.roles = ROLE_OPERATOR,
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

static enum status
put_session(struct json_object *json, const struct new_session *session,
    struct err *err)
{
	struct json_object *o = json_object_new_object();
	enum status st;

	if (o == NULL || json_object_object_add(json, "session", o) != 0) {
		json_object_put(o);
		return err_set(err, ST_NOMEM, "no memory for a session");
	}
	st = json_put_i64(o, "amount_cents", session->amount_cents, err);
	if (st == ST_OK && session->url[0] != '\0')
		st = json_put_text(o, "url", session->url, err);
	if (st == ST_OK)
		st = json_put_text(o, "currency", session->currency, err);
	if (st == ST_OK)
		st = json_put_bool(o, "livemode", session->livemode, err);
	if (st == ST_OK)
		st = json_put_i64(o, "created", session->created, err);
	if (st == ST_OK)
		st = json_put_i64(o, "expires_at", session->expires_at, err);
	return st;
}

static enum status
put_item(struct json_object *json, const struct fact_item *item,
    struct err *err)
{
	struct buf text = BUF_INIT(FACT_ITEM_MAX);
	enum status st;

	fact_item_put(&text, item);
	st = buf_check(&text, "a session", err);
	if (st == ST_OK)
		st = json_put_source(json, "item", text.data, text.len, err);
	buf_clear(&text);
	return st;
}

static enum status
put_payer(struct json_object *json, const struct adopt_request *request,
    struct err *err)
{
	enum status st = ST_OK;

	if (request->customer_id[0] != '\0')
		st = json_put_text(json, "customer_id", request->customer_id,
		    err);
	if (st == ST_OK && request->email[0] != '\0')
		st = json_put_text(json, "email", request->email, err);
	if (st == ST_OK && request->payer_name[0] != '\0')
		st = json_put_text(json, "payer_name", request->payer_name,
		    err);
	return st;
}

enum status
store_adopt_json(const struct adopt_request *request,
    struct json_object **json, struct err *err)
{
	struct json_object *o = json_object_new_object();
	enum status st;

	if (o == NULL)
		return err_set(err, ST_NOMEM, "no memory for a session");
	st = json_put_i64(o, "order_id", request->order_id, err);
	if (st == ST_OK)
		st = json_put_text(o, "session_id", request->session_id, err);
	if (st == ST_OK && request->session != NULL)
		st = put_session(o, request->session, err);
	if (st == ST_OK && request->item != NULL)
		st = put_item(o, request->item, err);
	if (st == ST_OK)
		st = put_payer(o, request, err);
	if (st == ST_OK && request->is_anyway)
		st = json_put_bool(o, "is_anyway", true, err);
	if (st != ST_OK) {
		json_object_put(o);
		return st;
	}
	*json = o;
	return ST_OK;
}

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

/* The text of a column, as much as fits. */
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
store_adopt(struct store *store, struct json_object *requests,
    const char *actor, bool commit, struct adoption *adoptions,
    struct err *err)
{
	int count = (int)json_object_array_length(requests);
	const char *const argv[] = { json_object_to_json_string_ext(requests,
	    JSON_C_TO_STRING_PLAIN), actor, db_bool(commit) };
	PGresult *r = NULL;
	enum status st;

	if (argv[0] == NULL)
		return err_set(err, ST_NOMEM, "no memory for sessions");
	st = db_run(store, &sessions_adopt, argv, &r, err);
	if (st == ST_OK && PQntuples(r) != count)
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
	PGresult *r = NULL;
	enum status st = db_run(store, &session_doubt, argv, &r, err);

	if (st == ST_OK)
		copy(doubt, STORE_DOUBT_SIZE, r, 0, "doubt");
	PQclear(r);
	return st;
}
