/*
 * A loop of single steps.  Each round reads the order anew, so that no step
 * builds on a row which another click, a webhook or the treasurer has changed
 * meanwhile.  No lock is held while Stripe is asked: store_session() decides
 * races under the lock of the order's row.
 */
#include <string.h>

#include "base/clock.h"
#include "billing/checkout.h"
#include "billing/checkout_body.h"
#include "billing/facts/fulfilment.h"
#include "billing/pay_link.h"
#include "billing/payer.h"
#include "billing/session_expire.h"
#include "stripe/session.h"

/*
 * Each round takes one step: settle, use, close, raise or mint.  A click that
 * meets every trouble once needs fewer rounds; one that needs more competes
 * with other clicks, and is answered that it may try again.
 */
enum { ROUNDS_MAX = 12 };

/* One click on its way. */
struct click {
	struct app *app;
	struct checkout *checkout;
	int64_t deadline_ms;
	const char *word;	/* from the link; NULL: not from a link */
	enum checkout_care care;
	const char *replaces;	/* the session not to be used again; NULL for a
				 * family's click */
	bool is_taken;		/* the replaced one was complete */
	bool is_done;
};

static bool
is_pending(const struct checkout_order *order)
{
	return order->status == ORDER_PENDING;
}

/* What a click answers when the order is not pending, by its status. */
static enum checkout_outcome
settled_outcome(enum order_status status)
{
	static const enum checkout_outcome outcomes[] = {
		[STAGE_OPEN] = CHECKOUT_REVIEW,
		[STAGE_UNDER_WAY] = CHECKOUT_PROCESSING,
		[STAGE_PAID] = CHECKOUT_PAID,
		[STAGE_WAIVED] = CHECKOUT_WAIVED,
		[STAGE_OVER] = CHECKOUT_CLOSED,
	};

	return outcomes[order_status_stage(status)];
}

/* Whether a session asks for what is left to pay, for long enough from now. */
static bool
is_usable(const struct checkout_order *order, int64_t amount_cents,
    const char *currency, int64_t expires_at)
{
	return amount_cents == order->left_cents &&
	    strcmp(currency, order->currency) == 0 &&
	    expires_at - clock_now_s() >= SESSION_LEFT_MIN_S;
}

/* Whether the order's open session is where the payer goes. */
static bool
is_kept(const struct click *click)
{
	const struct checkout_order *order = &click->checkout->order;
	const struct open_session *session = &order->session;

	/*
	 * A session other than the replaced one was made by somebody who was
	 * first: it is used.
	 */
	if (click->replaces != NULL)
		return strcmp(click->replaces, session->id) != 0;
	return session->livemode == config_livemode(&click->app->config) &&
	    is_usable(order, session->amount_cents, session->currency,
	    session->expires_at);
}

/*
 * The next round reads the order again: its session may have been paid before
 * it could be ended.  A replacement stops at one that was complete: its payment
 * may wait for a person while the order is still pending, and another session
 * would ask the family twice.
 */
static enum status
close_session(struct click *click, const char *session_id, struct err *err)
{
	bool is_complete;
	enum status st;

	st = session_expire(click->app, session_id, click->deadline_ms,
	    &is_complete, err);
	click->is_taken = click->replaces != NULL && is_complete;
	return st;
}

/*
 * A replay shows the session as it was when it was created, which may be a day
 * ago: so it is fetched before it is judged.  *is_good: open, with time left,
 * for the order's amount.
 */
static enum status
check_replayed(struct click *click, struct stripe_session *session,
    bool *is_good, struct err *err)
{
	const struct checkout_order *order = &click->checkout->order;
	struct record_result result;
	char id[STRIPE_ID_SIZE];
	enum status st;

	memcpy(id, session->id, sizeof(id));
	stripe_session_clear(session);
	*is_good = false;
	st = stripe_session_retrieve(click->app->stripe, id,
	    click->deadline_ms, session, err);
	/* Under the same key Stripe would name the lost session again. */
	if (st == ST_NOT_FOUND)
		return store_raise_attempt(click->app->store,
		    &click->checkout->order, err);
	if (st != ST_OK)
		return st;
	*is_good = session->status == SESSION_OPEN &&
	    is_usable(order, session->amount_total, session->currency,
	    session->expires_at);
	if (*is_good)
		return ST_OK;
	/*
	 * What it brought is recorded before the key changes: afterwards no
	 * round would look at this session again.
	 */
	if (session->status == SESSION_OPEN)
		st = close_session(click, id, err);
	else
		st = fulfilment_session(click->app, session, &result,
		    err);
	if (st == ST_OK)
		st = store_raise_attempt(click->app->store,
		    &click->checkout->order, err);
	return st;
}

/*
 * Stores what was minted, or gives way to another click that was first: its
 * session, or the changed order, holds, and ours must not stay payable beside
 * it.
 */
static enum status
keep_session(struct click *click, const struct stripe_session *session,
    struct err *err)
{
	struct checkout_order *order = &click->checkout->order;
	const struct new_session new_session = {
		.id = session->id,
		.url = session->url,
		.amount_cents = session->amount_total,
		.currency = session->currency,
		.livemode = session->livemode,
		.created = session->created,
		.expires_at = session->expires_at,
	};
	enum store_result result;
	enum status st;

	st = store_session(click->app->store, order, &new_session, &result,
	    &order->session, err);
	/* Stripe's ids are unique, so this answer is not for our request. */
	if (st == ST_DUPLICATE)
		st = err_set(err, ST_UPSTREAM,
		    "Stripe answered with %s, which is another order's",
		    session->id);
	if (st != ST_OK)
		return st;
	if (result == STORE_STORED) {
		order->session.expires_at = session->expires_at;
		click->checkout->is_minted = true;
		click->is_done = true;
		return ST_OK;
	}
	/* The next round finds the attempt spent, and raises it. */
	if (result == STORE_CLOSED)
		return ST_OK;
	return close_session(click, session->id, err);
}

/*
 * Stripe refused to create.  It repeats a replayed refusal as long as the key
 * is the same, so the attempt, which is a part of the key, is raised; a
 * customer that was deleted at Stripe is made anew.
 */
static enum status
mend_refusal(struct click *click, const struct stripe_reply *reply,
    enum status refused, struct err *err)
{
	struct checkout_order *order = &click->checkout->order;
	struct store *store = click->app->store;

	if (strcmp(reply->code, "resource_missing") == 0 &&
	    strcmp(reply->param, "customer") == 0)
		return store_raise_customer_attempt(store, order, err);
	if (reply->replayed)
		return store_raise_attempt(store, order, err);
	return refused;
}

static enum status
create(struct click *click, struct stripe_session *session,
    struct stripe_reply *reply, struct err *err)
{
	struct app *app = click->app;
	struct buf form = BUF_INIT(STRIPE_FORM_MAX);
	char key[IDEMPOTENCY_KEY_SIZE];
	enum status st;

	*reply = (struct stripe_reply){ .http = 0 };
	st = checkout_session_body(&app->config, &click->checkout->order,
	    &form, err);
	if (st == ST_OK)
		st = checkout_session_key(&click->checkout->order,
		    buf_str(&form), key, err);
	if (st == ST_OK)
		st = stripe_session_create(app->stripe, buf_str(&form),
		    key, click->deadline_ms, session, reply, err);
	buf_clear(&form);
	return st;
}

static enum status
mint(struct click *click, struct err *err)
{
	struct stripe_session session = { .id = "" };
	struct stripe_reply reply;
	bool is_good = true;
	enum status st;

	/*
	 * A refused detail is left out, one in each turn; the body changes with
	 * it, and so does the key.
	 */
	do
		st = create(click, &session, &reply, err);
	while (st != ST_OK && payer_leave_out(&click->checkout->order,
	    &reply));
	if (st != ST_OK) {
		st = mend_refusal(click, &reply, st, err);
		goto out;
	}
	if (reply.replayed)
		st = check_replayed(click, &session, &is_good, err);
	if (st == ST_OK && is_good)
		st = keep_session(click, &session, err);
out:
	stripe_session_clear(&session);
	return st;
}

/*
 * A family that may have paid is not asked again while a person finds out whose
 * the payment is.  A payer who was told of that payment may go on all the same:
 * else the payment of a stranger could block the order.
 */
static bool
is_held(const struct click *click)
{
	const struct checkout_order *order = &click->checkout->order;

	return (order->in_review && click->care >= CHECKOUT_CARE_REVIEW) ||
	    (order->may_be_paid && click->care >= CHECKOUT_CARE_ALL);
}

/* One step; done when the click knows where to go. */
static enum status
take_step(struct click *click, struct err *err)
{
	struct checkout_order *order = &click->checkout->order;
	enum status st;

	if (!is_pending(order) || click->is_taken || is_held(click)) {
		click->checkout->outcome = settled_outcome(order->status);
		click->is_done = true;
		return ST_OK;
	}
	if (order->session.id[0] != '\0') {
		if (!is_kept(click))
			return close_session(click, order->session.id, err);
		click->is_done = true;
		return ST_OK;
	}
	/* Its key would only replay the session that is over. */
	if (order->spent)
		return store_raise_attempt(click->app->store, order, err);
	st = payer_make_customer(click->app, order, click->deadline_ms,
	    err);
	/*
	 * Without a customer the customer's attempt was raised, by us or by
	 * another click: the next round tries again.
	 */
	if (st == ST_OK && (order->customer_id[0] != '\0' ||
	    !checkout_is_by_customer(order)))
		st = mint(click, err);
	return st;
}

static enum status
run(struct click *click, int64_t order_id, struct err *err)
{
	struct app *app = click->app;
	struct checkout *checkout = click->checkout;
	enum status st;

	checkout->outcome = CHECKOUT_GO;
	checkout->is_minted = false;
	for (int round = 0; round < ROUNDS_MAX; round++) {
		st = store_checkout_order(app->store, order_id,
		    config_livemode(&app->config), &checkout->order, err);
		if (st == ST_OK && click->word != NULL)
			st = pay_link_check_word(click->word,
			    checkout->order.word, err);
		if (st == ST_OK)
			st = take_step(click, err);
		if (st != ST_OK || click->is_done)
			return st;
	}
	return err_set(err, ST_UPSTREAM_BUSY,
	    "order %lld did not come to rest", (long long)order_id);
}

enum status
checkout_start(struct app *app, const struct checkout_click *asked,
    struct checkout *checkout, struct err *err)
{
	struct click click = {
		.app = app,
		.checkout = checkout,
		.deadline_ms = asked->deadline_ms,
		.word = asked->word,
		.care = asked->care,
	};

	return run(&click, asked->order_id, err);
}

enum status
checkout_replace(struct app *app,
    const struct checkout_replacement *replacement,
    struct checkout *checkout, struct err *err)
{
	struct click click = {
		.app = app,
		.checkout = checkout,
		.deadline_ms = replacement->deadline_ms,
		.care = CHECKOUT_CARE_REVIEW,
		.replaces = replacement->session_id,
	};

	return run(&click, replacement->order_id, err);
}
