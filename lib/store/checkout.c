/*
 * Statements of the hot path: each click runs one or two of them.  None of them
 * keeps a lock after it returns, so that Stripe can be asked between two of
 * them; each therefore checks again what the caller read before, and refuses a
 * change that came too late.
 */
#include <string.h>

#include "base/json_out.h"
#include "store/checkout.h"
#include "store/db.h"

/*
 * One row holds all that a session is made of, so that body and idempotency key
 * follow from a single consistent reading of the books.
 */
static const struct statement checkout_order = {
	.name = "checkout_order",
	.roles = ROLE_CHECKOUT | ROLE_OPERATOR | ROLE_CLERK,
	.params = 2,
	.columns = 34,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "order",
	.is_hot = true,
	.sql =
	"select order_id, word, kind, player_id, player_name, product_id,\n"
	"    product_name,\n"
	"    tournament_name, tournament_day, quantity, status, amount_cents,\n"
	"    left_cents, currency,\n"
	"    attempt, spent,\n"
	"    parent_id, parent_name, parent_email, parent_phone, customer_id,\n"
	"    customer_attempt, installation_id, session_id, session_url,\n"
	"    session_amount_cents, session_currency, session_livemode,\n"
	"    session_expires_at, in_review, may_be_paid, paid_at,\n"
	"    refunded_cents, paid_cents\n"
	"from teamdues.checkout_order($1::bigint, $2::boolean)"
};

/* May be repeated: a session that is stored already is answered as `stored`. */
static const struct statement session_store = {
	.name = "session_store",
	.roles = ROLE_CHECKOUT | ROLE_OPERATOR,
	.params = 3,
	.columns = 3,
	.shape = SHAPE_ONE_ROW,
	.is_hot = true,
	.sql =
	"select result, session_id, session_url\n"
	"from teamdues.store_session($1::bigint, $2::integer, $3::jsonb)"
};

/*
 * A compare-and-swap: of two clicks that raise the same attempt one does it,
 * and the other is given the number that holds.  So it may be repeated.
 */
static const struct statement attempt_raise = {
	.name = "attempt_raise",
	.roles = ROLE_CHECKOUT | ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.raise_attempt($1::bigint, $2::integer) as attempt"
};

static const struct statement customer_attempt_raise = {
	.name = "customer_attempt_raise",
	.roles = ROLE_CHECKOUT | ROLE_OPERATOR,
	.params = 2,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.raise_customer_attempt($1::bigint, $2::integer)\n"
	"    as attempt"
};

/* May be repeated: the customer that was stored first stays. */
static const struct statement customer_store = {
	.name = "customer_store",
	.roles = ROLE_CHECKOUT | ROLE_OPERATOR,
	.params = 4,
	.columns = 1,
	.shape = SHAPE_ONE_ROW,
	.sql =
	"select teamdues.store_customer($1::bigint, $2::integer,\n"
	"    $3::boolean, $4::text) as customer_id"
};

static const struct statement session_status = {
	.name = "session_status",
	.roles = ROLE_CHECKOUT,
	.params = 1,
	.columns = 7,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "checkout session",
	.is_hot = true,
	.sql =
	"select order_id, order_status, session_status, place, description,\n"
	"    amount_cents, currency\n"
	"from teamdues.session_status($1::text)"
};

static const struct statement waiting_payment = {
	.name = "waiting_payment",
	.roles = ROLE_CHECKOUT,
	.params = 2,
	.columns = 4,
	.shape = SHAPE_MAYBE_ROW,
	.noun = "payment that waits",
	.sql =
	"select amount_cents, currency, email, day\n"
	"from teamdues.waiting_payment($1::bigint, $2::text)"
};

const struct statement *const store_checkout_statements[] = {
	&checkout_order, &session_store, &attempt_raise,
	&customer_attempt_raise, &customer_store, &session_status,
	&waiting_payment, NULL
};

/*
 * ST_BUG: the schema has a status that the table lacks. order_status_parse
 * would blame the sender of the text (ST_BAD_INPUT), and here that is the
 * database.
 */
static enum status
row_order_status(const PGresult *result, const char *column,
    enum order_status *status, struct err *err)
{
	struct err unknown;

	if (order_status_parse(row_text(result, 0, column), status,
	    &unknown) != ST_OK)
		return err_set(err, ST_BUG, "unknown order status \"%s\"",
		    row_text(result, 0, column));
	return ST_OK;
}

static void
copy_session(struct open_session *session, const PGresult *result)
{
	row_copy(session->id, sizeof(session->id), result, "session_id");
	row_copy(session->url, sizeof(session->url), result, "session_url");
	session->amount_cents = row_i64(result, 0, "session_amount_cents");
	row_copy(session->currency, sizeof(session->currency), result,
	    "session_currency");
	session->livemode = row_bool(result, 0, "session_livemode");
	session->expires_at = row_i64(result, 0, "session_expires_at");
}

enum status
store_checkout_order(struct store *store, int64_t order_id, bool livemode,
    struct checkout_order *order, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, order_id), db_bool(livemode) };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &checkout_order, argv, &r, err);
	if (st != ST_OK)
		return st;
	order->order_id = row_i64(r, 0, "order_id");
	row_copy(order->word, sizeof(order->word), r, "word");
	row_copy(order->kind, sizeof(order->kind), r, "kind");
	order->player_id = row_i64(r, 0, "player_id");
	row_copy(order->player_name, sizeof(order->player_name), r,
	    "player_name");
	order->product_id = row_i64(r, 0, "product_id");
	row_copy(order->product_name, sizeof(order->product_name), r,
	    "product_name");
	row_copy(order->tournament_name, sizeof(order->tournament_name), r,
	    "tournament_name");
	row_copy(order->tournament_day, sizeof(order->tournament_day), r,
	    "tournament_day");
	order->quantity = (int)row_i64(r, 0, "quantity");
	order->amount_cents = row_i64(r, 0, "amount_cents");
	order->left_cents = row_i64(r, 0, "left_cents");
	row_copy(order->currency, sizeof(order->currency), r, "currency");
	order->attempt = (int)row_i64(r, 0, "attempt");
	order->spent = row_bool(r, 0, "spent");
	order->parent_id = row_i64(r, 0, "parent_id");
	row_copy(order->parent_name, sizeof(order->parent_name), r,
	    "parent_name");
	row_copy(order->parent_email, sizeof(order->parent_email), r,
	    "parent_email");
	row_copy(order->parent_phone, sizeof(order->parent_phone), r,
	    "parent_phone");
	row_copy(order->customer_id, sizeof(order->customer_id), r,
	    "customer_id");
	order->customer_attempt = (int)row_i64(r, 0, "customer_attempt");
	row_copy(order->installation_id, sizeof(order->installation_id), r,
	    "installation_id");
	/*
	 * Not a column: checkout sets it for one attempt when Stripe takes no
	 * text with the player's name, and no row remembers it.
	 */
	order->is_nameless = false;
	copy_session(&order->session, r);
	order->in_review = row_bool(r, 0, "in_review");
	order->may_be_paid = row_bool(r, 0, "may_be_paid");
	order->paid_at = row_i64(r, 0, "paid_at");
	order->refunded_cents = row_i64(r, 0, "refunded_cents");
	order->paid_cents = row_i64(r, 0, "paid_cents");
	st = row_order_status(r, "status", &order->status, err);
	PQclear(r);
	return st;
}

static enum status
put_session(struct buf *text, const struct new_session *session,
    struct err *err)
{
	struct json_out json = JSON_OUT(text);

	json_out_object(&json, NULL);
	json_out_text(&json, "id", session->id);
	json_out_text(&json, "url", session->url);
	json_out_i64(&json, "amount_cents", session->amount_cents);
	json_out_text(&json, "currency", session->currency);
	json_out_bool(&json, "livemode", session->livemode);
	json_out_i64(&json, "created", session->created);
	json_out_i64(&json, "expires_at", session->expires_at);
	json_out_end(&json);
	return json_out_check(&json, "a session", err);
}

/*
 * Any other word counts as `moved`, which makes the caller read the order
 * again: the only answer that can do no harm.
 */
static enum store_result
parse_result(const char *text)
{
	if (strcmp(text, "stored") == 0)
		return STORE_STORED;
	if (strcmp(text, "closed") == 0)
		return STORE_CLOSED;
	return strcmp(text, "follow") == 0 ? STORE_FOLLOW : STORE_MOVED;
}

/*
 * The attempt goes along, because the session is only stored for the attempt
 * that it was made for: if another click raised it meanwhile, this session may
 * be of an amount that does not hold any more.
 */
enum status
store_session(struct store *store, const struct checkout_order *order,
    const struct new_session *session, enum store_result *result,
    struct open_session *followed, struct err *err)
{
	char id[I64_TEXT_SIZE];
	char attempt[I64_TEXT_SIZE];
	const char *argv[] = { db_i64(id, order->order_id),
	    db_i64(attempt, order->attempt), NULL };
	struct buf text = BUF_INIT(JSON_PARAMETER_MAX);
	PGresult *r = NULL;
	enum status st;

	st = put_session(&text, session, err);
	argv[2] = buf_str(&text);
	if (st == ST_OK)
		st = db_run(store, &session_store, argv, &r, err);
	if (st != ST_OK)
		goto out;
	*result = parse_result(row_text(r, 0, "result"));
	row_copy(followed->id, sizeof(followed->id), r, "session_id");
	row_copy(followed->url, sizeof(followed->url), r, "session_url");
out:
	PQclear(r);
	buf_clear(&text);
	return st;
}

/* *attempt becomes the number that holds, also when another click raised it. */
static enum status
raise(struct store *store, const struct statement *statement, int64_t id,
    int *attempt, struct err *err)
{
	char id_text[I64_TEXT_SIZE];
	char attempt_text[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id_text, id),
	    db_i64(attempt_text, *attempt) };
	int64_t raised = *attempt;
	enum status st = db_get_i64(store, statement, argv, &raised, err);

	*attempt = (int)raised;
	return st;
}

enum status
store_raise_attempt(struct store *store, struct checkout_order *order,
    struct err *err)
{
	return raise(store, &attempt_raise, order->order_id, &order->attempt,
	    err);
}

enum status
store_raise_customer_attempt(struct store *store,
    struct checkout_order *order, struct err *err)
{
	/*
	 * The attempt is raised when Stripe does not know the customer any more
	 * or repeats an old refusal: the next session must not name this one.
	 */
	order->customer_id[0] = '\0';
	return raise(store, &customer_attempt_raise, order->parent_id,
	    &order->customer_attempt, err);
}

enum status
store_customer(struct store *store, struct checkout_order *order,
    bool livemode, const char *customer_id, struct err *err)
{
	char id[I64_TEXT_SIZE];
	char attempt[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, order->parent_id),
	    db_i64(attempt, order->customer_attempt), db_bool(livemode),
	    customer_id };

	return db_get_text(store, &customer_store, argv, order->customer_id,
	    sizeof(order->customer_id), err);
}

enum status
store_session_status(struct store *store, const char *session_id,
    struct session_state *state, struct err *err)
{
	const char *const argv[] = { session_id };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &session_status, argv, &r, err);
	if (st != ST_OK)
		return st;
	state->order_id = row_i64(r, 0, "order_id");
	row_copy(state->session_status, sizeof(state->session_status), r,
	    "session_status");
	row_copy(state->place, sizeof(state->place), r, "place");
	row_copy(state->description, sizeof(state->description), r,
	    "description");
	state->amount_cents = row_i64(r, 0, "amount_cents");
	row_copy(state->currency, sizeof(state->currency), r, "currency");
	st = row_order_status(r, "order_status", &state->order_status, err);
	PQclear(r);
	return st;
}

enum status
store_waiting_payment(struct store *store, int64_t order_id,
    const char *zone, struct waiting_payment *waiting, struct err *err)
{
	char id[I64_TEXT_SIZE];
	const char *const argv[] = { db_i64(id, order_id), zone };
	PGresult *r = NULL;
	enum status st;

	st = db_run(store, &waiting_payment, argv, &r, err);
	if (st == ST_OK) {
		waiting->amount_cents = row_i64(r, 0, "amount_cents");
		row_copy(waiting->currency, sizeof(waiting->currency), r,
		    "currency");
		row_copy(waiting->email, sizeof(waiting->email), r, "email");
		row_copy(waiting->day, sizeof(waiting->day), r, "day");
	}
	PQclear(r);
	return st;
}
