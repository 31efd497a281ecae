/*
 * Stripe checks some details more strictly than our forms do, and names the
 * parameter that it refuses: so the call is repeated without that detail.
 */
#include "billing/payer.h"

#include <string.h>

#include "base/log.h"
#include "billing/checkout_body.h"
#include "stripe/customer.h"

/*
 * Stripe names the text that it refused; each text with the player's name is
 * built without it from then on.
 */
static bool
leave_name_out(struct checkout_order *order, const struct stripe_reply *reply)
{
	if (order->is_nameless ||
	    (strstr(reply->param, "description") == NULL &&
	    strstr(reply->param, "teamdues_player") == NULL))
		return false;
	order->is_nameless = true;
	return true;
}

/*
 * The name of the detail and never its value: people's data stays out of the
 * log.
 */
static void
log_left_out(const struct checkout_order *order,
    const struct stripe_reply *reply)
{
	log_event(LOG_WARN, "detail_refused",
	    LOG_NUM("parent", order->parent_id),
	    LOG_NUM("player", order->player_id),
	    LOG_TEXT("detail", reply->param),
	    LOG_TEXT("code", reply->code), NULL);
}

/*
 * Only a 400 is about what was sent.  Each call empties one detail, so that the
 * caller's loop ends after as many turns as there are details.
 */
bool
payer_leave_out(struct checkout_order *order, const struct stripe_reply *reply)
{
	const struct {
		const char *param;
		char *detail;
	} optional[] = {
		{ "name", order->parent_name },
		{ "email", order->parent_email },
		{ "customer_email", order->parent_email },
		{ "phone", order->parent_phone },
	};

	if (reply->http != 400)
		return false;
	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++) {
		if (strcmp(reply->param, optional[i].param) != 0 ||
		    optional[i].detail[0] == '\0')
			continue;
		log_left_out(order, reply);
		optional[i].detail[0] = '\0';
		return true;
	}
	if (!leave_name_out(order, reply))
		return false;
	log_left_out(order, reply);
	return true;
}

static enum status
create(struct app *app, const struct checkout_order *order,
    int64_t deadline_ms, char id[STRIPE_ID_SIZE], struct stripe_reply *reply,
    struct err *err)
{
	struct buf form = BUF_INIT(STRIPE_FORM_MAX);
	char key[IDEMPOTENCY_KEY_SIZE];
	enum status st;

	*reply = (struct stripe_reply){ .http = 0 };
	st = checkout_customer_body(order, &form, err);
	if (st == ST_OK)
		st = checkout_customer_key(order, buf_str(&form), key, err);
	if (st == ST_OK)
		st = stripe_customer_create(app->stripe, buf_str(&form),
		    key, deadline_ms, id, reply, err);
	buf_clear(&form);
	return st;
}

enum status
payer_make_customer(struct app *app, struct checkout_order *order,
    int64_t deadline_ms, struct err *err)
{
	char id[STRIPE_ID_SIZE];
	struct stripe_reply reply;
	enum status st;

	if (order->customer_id[0] != '\0' || !checkout_is_by_customer(order))
		return ST_OK;
	do
		st = create(app, order, deadline_ms, id, &reply, err);
	while (st != ST_OK && payer_leave_out(order, &reply));
	if (st == ST_OK)
		return store_customer(app->store, order,
		    config_livemode(&app->config), id, err);
	/*
	 * Stripe repeats the refusal as long as the key is the same: the next
	 * round tries another key.
	 */
	if (reply.replayed && reply.http != 0)
		return store_raise_customer_attempt(app->store, order,
		    err);
	return st;
}
