/*
 * A first payment's link names a player and an amount and no order, which may
 * not exist when the link is mailed.  The order gets the link's amount here,
 * and the session is then made of the order's row: so books and session agree.
 */
#include "store/first_payment.h"

#include <string.h>

#include "store/db.h"

/*
 * Repeated without harm: the second call finds the order that the first one
 * made.
 */
static const struct statement fee_order_open = {
	.name = "fee_order_open",
	.roles = ROLE_CHECKOUT | ROLE_OPERATOR,
	.params = 3,
	.columns = 3,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select result, order_id, session_id\n"
	"from teamdues.open_fee_order($1::bigint, $2::bigint, $3::text)"
};

/* Not repeated: a second call would say that the order was opened before. */
static const struct statement fee_opened = {
	.name = "fee_opened",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select coalesce(teamdues.fee_opened($1::bigint, $2::text), false)\n"
	"    as is_new"
};

const struct statement *const store_first_payment_statements[] = {
	&fee_order_open, &fee_opened, NULL
};

/* An unknown word counts as an unknown player, and nothing is charged. */
static enum fee_order
parse_result(const char *text)
{
	if (strcmp(text, "ready") == 0)
		return FEE_READY;
	return strcmp(text, "close") == 0 ? FEE_CLOSE : FEE_UNKNOWN;
}

enum status
store_open_fee_order(struct store *store, int64_t player_id,
    int64_t amount_cents, const char *currency, enum fee_order *result,
    int64_t *order_id, char session_id[STORE_ID_SIZE], struct err *err)
{
	char player[I64_TEXT_SIZE];
	char amount[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(player, player_id),
	    db_i64(amount, amount_cents), currency };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &fee_order_open, argv, &r, err);
	if (st == ST_OK) {
		*result = parse_result(row_text(r, 0, "result"));
		*order_id = row_i64(r, 0, "order_id");
		row_copy(session_id, STORE_ID_SIZE, r, "session_id");
	}
	PQclear(r);
	return st;
}

enum status
store_fee_opened(struct store *store, int64_t order_id, const char *actor,
    bool *is_new, struct err *err)
{
	char order[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(order, order_id), actor };

	return db_get_bool(store, &fee_opened, argv, is_new, err);
}
