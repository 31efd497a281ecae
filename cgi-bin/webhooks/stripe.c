/*
 * POST /webhooks/stripe: Stripe's signed events.  The signature is over the
 * body's bytes, so that it is checked before anything reads them as JSON.
 * Stripe sends an event again, for days, until it is answered with 2xx.
 */
#include "app/app.h"
#include "base/clock.h"
#include "base/log.h"
#include "billing/facts/fulfilment.h"
#include "endpoint/run.h"
#include "store/notice.h"
#include "stripe/signature.h"

/*
 * Logs and counts a refused signature, once a second at most, since a stranger
 * may post as often as it likes.  It has to be counted: a wrong secret in the
 * settings looks just like a stranger, and every event is refused then.
 */
static void
tell_refusal(struct app *app, const struct err *refusal)
{
	int64_t now = clock_now_s();
	struct err err;

	if (atomic_exchange(&app->refusal_told_s, now) == now)
		return;
	log_event(LOG_WARN, "signature_refused",
	    LOG_TEXT("reason", refusal->msg), NULL);
	if (store_note_refusal(app->store, &err) != ST_OK)
		log_event(LOG_ERROR, "refusal_not_counted",
		    LOG_TEXT("reason", err.msg), NULL);
}

/*
 * Called after the commit only: whatever is answered with 200 is never sent
 * again.
 */
static enum status
put_received(const struct record_result *result, struct response *response,
    struct err *err)
{
	struct json_out json = response_json_begin(response);

	json_out_bool(&json, "received", true);
	json_out_text(&json, "outcome", outcome_name(result->outcome));
	return response_json_end(response, 200, &json, err);
}

static enum status
receive(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	struct app *app = context;
	const struct config *config = &app->config;
	const struct buf *body = &request->body;
	struct record_result result;
	enum status st;

	st = signature_verify(request_variable(request,
	    "HTTP_STRIPE_SIGNATURE"), body->data, body->len,
	    config->webhook_secrets, config->webhook_secret_count,
	    clock_now_s(), err);
	if (st == ST_BAD_INPUT)
		tell_refusal(app, err);
	if (st == ST_OK)
		st = fulfilment_event(app, buf_str(body), body->len,
		    &result, err);
	if (st == ST_OK)
		st = put_received(&result, response, err);
	return st;
}

static const struct route routes[] = {
	{ "/webhooks/stripe", false, METHOD_POST, BODY_MAX_WEBHOOK, receive },
	{ .path = NULL },
};

int
main(void)
{
	static const struct app_needs needs = {
		.name = "webhooks/stripe",
		.settings = NEEDS(SETTING_DATABASE_URL) |
		    NEEDS(SETTING_STRIPE_MODE) |
		    NEEDS(SETTING_STRIPE_WEBHOOK_SECRET) |
		    NEEDS(SETTING_CLUB_TIMEZONE) |
		    NEEDS(SETTING_RECEIPTS),
		/*
		 * The ledger has connections of its own; this one counts
		 * refusals.
		 */
		.connections = 1,
		.receipts = true,
	};

	/*
	 * Threads only wait for the ledger's commit, which takes 64 events at
	 * once: many of them make large batches.
	 */
	return endpoint_run(&needs, routes, 32);
}
