/*
 * Asking changes nothing by itself: what was known already is recorded as no
 * news, so the treasurer may ask as often as they like.
 */
#include "billing/order_ask.h"

#include <string.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "base/money.h"
#include "billing/facts/fetched_facts.h"
#include "billing/facts/fulfilment.h"
#include "store/adopt.h"
#include "store/clerk.h"
#include "store/reconcile.h"
#include "store/refund.h"
#include "stripe/session.h"

/* For all calls about one order together. */
enum { DEADLINE_MS = 40000 };

/* A hundred sessions of an address, and those of the order. */
enum { PAID_MAX = 64 * 1024, OF_SIZE = 1024 };

/* What was asked, and how much of it was not known here. */
struct question {
	struct app *app;
	int64_t deadline_ms;
	struct json_out paid;	/* ids of sessions that were, as an array */
	int open;	/* of the order's own sessions */
	int news;
};

static enum status
note_session(struct question *question, const struct stripe_session *session,
    struct err *err)
{
	struct record_result result = { .is_news = false };
	enum status st;

	st = fulfilment_session(question->app, session, &result, err);
	question->news += result.is_news;
	if (session->payment_status == PAYMENT_PAID)
		json_out_text(&question->paid, NULL, session->id);
	return st;
}

static enum status
ask_session(struct question *question, const char *session_id,
    struct err *err)
{
	struct app *app = question->app;
	struct stripe_session session;
	enum status st;

	st = stripe_session_retrieve(app->stripe, session_id,
	    question->deadline_ms, &session, err);
	if (st == ST_NOT_FOUND)
		st = fulfilment_session_unknown(app, session_id, err);
	else if (st == ST_OK) {
		question->open += session.status == SESSION_OPEN;
		st = note_session(question, &session, err);
	}
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

static enum status
take_payment(struct question *question, struct json_node json, struct err *err)
{
	struct stripe_session session;
	enum status st;

	if (!stripe_session_is_of_payment(json) ||
	    !stripe_session_is_paid(json))
		return ST_OK;
	st = stripe_session_parse(json, &session, err);
	if (st == ST_OK)
		st = note_session(question, &session, err);
	stripe_session_clear(&session);
	return st;
}

static enum status
take_payments(struct question *question, struct json_node list,
    struct err *err)
{
	enum status st = ST_OK;

	for (struct json_node row = json_first(list);
	    st == ST_OK && json_exists(row); row = json_next(list, row))
		st = take_payment(question, row, err);
	return st;
}

/*
 * A family that says it paid may have paid in a session that something else
 * made, and that no event told us of.
 */
static enum status
ask_payer(struct question *question, const char *email, struct err *err)
{
	struct json_doc page = { .text = NULL };
	enum status st;

	if (email[0] == '\0')
		return ST_OK;
	st = stripe_session_list_of_payer(question->app->stripe, email,
	    question->deadline_ms, &page, err);
	if (st == ST_OK)
		st = take_payments(question, json_at(json_root(&page), "data"),
		    err);
	json_clear(&page);
	return st;
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

static enum status
read_order(struct app *app, int64_t order_id, struct checkout_order *order,
    struct err *err)
{
	return store_checkout_order(app->store, order_id,
	    config_livemode(&app->config), order, err);
}

/* How the order stands now, for who reads "pending" as money on its way. */
static void
put_standing(struct buf *words, const struct checkout_order *order)
{
	static const char *const standings[ORDER_STATUS_MAX] = {
		[ORDER_PROCESSING] = "a bank payment is on its way",
		[ORDER_PAID] = "the order is paid",
		[ORDER_PARTIALLY_REFUNDED] = "the order is paid, and some "
		    "money was given back",
		[ORDER_REFUNDED] = "all of the money was given back",
		[ORDER_DISPUTED] = "the order is disputed",
		[ORDER_CHARGED_BACK] = "the bank took the money back",
		[ORDER_CANCELLED] = "the order is cancelled: nothing is owed",
		[ORDER_WAIVED] = "what was not paid is waived",
	};

	if (order->status != ORDER_PENDING) {
		buf_puts(words, standings[order->status]);
		return;
	}
	if (order->left_cents == order->amount_cents)
		buf_puts(words, "nothing was paid, and ");
	money_put_plain(words, order->left_cents);
	buf_putf(words, " %s is still owed", order->currency);
}

static enum status
put_answer(struct buf *words, const struct question *question,
    const struct checkout_order *order, const struct buf *paid,
    struct err *err)
{
	char said[PAYMENTS_SAID_SIZE];
	char text[OF_SIZE];
	struct buf of = BUF_FIXED(text);
	enum status st = buf_check(paid, "a list of sessions", err);

	buf_puts(&of, "for this order");
	if (order->parent_email[0] != '\0')
		buf_putf(&of, " or by %s", order->parent_email);
	if (st == ST_OK)
		st = store_payments_said(question->app->store, buf_str(paid),
		    text, config_text(&question->app->config,
		    SETTING_CLUB_TIMEZONE), said, err);
	if (st != ST_OK)
		return st;
	buf_putf(words, "%s; %s%s; ", said, question->open > 0
	    ? "the family has the card form of this order open; " : "",
	    question->news == 0 ? "the books agree"
	    : "what was missing is in the books now");
	put_standing(words, order);
	return ST_OK;
}

enum status
order_ask(struct app *app, int64_t order_id, struct buf *words,
    struct err *err)
{
	struct buf paid = BUF_INIT(PAID_MAX);
	struct question question = {
		.app = app,
		.paid = JSON_OUT(&paid),
		.deadline_ms = clock_monotonic_ms() + DEADLINE_MS,
	};
	struct checkout_order order;
	enum status st;

	json_out_array(&question.paid, NULL);
	st = read_order(app, order_id, &order, err);
	if (st == ST_OK)
		st = store_order_sessions(app->store, order_id, take_session,
		    &question, err);
	if (st == ST_OK)
		st = ask_payer(&question, order.parent_email, err);
	if (st == ST_OK)
		st = ask_payments(&question, order_id, err);
	/* Again, with the status that the facts have led to. */
	if (st == ST_OK)
		st = read_order(app, order_id, &order, err);
	json_out_end(&question.paid);
	if (st == ST_OK)
		st = put_answer(words, &question, &order, &paid, err);
	buf_clear(&paid);
	return st;
}
