/*
 * The public page and the tryout's form: nothing here names a person or an
 * order.
 */
#include "store/shop.h"

#include "store/db.h"

static const struct statement offer_find = {
	.name = "offer_find",
	.roles = ROLE_CHECKOUT,
	.params = 1,
	.columns = 4,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select product_id, product_name, amount_cents, currency\n"
	"from teamdues.offer($1::text)"
};

/*
 * The only statement of the role `public`, which anybody's visit to the home
 * page runs.
 */
static const struct statement shop_window = {
	.name = "shop_window",
	.roles = ROLE_PUBLIC,
	.params = 0,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(r)::text\n"
	"from teamdues.shop_window() r"
};

const struct statement *const store_shop_statements[] = {
	&offer_find, &shop_window, NULL
};

void
offer_read(struct offer *offer, const struct pg_result *row)
{
	offer->product_id = row_i64(row, 0, "product_id");
	row_copy(offer->name, sizeof(offer->name), row, "product_name");
	offer->amount_cents = row_i64(row, 0, "amount_cents");
	row_copy(offer->currency, sizeof(offer->currency), row, "currency");
}

enum status
store_offer(struct store *store, const char *kind, struct offer *offer,
    struct err *err)
{
	const char *const argv[] = { kind };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &offer_find, argv, &r, err);
	if (st == ST_OK && row_is_null(r, 0, "product_id"))
		st = err_set(err, ST_NOT_FOUND,
		    "no %s can be booked at the moment", kind);
	if (st == ST_OK)
		offer_read(offer, r);
	PQclear(r);
	return st;
}

enum status
store_shop_window(struct store *store, store_row *each, void *context,
    struct err *err)
{
	return db_each(store, &shop_window, NULL, each, context, err);
}
