/*
 * Families and scripts ask for orders; the price is never among what they send.
 * jersey.c uses the same words for its result.
 */
#include "store/orders.h"

#include <string.h>

#include "store/db.h"

/*
 * Repeated without harm: the second call finds the unpaid order of the first.
 */
static const struct statement order_place = {
	.name = "order_place",
	.roles = ROLE_CHECKOUT,
	.params = 4,
	.columns = 3,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select result, order_id, session_id\n"
	"from teamdues.place_order($1::bigint, $2::bigint, $3::integer,\n"
	"    $4::text)"
};

const struct statement *const store_orders_statements[] = {
	&order_place, NULL
};

/* The words of sql/functions/orders.sql and jersey.sql, which explain each. */
static const char *const outcome_words[PLACE_OUTCOME_MAX] = {
	[PLACE_PLACED] = "placed",
	[PLACE_OPEN] = "open",
	[PLACE_PROCESSING] = "processing",
	[PLACE_NO_PLAYER] = "no_player",
	[PLACE_NO_PRODUCT] = "no_product",
	[PLACE_FEE] = "fee",
	[PLACE_ONE_ONLY] = "one_only",
	[PLACE_ADJUSTED] = "adjusted",
	[PLACE_TOO_MUCH] = "too_much",
	[PLACE_WITHDRAWN] = "withdrawn",
	[PLACE_NO_TOURNAMENT] = "no_tournament",
	[PLACE_MANY_TOURNAMENTS] = "many_tournaments",
	[PLACE_BAD_SIZE] = "bad_size",
	[PLACE_TAKEN] = "taken",
	[PLACE_SEVERAL] = "several",
};

enum status
order_result_run(struct store *store, const struct statement *statement,
    const char *const *argv, struct order_result *result, struct err *err)
{
	int outcome = 0;
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, statement, argv, &r, err);
	if (st != ST_OK)
		return st;
	while (outcome < PLACE_OUTCOME_MAX &&
	    strcmp(outcome_words[outcome], row_text(r, 0, "result")) != 0)
		outcome++;
	/*
	 * A word of a newer schema: nothing is charged for what we cannot read.
	 */
	if (outcome == PLACE_OUTCOME_MAX)
		st = err_set(err, ST_BUG, "%s: unknown result %s",
		    statement->name, row_text(r, 0, "result"));
	result->outcome = (enum place_outcome)outcome;
	result->order_id = row_i64(r, 0, "order_id");
	row_copy(result->session_id, sizeof(result->session_id), r,
	    "session_id");
	PQclear(r);
	return st;
}

enum status
store_place_order(struct store *store, const struct order_request *request,
    struct order_result *result, struct err *err)
{
	char player_id[I64_TEXT_SIZE];
	char product_id[I64_TEXT_SIZE];
	char quantity[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(player_id, request->player_id),
	    db_i64(product_id, request->product_id),
	    db_i64(quantity, request->quantity), request->zone };

	return order_result_run(store, &order_place, argv, result, err);
}
