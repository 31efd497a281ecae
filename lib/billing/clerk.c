/*
 * A request stays locked by the queue's own connection while it is worked at.
 * A clerk that is killed loses the connection and with it the lock, so the
 * request is due again at once.
 */
#include "billing/clerk.h"

#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "base/log.h"
#include "billing/order_ask.h"
#include "billing/order_change.h"
#include "billing/refund.h"
#include "billing/session_expire.h"
#include "store/clerk.h"

enum {
	STRAYS_MAX = 20,	/* in one turn: requests go first */
	RETRY_FIRST_S = 5,
	RETRY_MOST_S = 300,
	ACTION_SIZE = 64,
};

struct clerk {
	struct app app;		/* its settings are the caller's */
	struct request_queue *queue;
};

/*
 * An order may become paid by what the clerk records, so it queues receipts as
 * the webhook does; unless the club has switched them off.
 */
static void
want_receipts(struct clerk *clerk)
{
	const struct config *config = &clerk->app.config;
	const char *receipts = config_text(config, SETTING_RECEIPTS);

	if (receipts == NULL || strcmp(receipts, "on") == 0)
		store_queue_receipts(clerk->app.store,
		    config_text(config, SETTING_CLUB_TIMEZONE));
}

enum status
clerk_open(const struct config *config, struct clerk **clerk,
    struct err *err)
{
	struct clerk *c = calloc(1, sizeof(*c));
	const struct secret *url = config_secret(config, SETTING_DATABASE_URL);
	enum status st;

	if (c == NULL)
		return err_set(err, ST_NOMEM, "no memory for the clerk");
	c->app.config = *config;
	/*
	 * One request at a time needs one connection and one handle.  The
	 * queue's connection is another: it holds the request's lock meanwhile.
	 */
	st = store_open(url, "teamdues clerk", 1, &c->app.store, err);
	if (st == ST_OK)
		st = stripe_open(&c->app.config, 1, &c->app.stripe, err);
	if (st == ST_OK)
		st = request_queue_open(url, &c->queue, err);
	if (st != ST_OK) {
		clerk_close(c);
		return st;
	}
	want_receipts(c);
	*clerk = c;
	return ST_OK;
}

void
clerk_close(struct clerk *clerk)
{
	if (clerk == NULL)
		return;
	request_queue_close(clerk->queue);
	stripe_close(clerk->app.stripe);
	store_close(clerk->app.store);
	free(clerk);
}

static const char *
text_or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

/*
 * The form's id names the refund at Stripe as well: a second try finds what the
 * first one did.
 */
static enum status
give_back(struct clerk *clerk, const struct queued_request *request,
    struct act_result *result, struct err *err)
{
	const struct refund_request refund = {
		.order_id = request->order_id,
		.payment = text_or_null(request->payment),
		.amount_cents = request->amount_cents,
		.id = request->form_id,
		.reason = request->reason,
		.actor = request->actor,
		.is_plain = true,
	};

	return refund_give(&clerk->app, &refund, true, result, err);
}

static enum status
ask(struct clerk *clerk, const struct queued_request *request,
    struct act_result *result, struct err *err)
{
	struct buf words = BUF_FIXED(result->detail);
	enum status st = order_ask(&clerk->app, request->order_id, &words, err);

	result->outcome = ACT_DONE;
	return st == ST_OK ? buf_check(&words, "Stripe's answer", err) : st;
}

/*
 * The act was not done: the family paid before its session could be ended, and
 * the treasurer may want something else now.
 */
static void
tell_complete(const struct order_change_result *done,
    struct act_result *result)
{
	struct buf words = BUF_FIXED(result->detail);

	result->outcome = ACT_REFUSED;
	buf_putf(&words, "the family was quicker: its payment is applied, and "
	    "the order is %s", order_status_names[done->status]);
}

/* The queue writes an action with underscores, the acts with spaces. */
static enum status
change(struct clerk *clerk, const struct queued_request *request,
    struct act_result *result, struct err *err)
{
	char action[ACTION_SIZE];
	struct buf words = BUF_FIXED(action);
	const struct order_change change = {
		.order_id = request->order_id,
		.payment = strcmp(request->action, "attach") == 0
		    ? request->payment : NULL,
		.is_anyway = request->is_anyway,
		.action = action,
		.reason = text_or_null(request->reason),
		.amount_cents = request->amount_cents,
		.source = text_or_null(request->source),
		.reference = text_or_null(request->reference),
		.received_on = text_or_null(request->received_on),
		.zone = config_text(&clerk->app.config, SETTING_CLUB_TIMEZONE),
	};
	struct order_change_result done;
	enum status st;

	for (const char *at = request->action; *at != '\0'; at++)
		buf_putc(&words, *at == '_' ? ' ' : *at);
	st = order_change_apply(&clerk->app, &change, request->actor, true,
	    &done, err);
	*result = done.result;
	if (st == ST_OK && done.was_complete)
		tell_complete(&done, result);
	return st;
}

static enum status
carry_out(struct clerk *clerk, const struct queued_request *request,
    struct act_result *result, struct err *err)
{
	if (strcmp(request->action, "refund") == 0)
		return give_back(clerk, request, result, err);
	if (strcmp(request->action, "ask_stripe") == 0)
		return ask(clerk, request, result, err);
	return change(clerk, request, result, err);
}

/* 5 seconds, doubling to 5 minutes. */
static int
retry_wait_s(int attempts)
{
	int wait_s = RETRY_FIRST_S;

	while (--attempts > 0 && wait_s < RETRY_MOST_S)
		wait_s *= 2;
	return wait_s < RETRY_MOST_S ? wait_s : RETRY_MOST_S;
}

static bool
is_done(const struct act_result *result)
{
	return result->outcome == ACT_DONE || result->outcome == ACT_ALREADY;
}

static struct request_end
end_of(const struct queued_request *request, enum status st,
    const struct act_result *result, const struct err *err)
{
	switch (st) {
	case ST_OK:
		return (struct request_end){ is_done(result) ? "done"
		    : "refused", result->detail, 0 };
	/* The request cannot be done as it is: the treasurer reads why. */
	case ST_BAD_INPUT:
	case ST_CONFLICT:
	case ST_NOT_FOUND:
		return (struct request_end){ "refused", err->msg, 0 };
	/* This passes by itself. */
	case ST_UPSTREAM_BUSY:
	case ST_NOMEM:
		return (struct request_end){ "later", err->msg,
		    retry_wait_s(request->attempts) };
	/* A person must look: at the settings, or at what Stripe refused. */
	default:
		return (struct request_end){ "failed", err->msg, 0 };
	}
}

static void
log_end(const struct queued_request *request, const struct request_end *end)
{
	enum log_level level = LOG_INFO;

	if (strcmp(end->state, "failed") == 0)
		level = LOG_ERROR;
	else if (strcmp(end->state, "later") == 0)
		level = LOG_WARN;
	log_event(level, "request", LOG_NUM("id", request->request_id),
	    LOG_TEXT("action", request->action),
	    LOG_NUM("order", request->order_id),
	    LOG_TEXT("by", request->actor), LOG_TEXT("end", end->state),
	    LOG_TEXT("words", end->words), NULL);
}

/*
 * A request that the database kept from being done, or from being marked as
 * done, is claimed again: what Stripe did for it by then is found by the
 * request's id, and is not done twice.
 */
static enum status
do_one(struct clerk *clerk, const struct queued_request *request,
    struct err *err)
{
	struct act_result result = { .outcome = ACT_REFUSED };
	struct request_end end;
	enum status done = carry_out(clerk, request, &result, err);
	struct err why;
	enum status st;

	if (done == ST_DB || done == ST_DB_BUSY) {
		request_queue_let_go(clerk->queue);
		return done;
	}
	end = end_of(request, done, &result, err);
	log_end(request, &end);
	st = request_queue_finish(clerk->queue, request, &end, &why);
	if (st != ST_OK) {
		*err = why;
		return st;
	}
	/* Stripe is away for every request: the caller pauses. */
	return strcmp(end.state, "later") == 0 ? done : ST_OK;
}

static enum status
do_requests(struct clerk *clerk, bool (*told_to_stop)(void), bool *is_stopped,
    struct err *err)
{
	struct queued_request request;
	enum status st = ST_OK;

	while (st == ST_OK && !*is_stopped) {
		*is_stopped = told_to_stop();
		if (*is_stopped)
			return ST_OK;
		st = request_queue_claim(clerk->queue, &request, err);
		if (st == ST_OK)
			st = do_one(clerk, &request, err);
	}
	return st == ST_NOT_FOUND ? ST_OK : st;
}

/*
 * Requests go first, since a person waits for each of them; stray sessions can
 * wait for a turn.
 */
enum status
clerk_do_due(struct clerk *clerk, bool (*told_to_stop)(void),
    enum clerk_pause *pause, struct err *err)
{
	bool is_stopped = false;
	enum status st = do_requests(clerk, told_to_stop, &is_stopped, err);

	*pause = is_stopped ? CLERK_STOPPED : CLERK_IDLE;
	if (st == ST_OK && !is_stopped)
		st = session_expire_strays(&clerk->app, STRAYS_MAX, err);
	if (st != ST_OK)
		*pause = CLERK_IN_TROUBLE;
	store_tick(clerk->app.store);
	return st;
}
