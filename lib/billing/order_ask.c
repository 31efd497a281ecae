/*
 * Asking changes nothing by itself: what was known already is recorded as no
 * news, so the treasurer may ask as often as they like.
 */
#include "billing/order_ask.h"

#include <string.h>

#include "base/clock.h"
#include "billing/facts/fetched_facts.h"
#include "billing/facts/fulfilment.h"
#include "store/adopt.h"
#include "store/reconcile.h"
#include "store/refund.h"
#include "stripe/session.h"

/* For all calls about one order together. */
enum { DEADLINE_MS = 40000 };

/* What was asked, and how much of it was not known here. */
struct question {
	struct app *app;
	int64_t deadline_ms;
	int sessions;
	int open;
	int news;
};

static enum status
ask_session(struct question *question, const char *session_id,
    struct err *err)
{
	struct app *app = question->app;
	struct record_result result = { .is_news = false };
	struct stripe_session session;
	enum status st;

	question->sessions++;
	st = stripe_session_retrieve(app->stripe, session_id,
	    question->deadline_ms, &session, err);
	if (st == ST_NOT_FOUND)
		st = fulfilment_session_unknown(app, session_id, err);
	else if (st == ST_OK) {
		question->open += session.status == SESSION_OPEN;
		st = fulfilment_session(app, &session, &result, err);
	}
	question->news += result.is_news;
	stripe_session_clear(&session);
	return st;
}

/*
 * A store_row.  A session that has expired was not paid and cannot be any more:
 * Stripe is not asked for it.
 */
static enum status
take_session(void *context, struct json_node row, struct err *err)
{
	char id[STORE_ID_SIZE];
	enum status st;

	if (json_text_is(row, "status", "expired"))
		return ST_OK;
	st = json_get_text(row, "session_id", id, sizeof(id), err);
	return st == ST_OK ? ask_session(context, id, err) : st;
}

/* In one transaction: the order takes its new status once, from all of them. */
static enum status
record(struct question *question, struct fetched_facts *facts,
    struct err *err)
{
	struct record_effect effects[FETCHED_FACTS_MAX];
	const char *text = NULL;
	enum status st;

	if (facts->count == 0)
		return ST_OK;
	st = fetched_facts_text(facts, &text, err);
	if (st == ST_OK)
		st = store_record_answers(question->app->store, text,
		    (int)facts->count, true, effects, err);
	for (size_t i = 0; st == ST_OK && i < facts->count; i++)
		question->news += effects[i].result.is_news;
	return st;
}

static enum status
ask_money(struct question *question, const char *payment_intent,
    struct err *err)
{
	struct stripe *stripe = question->app->stripe;
	struct json_doc refunds = { .text = NULL };
	struct json_doc disputes = { .text = NULL };
	struct fetched_facts facts;
	enum status st;

	fetched_facts_init(&facts);
	st = stripe_refund_list(stripe, payment_intent,
	    question->deadline_ms, &refunds, err);
	if (st == ST_OK)
		st = fetched_facts_add_refunds(&facts, json_root(&refunds),
		    err);
	if (st == ST_OK)
		st = stripe_dispute_list(stripe, payment_intent,
		    question->deadline_ms, &disputes, err);
	if (st == ST_OK)
		st = fetched_facts_add_disputes(&facts, json_root(&disputes),
		    err);
	if (st == ST_OK)
		st = record(question, &facts, err);
	/* Stripe sent what cannot be read: the request was right. */
	if (st == ST_BAD_INPUT)
		st = err->st = ST_UPSTREAM;
	json_clear(&refunds);
	json_clear(&disputes);
	fetched_facts_clear(&facts);
	return st;
}

static enum status
ask_payments(struct question *question, int64_t order_id, struct err *err)
{
	struct refund_sources sources;
	enum status st;

	st = store_refund_sources(question->app->store, order_id, NULL,
	    &sources, err);
	for (size_t i = 0; st == ST_OK && i < sources.count; i++)
		/* Without a payment intent no money moved at Stripe. */
		if (sources.list[i].payment_intent[0] != '\0')
			st = ask_money(question,
			    sources.list[i].payment_intent, err);
	return st;
}

enum status
order_ask(struct app *app, int64_t order_id, struct buf *words,
    struct err *err)
{
	struct question question = {
		.app = app,
		.deadline_ms = clock_monotonic_ms() + DEADLINE_MS,
	};
	struct checkout_order order;
	enum status st;

	st = store_order_sessions(app->store, order_id, take_session,
	    &question, err);
	if (st == ST_OK)
		st = ask_payments(&question, order_id, err);
	/*
	 * Read last, so that the answer tells the status that the facts have
	 * led to.
	 */
	if (st == ST_OK)
		st = store_checkout_order(app->store, order_id,
		    config_livemode(&app->config), &order, err);
	if (st != ST_OK)
		return st;
	buf_putf(words, "Stripe was asked; payment pages: %d, still open: %d; "
	    "%s; the order is %s", question.sessions, question.open,
	    question.news == 0 ? "nothing was missing in the books"
	    : "what was missing is in the books now",
	    order_status_names[order.status]);
	return ST_OK;
}
