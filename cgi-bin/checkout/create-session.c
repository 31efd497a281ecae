/*
 * POST /checkout/create-session: JSON in, JSON out, for a club's own page or
 * script.  A family proves itself by a signature for the player, the club's
 * staff by a token.  What is paid is the catalogue's price, whatever a script
 * may want.
 */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "billing/checkout.h"
#include "billing/order_place.h"
#include "endpoint/admin.h"
#include "endpoint/fields.h"
#include "endpoint/run.h"
#include "endpoint/waiting_page.h"

static const char path[] = "/checkout/create-session";

enum { QUANTITY_MAX = 20, SENTENCE_MAX = 512 };

/*
 * The order that is asked for, and whether the payer has seen that a payment
 * which may be its own waits for a person, and goes on.
 */
struct order_fields {
	struct order_request order;
	bool pays_anyway;
};

/*
 * A request with an Authorization header is staff's, and a wrong token is
 * refused even beside a good signature: two proofs of which one is false are a
 * mistake that should be seen.
 */
static enum status
authorise(const struct app *app, const struct request *request,
    struct json_node body, struct err *err)
{
	char name[ADMIN_NAME_SIZE];
	enum status st;

	if (request_variable(request, "HTTP_AUTHORIZATION") == NULL)
		return fields_signed_player(app, path, body, err);
	st = admin_authenticate(&app->config, request, name, err);
	if (st == ST_OK)
		log_event(LOG_INFO, "admin", LOG_TEXT("name", name), NULL);
	return st;
}

/*
 * A missing member is named in the error: json_get_i64 alone would call it a
 * value of the wrong type.
 */
static enum status
get_number(struct json_node body, const char *name, int64_t max,
    int64_t *value, struct err *err)
{
	if (!json_exists(json_at(body, name)))
		return err_set(err, ST_BAD_INPUT, "%s is missing", name);
	return json_get_i64(body, name, 1, max, value, err);
}

static enum status
get_flag(struct json_node body, const char *name, bool *value,
    struct err *err)
{
	*value = false;
	if (!json_exists(json_at(body, name)))
		return ST_OK;
	return json_get_bool(body, name, value, err);
}

static enum status
read_fields(const struct app *app, const struct request *request,
    struct order_fields *fields, struct err *err)
{
	static const char *const names[] = { "player_id", "product_id",
	    "quantity", "anyway", "word", "expires", "signature", NULL };
	/*
	 * An empty body has no data, and json_parse is to say what is wrong
	 * with it.
	 */
	const char *text = request->body.len > 0 ? request->body.data : "";
	struct json_doc doc;
	struct json_node body;
	enum status st;

	st = json_parse(text, request->body.len, &doc, err);
	body = json_root(&doc);
	if (st == ST_OK)
		st = authorise(app, request, body, err);
	if (st == ST_OK)
		st = json_accept(body, names, err);
	if (st == ST_OK)
		st = get_number(body, "player_id", INT64_MAX,
		    &fields->order.player_id, err);
	if (st == ST_OK)
		st = get_number(body, "product_id", INT64_MAX,
		    &fields->order.product_id, err);
	if (st == ST_OK)
		st = get_number(body, "quantity", QUANTITY_MAX,
		    &fields->order.quantity, err);
	if (st == ST_OK)
		st = get_flag(body, "anyway", &fields->pays_anyway, err);
	fields->order.zone = config_text(&app->config, SETTING_CLUB_TIMEZONE);
	json_clear(&doc);
	return st;
}

/*
 * Why there is no order to pay for; ST_OK when there is one.  4xx for what the
 * script can mend, 409 where the books are in the way.  An outcome without a
 * text cannot come from this call (a jersey's form, an open session that
 * order_place has ended).
 */
static enum status
check_result(const struct order_result *result, struct err *err)
{
	static const struct {
		enum status st;
		const char *text;
	} refusals[PLACE_OUTCOME_MAX] = {
		[PLACE_PROCESSING] = { ST_CONFLICT,
		    "a bank payment for this is on its way" },
		[PLACE_NO_PLAYER] = { ST_NOT_FOUND, "no such player" },
		[PLACE_NO_PRODUCT] = { ST_NOT_FOUND, "no such product" },
		[PLACE_FEE] = { ST_BAD_INPUT,
		    "product_id: a fee is paid by its own link" },
		[PLACE_ONE_ONLY] = { ST_BAD_INPUT,
		    "quantity: this is sold one at a time" },
		[PLACE_ADJUSTED] = { ST_CONFLICT,
		    "the club has set what is to be paid for this order: its "
		    "quantity stays as it is" },
		[PLACE_TOO_MUCH] = { ST_BAD_INPUT,
		    "quantity: more than can be paid at once" },
		[PLACE_WITHDRAWN] = { ST_CONFLICT,
		    "the club does not sell this any more" },
		[PLACE_NO_TOURNAMENT] = { ST_CONFLICT,
		    "no coming tournament is left to enter the player in" },
		[PLACE_MANY_TOURNAMENTS] = { ST_CONFLICT,
		    "this product enters several tournaments: the club has to "
		    "enter the player in one" },
	};

	if (result->outcome == PLACE_PLACED)
		return ST_OK;
	if (refusals[result->outcome].text == NULL)
		return err_set(err, ST_BUG, "placing an order ended at %d",
		    (int)result->outcome);
	return err_set(err, refusals[result->outcome].st, "%s",
	    refusals[result->outcome].text);
}

static enum status
answer(struct response *response, const struct checkout_order *order,
    struct err *err)
{
	struct json_out json = response_json_begin(response);

	json_out_i64(&json, "order_id", order->order_id);
	json_out_text(&json, "session_id", order->session.id);
	json_out_text(&json, "url", order->session.url);
	/*
	 * What the session asks for, which is less than the price when a part
	 * was paid.
	 */
	json_out_i64(&json, "amount_cents", order->left_cents);
	json_out_text(&json, "currency", order->currency);
	json_out_i64(&json, "expires_at", order->session.expires_at);
	return response_json_end(response, 200, &json, err);
}

/*
 * Why an order cannot be paid for now.  While a payment waits for a person, the
 * answer says which, in the words of the page that a family would see, and how
 * to go on all the same.
 */
static enum status
refuse(const struct app *app, const struct checkout *checkout,
    struct err *err)
{
	char storage[SENTENCE_MAX];
	struct buf text = BUF_FIXED(storage);
	enum status st;

	if (checkout->outcome != CHECKOUT_REVIEW)
		return err_set(err, ST_CONFLICT, "the order is %s",
		    order_status_names[checkout->order.status]);
	st = waiting_page_put(app, checkout->order.order_id, &text, err);
	if (st != ST_OK)
		return st;
	return err_set(err, ST_CONFLICT, "%s Ask with \"anyway\": true where "
	    "the payer knows of it and goes on", storage);
}

static enum status
create(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	struct app *app = context;
	struct order_fields fields;
	struct order_result result;
	struct checkout checkout;
	enum status st;

	st = read_fields(app, request, &fields, err);
	if (st == ST_OK)
		st = order_place(app, &fields.order, &result, err);
	if (st == ST_OK)
		st = check_result(&result, err);
	if (st == ST_OK)
		st = checkout_start(app, &(const struct checkout_click){
			.order_id = result.order_id,
			.care = fields.pays_anyway ? CHECKOUT_PAY_ANYWAY
			    : CHECKOUT_CARE_ALL,
			.deadline_ms = clock_monotonic_ms() +
			    CHECKOUT_DEADLINE_MS,
		    }, &checkout, err);
	if (st != ST_OK)
		return st;
	if (checkout.outcome != CHECKOUT_GO)
		return refuse(app, &checkout, err);
	return answer(response, &checkout.order, err);
}

static const struct route routes[] = {
	{ path, false, METHOD_POST, BODY_MAX, create },
	{ .path = NULL },
};

int
main(void)
{
	static const struct app_needs needs = {
		.name = "checkout/create-session",
		.settings = APP_NEEDS_CHECKOUT |
		    NEEDS(SETTING_ADMIN_TOKENS),
		.connections = STORE_CONNECTIONS_MAX,
		.stripe_calls = 16,
		.receipts = true,
	};

	return endpoint_run(&needs, routes, 16);
}
