/*
 * The family's link names the player; the jersey is the newest that is sold, so
 * that a link outlives a product.
 */
#include "store/jersey.h"

#include "store/db.h"

/*
 * Repeated without harm: the second call finds the unpaid order of the first.
 */
static const struct statement jersey_place = {
	.name = "jersey_place",
	.roles = ROLE_CHECKOUT,
	.params = 4,
	.columns = 3,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select result, order_id, session_id\n"
	"from teamdues.place_jersey($1::bigint, $2::text, $3::text, $4::text)"
};

static const struct statement jersey_form_find = {
	.name = "jersey_form_find",
	.roles = ROLE_CHECKOUT,
	.params = 1,
	.columns = 10,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "player",
	.sql =
	"select player_name, product_id, product_name, amount_cents,\n"
	"    currency, sizes, size, number, name_on_jersey, bought\n"
	"from teamdues.jersey_form($1::bigint)"
};

const struct statement *const store_jersey_statements[] = {
	&jersey_place, &jersey_form_find, NULL
};

enum status
store_place_jersey(struct store *store, const struct jersey_request *request,
    struct order_result *result, struct err *err)
{
	char player_id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(player_id, request->player_id),
	    request->size, request->number, request->name_on_jersey };

	return order_result_run(store, &jersey_place, argv, result, err);
}

/*
 * The player exists even where no jersey is sold, so that a row without a
 * product is told apart from no row.
 */
enum status
store_jersey_form(struct store *store, int64_t player_id,
    struct jersey_form *form, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, player_id) };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &jersey_form_find, argv, &r, err);
	if (st == ST_OK && row_is_null(r, 0, "product_id"))
		st = err_set(err, ST_NOT_FOUND,
		    "no jersey can be ordered at the moment");
	if (st != ST_OK)
		goto out;
	offer_read(&form->offer, r);
	row_copy(form->player_name, sizeof(form->player_name), r,
	    "player_name");
	row_copy(form->sizes, sizeof(form->sizes), r, "sizes");
	row_copy(form->size, sizeof(form->size), r, "size");
	row_copy(form->number, sizeof(form->number), r, "number");
	row_copy(form->name_on_jersey, sizeof(form->name_on_jersey), r,
	    "name_on_jersey");
	form->bought = row_i64(r, 0, "bought");
out:
	PQclear(r);
	return st;
}
