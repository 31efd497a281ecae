/*
 * Anybody may send this form, so that the SQL believes none of it about a
 * family that is known already.
 */
#include "store/tryout.h"

#include "base/json_out.h"
#include "store/db.h"

/*
 * Repeated without harm: a player has one unpaid order for a tryout, which the
 * second call finds.
 */
static const struct statement tryout_register = {
	.name = "tryout_register",
	.roles = ROLE_CHECKOUT,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.register_tryout($1::jsonb, $2::text)\n"
	"    as order_id"
};

const struct statement *const store_tryout_statements[] = {
	&tryout_register, NULL
};

static enum status
put_tryout(struct buf *text, const struct tryout_request *request,
    struct err *err)
{
	struct json_out json = JSON_OUT(text);

	json_out_object(&json, NULL);
	json_out_text(&json, "player_name", request->player_name);
	json_out_text(&json, "birth_date", request->birth_date);
	json_out_text(&json, "parent_name", request->parent_name);
	json_out_text(&json, "parent_email", request->parent_email);
	json_out_text(&json, "parent_phone", request->parent_phone);
	json_out_text(&json, "consent", request->consent);
	json_out_end(&json);
	return json_out_check(&json, "a registration", err);
}

enum status
store_register_tryout(struct store *store, const struct tryout_request *request,
    int64_t *order_id, struct err *err)
{
	const char *argv[] = { NULL, request->zone };
	struct buf text = BUF_INIT(JSON_PARAMETER_MAX);
	PGresult *r = NULL;
	enum status st;

	st = put_tryout(&text, request, err);
	argv[0] = buf_str(&text);
	if (st == ST_OK)
		st = db_run(store, &tryout_register, argv, &r, err);
	if (st == ST_OK && row_is_null(r, 0, "order_id"))
		st = err_set(err, ST_NOT_FOUND,
		    "no tryout can be booked at the moment");
	if (st == ST_OK)
		*order_id = row_i64(r, 0, "order_id");
	PQclear(r);
	buf_clear(&text);
	return st;
}
