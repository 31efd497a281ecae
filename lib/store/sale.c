#include "store/sale.h"

#include <string.h>

#include "base/json_out.h"
#include "store/db.h"

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

const struct statement *const store_sale_statements[] = {
	&order_place, &jersey_place, &tryout_register, &offer_find,
	&jersey_form_find, &shop_window, NULL
};

/* The words of sql/functions/orders.sql and jersey.sql. */
static const char *const result_words[PLACE_RESULT_MAX] = {
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

static enum status
run_place(struct store *store, const struct statement *statement,
    const char *const *argv, struct placed *placed, struct err *err)
{
	int result = 0;
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, statement, argv, &r, err);
	if (st != ST_OK)
		return st;
	while (result < PLACE_RESULT_MAX &&
	    strcmp(result_words[result], row_text(r, 0, "result")) != 0)
		result++;
	if (result == PLACE_RESULT_MAX)
		st = err_set(err, ST_BUG, "%s: unknown result %s",
		    statement->name, row_text(r, 0, "result"));
	placed->result = (enum place_result)result;
	placed->order_id = row_i64(r, 0, "order_id");
	row_copy(placed->session_id, sizeof(placed->session_id), r,
	    "session_id");
	PQclear(r);
	return st;
}

enum status
store_place_order(struct store *store, const struct order_wish *wish,
    struct placed *placed, struct err *err)
{
	char player_id[I64_TEXT_SIZE];
	char product_id[I64_TEXT_SIZE];
	char quantity[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(player_id, wish->player_id),
	    db_i64(product_id, wish->product_id),
	    db_i64(quantity, wish->quantity), wish->zone };

	return run_place(store, &order_place, argv, placed, err);
}

enum status
store_place_jersey(struct store *store, const struct jersey_wish *wish,
    struct placed *placed, struct err *err)
{
	char player_id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(player_id, wish->player_id),
	    wish->size, wish->number, wish->name_on_jersey };

	return run_place(store, &jersey_place, argv, placed, err);
}

static enum status
put_tryout(struct buf *text, const struct tryout_wish *wish, struct err *err)
{
	struct json_out json = JSON_OUT(text);

	json_out_object(&json, NULL);
	json_out_text(&json, "player_name", wish->player_name);
	json_out_text(&json, "birth_date", wish->birth_date);
	json_out_text(&json, "parent_name", wish->parent_name);
	json_out_text(&json, "parent_email", wish->parent_email);
	json_out_text(&json, "parent_phone", wish->parent_phone);
	json_out_text(&json, "consent", wish->consent);
	json_out_end(&json);
	return json_out_check(&json, "a registration", err);
}

enum status
store_register_tryout(struct store *store, const struct tryout_wish *wish,
    int64_t *order_id, struct err *err)
{
	const char *argv[] = { NULL, wish->zone };
	struct buf text = BUF_INIT(JSON_PARAMETER_MAX);
	PGresult *r = NULL;
	enum status st;

	st = put_tryout(&text, wish, err);
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

static void
copy_offer(struct offer *offer, const PGresult *result)
{
	offer->product_id = row_i64(result, 0, "product_id");
	row_copy(offer->name, sizeof(offer->name), result, "product_name");
	offer->amount_cents = row_i64(result, 0, "amount_cents");
	row_copy(offer->currency, sizeof(offer->currency), result, "currency");
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
		copy_offer(offer, r);
	PQclear(r);
	return st;
}

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
	copy_offer(&form->offer, r);
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

enum status
store_shop_window(struct store *store, store_row *each, void *context,
    struct err *err)
{
	return db_each(store, &shop_window, NULL, each, context, err);
}
