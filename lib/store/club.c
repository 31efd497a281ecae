/*
 * The catalogue: products, tournaments and who is entered in them; and how the
 * club stands.
 */
#include "store/club.h"

#include "base/buf.h"
#include "store/act_result.h"
#include "store/db.h"

/* Not repeated: a second call adds a second product. */
static const struct statement product_add = {
	.name = "product_add",
	.roles = ROLE_OPERATOR,
	.params = 6,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select teamdues.product_add($1::text, $2::text, $3::bigint,\n"
	"    $4::text, coalesce(string_to_array(nullif($5::text, ''), ','),\n"
	"        '{}'), $6::text) as id"
};

static const struct statement product_withdraw = {
	.name = "product_withdraw",
	.roles = ROLE_OPERATOR,
	.params = 4,
	.columns = 2,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select result, detail\n"
	"from teamdues.product_withdraw($1::bigint, $2::boolean, $3::text,\n"
	"    $4::boolean)"
};

/* Not repeated: a second call adds a second tournament. */
static const struct statement tournament_add = {
	.name = "tournament_add",
	.roles = ROLE_OPERATOR,
	.params = 4,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.once = true,
	.sql =
	"select teamdues.tournament_add($1::text, $2::date, $3::bigint,\n"
	"    $4::text) as id"
};

/*
 * The ids are one text of numbers with commas between, since libpq has no array
 * parameters in text form that need no quoting; PostgreSQL refuses anything in
 * it that is no number.
 */
static const struct statement tournament_roster = {
	.name = "tournament_roster",
	.roles = ROLE_OPERATOR,
	.params = 5,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select row_to_json(r)::text\n"
	"from teamdues.tournament_roster($1::bigint, $2::text,\n"
	"    string_to_array($3::text, ',')::bigint[], $4::text,\n"
	"    $5::boolean) r"
};

static const struct statement club_standing = {
	.name = "club_standing",
	.roles = ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ROWS,
	.sql =
	"select json_build_object('club', $2::text, 'health', s.health,\n"
	"    'owed_cents', s.owed_cents, 'currency', $1::text,\n"
	"    'last_payment_at', s.last_payment_at)::text\n"
	"from teamdues.club_standing($1::text) s"
};

const struct statement *const store_club_statements[] = {
	&product_add, &product_withdraw, &tournament_add, &tournament_roster,
	&club_standing, NULL
};

/*
 * A statement that answers with one id.  Null is the SQL's way to say that a
 * tournament has no product: a product that is added always has an id.
 */
static enum status
run_for_id(struct store *store, const struct statement *statement,
    const char *const *argv, int64_t *id, struct err *err)
{
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, statement, argv, &r, err);
	if (st == ST_OK && row_is_null(r, 0, "id"))
		st = err_set(err, ST_NOT_FOUND, "no product"
		    " of kind tournament with that id is sold");
	if (st == ST_OK)
		*id = row_i64(r, 0, "id");
	PQclear(r);
	return st;
}

enum status
store_product_add(struct store *store, const struct new_product *product,
    int64_t *product_id, struct err *err)
{
	char amount[I64_TEXT_SIZE];
	struct buf sizes = BUF_INIT(1024);
	const char *argv[] = { product->kind, product->name,
	    db_i64(amount, product->amount_cents), product->currency, NULL,
	    product->actor };
	enum status st;

	/*
	 * A size cannot contain a comma: the command splits the sizes at
	 * commas.
	 */
	for (const char *const *s = product->sizes; s && *s; s++) {
		if (s != product->sizes)
			buf_putc(&sizes, ',');
		buf_puts(&sizes, *s);
	}
	st = buf_check(&sizes, "list of sizes", err);
	if (st == ST_OK) {
		argv[4] = buf_str(&sizes);
		st = run_for_id(store, &product_add, argv, product_id, err);
	}
	buf_clear(&sizes);
	return st;
}

enum status
store_withdraw_product(struct store *store, int64_t product_id,
    bool is_withdrawn, const char *actor, bool commit,
    struct act_result *result, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, product_id),
	    db_bool(is_withdrawn), actor, db_bool(commit) };

	return act_run(store, &product_withdraw, argv, result, err);
}

enum status
store_tournament_add(struct store *store,
    const struct new_tournament *tournament, int64_t *tournament_id,
    struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { tournament->name, tournament->held_on,
	    db_i64(id, tournament->product_id), tournament->actor };

	return run_for_id(store, &tournament_add, argv, tournament_id, err);
}

enum status
store_tournament_roster(struct store *store, const struct entrants *entrants,
    store_row *each, void *context, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, entrants->tournament_id),
	    entrants->team, entrants->player_ids, entrants->actor,
	    db_bool(entrants->commit) };

	return db_each(store, &tournament_roster, argv, each, context, err);
}

enum status
store_club_standing(struct store *store, const char *club,
    const char *currency, store_row *each, void *context, struct err *err)
{
	const char *const argv[] = { currency, club };

	return db_each(store, &club_standing, argv, each, context, err);
}
