#include "billing/repair/regenerate.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "billing/checkout.h"
#include "billing/facts/fetched_facts.h"
#include "billing/facts/fulfilment.h"
#include "billing/pay_link.h"
#include "billing/session_expire.h"
#include "store/adopt.h"
#include "store/reconcile.h"
#include "store/views.h"

enum { SESSIONS_MAX = 1000 };

/* A session as it is stored here. */
struct stored_session {
	char id[STORE_ID_SIZE];
	bool is_open_here;
	bool is_stray;		/* open at Stripe, and not here */
	bool is_adopted;	/* something else made it */
};

/* One order under repair. */
struct task {
	struct app *app;
	const struct regenerate_options *options;
	struct regeneration *out;
	struct checkout_order order;
	struct stored_session *sessions;
	size_t count;
	struct repair_plan plan;
	struct stripe_session weightiest;	/* as Stripe shows it */
	bool is_adopted;	/* the weightiest */
};

static int64_t
deadline(void)
{
	return clock_monotonic_ms() + CHECKOUT_DEADLINE_MS;
}

static enum status
keep_session(void *context, struct json_node row, struct err *err)
{
	struct task *task = context;
	struct stored_session *sessions;
	char status[STORE_STATUS_SIZE];
	enum status st;

	if (task->count == SESSIONS_MAX)
		return err_set(err, ST_TOO_LARGE,
		    "the order has more than %d sessions", SESSIONS_MAX);
	sessions = realloc(task->sessions,
	    (task->count + 1) * sizeof(*sessions));
	if (sessions == NULL)
		return err_set(err, ST_NOMEM, "no memory for sessions");
	task->sessions = sessions;
	sessions += task->count;
	*sessions = (struct stored_session){ .is_stray = false };
	st = json_get_text(row, "session_id", sessions->id,
	    sizeof(sessions->id), err);
	if (st == ST_OK)
		st = json_get_text(row, "status", status, sizeof(status), err);
	if (st == ST_OK)
		st = json_get_bool(row, "is_adopted", &sessions->is_adopted,
		    err);
	if (st != ST_OK)
		return st;
	sessions->is_open_here = strcmp(status, "open") == 0;
	task->count++;
	return ST_OK;
}

/* One session at Stripe; the weightiest so far is kept. */
static enum status
look_at(struct task *task, struct stored_session *stored, struct err *err)
{
	struct stripe_session shown = { .id = "" };
	struct seen_session seen = { stored->id, stored->is_open_here, NULL };
	enum status st;

	st = stripe_session_retrieve(task->app->stripe, stored->id,
	    deadline(), &shown, err);
	if (st == ST_OK)
		seen.shown = &shown;
	else if (st == ST_NOT_FOUND)
		st = fulfilment_check_unknown(task->app, stored->id, err);
	if (st != ST_OK)
		goto out;
	stored->is_stray = seen.shown != NULL && !stored->is_open_here &&
	    shown.status == SESSION_OPEN;
	if (repair_plan_add(&task->plan, &task->order, &seen)) {
		stripe_session_clear(&task->weightiest);
		task->weightiest = shown;
		task->is_adopted = stored->is_adopted;
		shown.doc = (struct json_doc){ .text = NULL };
	}
out:
	stripe_session_clear(&shown);
	return st;
}

static enum status
look(struct task *task, struct err *err)
{
	enum status st;

	st = store_order_sessions(task->app->store, task->order.order_id,
	    keep_session, task, err);
	for (size_t i = 0; st == ST_OK && i < task->count; i++)
		st = look_at(task, &task->sessions[i], err);
	return st;
}

static void
say(struct task *task, const char *reason)
{
	struct buf b = BUF_FIXED(task->out->reason);

	buf_puts(&b, reason);
}

/* The payment was known already: its place and reason are shown. */
static enum status
say_place(void *context, struct json_node row, struct err *err)
{
	struct task *task = context;
	struct buf b = BUF_FIXED(task->out->reason);

	(void)err;
	buf_puts(&b, task->plan.reason);
	buf_puts(&b, "; ");
	json_put_chars(&b, json_at(row, "place"));
	buf_puts(&b, ": ");
	json_put_chars(&b, json_at(row, "reason"));
	return ST_OK;
}

/* A payment that was recorded before is no repair: a second run finds nothing
 * to do. */
static enum status
say_fulfilled(struct task *task, const struct record_effect *effect,
    struct err *err)
{
	struct buf b = BUF_FIXED(task->out->reason);

	memcpy(task->out->status, effect->after, sizeof(effect->after));
	if (!effect->result.is_news) {
		task->out->repair = REPAIR_LEAVE;
		return store_payment_detail(task->app->store,
		    task->plan.session_id, say_place, task, err);
	}
	buf_puts(&b, task->plan.reason);
	if (effect->result.reason[0] != '\0')
		buf_putf(&b, "; %s: %s", outcome_name(effect->result.outcome),
		    effect->result.reason);
	return ST_OK;
}

/* Records what the weightiest session says; tries it without commit. */
static enum status
fulfil(struct task *task, struct record_effect *effect, struct err *err)
{
	struct app *app = task->app;
	struct buf items = BUF_INIT(FACT_ITEM_MAX);
	struct fact_item item;
	enum status st;

	if (!fact_from_session(&task->weightiest,
	    config_livemode(&app->config), &item))
		return err_set(err, ST_BUG, "%s is open and says nothing",
		    task->weightiest.id);
	buf_putc(&items, '[');
	fact_item_put(&items, &item);
	buf_putc(&items, ']');
	st = buf_check(&items, "an answer", err);
	if (st == ST_OK)
		st = store_record_answers(app->store, buf_str(&items), 1,
		    task->options->commit, effect, err);
	if (st == ST_OK && task->options->commit && effect->result.is_alarm)
		fulfilment_log("session", task->weightiest.id, &effect->result);
	buf_clear(&items);
	return st;
}

/*
 * What the family is sent: our link, which outlasts the session; once the
 * tournament's day is over only the session's own address is left.
 */
static enum status
put_link(struct task *task, const struct checkout *checkout, struct err *err)
{
	struct buf link = BUF_FIXED(task->out->link);
	enum status st;

	st = pay_link_make(task->app->store, &task->app->config,
	    &(struct pay_link_request){ .kind = PAY_LINK_TOURNAMENT,
	    .id = task->order.order_id }, &link, err);
	if (st != ST_GONE)
		return st;
	buf_puts(&link, checkout->order.session.url);
	return buf_check(&link, "the session's address", err);
}

static void
set_status(struct regeneration *out, enum order_status status)
{
	struct buf text = BUF_FIXED(out->status);

	buf_puts(&text, order_status_names[status]);
}

/* Another click may have been first, or the family may have paid meanwhile. */
static enum status
say_replaced(struct task *task, const struct checkout *checkout,
    struct err *err)
{
	struct regeneration *out = task->out;

	set_status(out, checkout->order.status);
	switch (checkout->outcome) {
	case CHECKOUT_GO:
		if (checkout->is_minted)
			return put_link(task, checkout, err);
		out->repair = REPAIR_LEAVE;
		say(task, "it has another session meanwhile");
		return ST_OK;
	case CHECKOUT_REVIEW:
		out->repair = REPAIR_FULFIL;
		say(task, "completed meanwhile; not the order's as it is");
		return ST_OK;
	case CHECKOUT_PAID:
	case CHECKOUT_PROCESSING:
	case CHECKOUT_WAIVED:
	case CHECKOUT_CLOSED:
		break;
	}
	out->repair = REPAIR_FULFIL;
	say(task, "completed meanwhile");
	return ST_OK;
}

/*
 * The payment makes the order leave `pending`: its open session is ended before
 * that.  If it was paid as well, its own payment is recorded too.
 */
static enum status
end_open(struct task *task, struct err *err)
{
	const struct repair_plan *plan = &task->plan;
	bool is_complete;

	if (!task->options->commit || plan->open_id[0] == '\0' ||
	    strcmp(plan->open_id, plan->session_id) == 0)
		return ST_OK;
	return session_expire(task->app, plan->open_id, deadline(),
	    &is_complete, err);
}

/* *is_complete: one was paid by now, so the family must not be asked again. */
static enum status
end_strays(struct task *task, bool *is_complete, struct err *err)
{
	enum status st = ST_OK;

	*is_complete = false;
	for (size_t i = 0; st == ST_OK && !*is_complete && i < task->count; i++)
		if (task->sessions[i].is_stray)
			st = session_expire(task->app,
			    task->sessions[i].id, deadline(), is_complete,
			    err);
	return st;
}

static enum status
mint(struct task *task, struct err *err)
{
	const struct checkout_replacement replacement = {
		.order_id = task->order.order_id,
		.session_id = repair_plan_replaced(&task->plan,
		    task->options->force),
		.deadline_ms = deadline(),
	};
	struct checkout checkout;
	enum status st = checkout_replace(task->app, &replacement, &checkout,
	    err);

	return st == ST_OK ? say_replaced(task, &checkout, err) : st;
}

static enum status
replace(struct task *task, struct err *err)
{
	bool is_complete = false;
	struct record_effect effect;
	enum status st = ST_OK;

	say(task, task->plan.reason);
	if (!task->options->commit)
		return ST_OK;
	/* A failed debit is recorded before the family is asked again. */
	if (task->plan.found == FOUND_FAILED)
		st = fulfil(task, &effect, err);
	if (st == ST_OK)
		st = end_strays(task, &is_complete, err);
	if (st != ST_OK)
		return st;
	if (!is_complete)
		return mint(task, err);
	task->out->repair = REPAIR_FULFIL;
	say(task, "completed meanwhile");
	return ST_OK;
}

/*
 * Who paid in the weightiest session.  One that we minted was reached by the
 * family's own link, whoever pays; one that something else made may have been
 * given to the wrong family, or listed for the wrong order.
 */
static enum status
look_at_payer(struct task *task, struct err *err)
{
	const struct stripe_session *session = &task->weightiest;
	struct regeneration *out = task->out;
	char doubt[STORE_DOUBT_SIZE];
	enum status st;

	memcpy(out->payer_name, session->payer_name, sizeof(out->payer_name));
	memcpy(out->payer_email, session->email, sizeof(out->payer_email));
	if (!task->is_adopted || task->options->is_anyway)
		return ST_OK;
	st = store_session_doubt(task->app->store, task->order.order_id,
	    &(struct store_payer){ session->customer, session->email,
	    session->payer_name }, doubt, err);
	if (st == ST_OK && doubt[0] != '\0') {
		out->repair = REPAIR_REFUSE;
		say(task, doubt);
	}
	return st;
}

static enum status
repair(struct task *task, struct err *err)
{
	struct record_effect effect = { .after = "" };
	enum status st;

	if (task->order.status != ORDER_PENDING) {
		say(task, "not pending any more");
		return ST_OK;
	}
	st = look(task, err);
	if (st != ST_OK)
		return st;
	task->out->repair = repair_plan_decide(&task->plan,
	    task->options->force);
	switch (task->out->repair) {
	case REPAIR_LEAVE:
		say(task, task->plan.reason);
		return ST_OK;
	case REPAIR_REPLACE:
		return replace(task, err);
	case REPAIR_FULFIL:
	case REPAIR_REFUSE:
	case REPAIR_MAX:
		break;
	}
	st = look_at_payer(task, err);
	if (st != ST_OK || task->out->repair == REPAIR_REFUSE)
		return st;
	st = end_open(task, err);
	if (st == ST_OK)
		st = fulfil(task, &effect, err);
	return st == ST_OK ? say_fulfilled(task, &effect, err) : st;
}

enum status
regenerate_order(struct app *app, int64_t order_id,
    const struct regenerate_options *options,
    struct regeneration *regeneration, struct err *err)
{
	struct task task = { .app = app, .options = options,
	    .out = regeneration };
	enum status st;

	*regeneration = (struct regeneration){ .repair = REPAIR_LEAVE };
	st = store_checkout_order(app->store, order_id,
	    config_livemode(&app->config), &task.order, err);
	if (st == ST_OK) {
		set_status(regeneration, task.order.status);
		st = repair(&task, err);
	}
	stripe_session_clear(&task.weightiest);
	free(task.sessions);
	return st;
}
