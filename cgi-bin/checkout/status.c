/*
 * GET /checkout/status: what paid.html asks until the payment has arrived.  Of
 * the programs with Stripe's key it has least to do, so it is the one that ends
 * stray sessions beside it.
 */
#include <string.h>

#include "billing/session_status.h"
#include "endpoint/run.h"
#include "stripe/client.h"

/* The payer's view of an order; its own payment may still be under review. */
static const char *
payer_status(const struct session_state *state)
{
	static const char *const answers[] = {
		[STAGE_OPEN] = "pending",
		[STAGE_UNDER_WAY] = "processing",
		[STAGE_PAID] = "paid",
		/*
		 * Nothing is paid by this session any more, for whatever
		 * reason: the pay link says which.
		 */
		[STAGE_WAIVED] = "expired",
		[STAGE_OVER] = "expired",
	};

	/*
	 * First: the payment of this session was taken, whatever its order
	 * says, and the payer must not be told to pay.
	 */
	if (strcmp(state->place, "review") == 0)
		return "review";
	/*
	 * The session has ended unpaid: the page need not ask again.
	 */
	if (state->order_status == ORDER_PENDING &&
	    strcmp(state->session_status, "expired") == 0)
		return "expired";
	return answers[order_status_stage(state->order_status)];
}

static enum status
put_state(const struct session_state *state,
    struct response *response, struct err *err)
{
	struct json_out json = response_json_begin(response);

	json_out_text(&json, "status", payer_status(state));
	json_out_text(&json, "description", state->description);
	json_out_i64(&json, "amount_cents", state->amount_cents);
	json_out_text(&json, "currency", state->currency);
	return response_json_end(response, 200, &json, err);
}

/*
 * The session's id is the only proof: Stripe gives it to the payer alone, and
 * the answer names no person.
 */
static enum status
get_status(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	static const char *const names[] = { "session_id", NULL };
	struct app *app = context;
	struct session_state state;
	struct params params;
	const char *session_id;
	enum status st;

	st = params_parse(&params, request->query, strlen(request->query), err);
	if (st == ST_OK)
		st = params_accept(&params, names, err);
	if (st != ST_OK)
		goto out;
	session_id = params_text(&params, "session_id");
	if (session_id == NULL || !stripe_id_ok(session_id)) {
		st = err_set(err, ST_BAD_INPUT,
		    "session_id must be the id of a checkout session");
		goto out;
	}
	st = session_status_ask(app, session_id, &state, err);
	if (st == ST_OK)
		st = put_state(&state, response, err);
out:
	params_clear(&params);
	return st;
}

static const struct route routes[] = {
	{ "/checkout/status", false, METHOD_GET, 0, get_status },
	{ .path = NULL },
};

int
main(void)
{
	static const struct app_needs needs = {
		.name = "checkout/status",
		.settings = APP_NEEDS_CHECKOUT,
		.connections = STORE_CONNECTIONS_MAX,
		.stripe_calls = 8,
		.receipts = true,
		/*
		 * One program sweeps, not each: a stray is claimed in the
		 * database, and more sweepers would only ask it more often.
		 */
		.ends_strays = true,
	};

	return endpoint_run(&needs, routes, 8);
}
