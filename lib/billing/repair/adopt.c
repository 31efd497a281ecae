/*
 * A list is brought to the database twice.  The first time, without commit,
 * finds every fault before anything is changed; then sessions are ended at
 * Stripe; the second time commits.  A click may open another session in
 * between, so the last two steps are repeated.
 */
#include "billing/repair/adopt.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "billing/facts/fetched_facts.h"
#include "billing/repair/session_check.h"
#include "billing/session_expire.h"

enum { DEADLINE_MS = 20000 };

static const char *
shown_name(enum session_status status)
{
	static const char *const names[SESSION_STATUS_MAX] = {
		[SESSION_OPEN] = "open",
		[SESSION_COMPLETE] = "complete",
		[SESSION_EXPIRED] = "expired",
	};

	return names[status];
}

/*
 * Faults that the database need not be asked for.  Metadata of another order
 * are one of them: each payment in the session would be matched by these.
 */
static void
check_session(const struct checkout_order *order,
    const struct stripe_session *session, bool livemode, struct buf *fault)
{
	if (session->livemode != livemode)
		buf_putf(fault, "made in %s mode",
		    session->livemode ? "live" : "test");
	else if (strcmp(session->mode, "payment") != 0)
		buf_putf(fault, "not in payment mode, but %s", session->mode);
	else
		(void)session_names_another(order, session, fault);
}

/* One list on its way. */
struct task {
	struct app *app;
	const struct adopt_options *options;
	struct adopt_list *list;
};

/*
 * Builds line->request; session NULL: Stripe does not know it.  Built anew
 * after the session was ended, when it states another fact.
 */
static enum status
make_request(const struct task *task, struct adopt_line *line,
    const struct stripe_session *session, struct err *err)
{
	bool livemode = config_livemode(&task->app->config);
	struct new_session stored = { .id = NULL };
	struct fact_item item = { .event_id = NULL };
	bool is_told = false;

	buf_reset(&line->request);
	if (session != NULL) {
		stored = (struct new_session){ session->id, session->url,
		    session->amount_total, session->currency,
		    session->livemode, session->created,
		    session->expires_at };
		is_told = fact_from_session(session, livemode, &item);
	}
	store_adopt_put(&line->request, &(struct adopt_request){
		.order_id = line->order_id,
		.session_id = line->session_id,
		.session = session != NULL ? &stored : NULL,
		.item = is_told ? &item : NULL,
		.customer_id = session != NULL ? session->customer : "",
		.email = line->payer_email,
		.payer_name = line->payer_name,
		.is_anyway = task->options->is_anyway,
	});
	return buf_check(&line->request, "a session", err);
}

/* The report is written when the session is freed already. */
static void
keep_shown(struct adopt_line *line, const struct stripe_session *session)
{
	line->shown = shown_name(session->status);
	memcpy(line->payer_name, session->payer_name,
	    sizeof(line->payer_name));
	memcpy(line->payer_email, session->email, sizeof(line->payer_email));
	line->amount_cents = session->amount_total;
	memcpy(line->currency, session->currency, sizeof(line->currency));
}

/*
 * Asks Stripe for the line's session, and builds its request and its fault.  A
 * session with a fault is brought without its content: the database then only
 * says whether it is the order's already (settle_fault).
 */
static enum status
look(const struct task *task, struct adopt_line *line, struct err *err)
{
	struct app *app = task->app;
	bool livemode = config_livemode(&app->config);
	struct buf fault = BUF_FIXED(line->fault);
	struct stripe_session session = { .id = "" };
	struct checkout_order order;
	bool is_lost, is_unknown;
	enum status st;

	st = stripe_session_retrieve(app->stripe, line->session_id,
	    clock_monotonic_ms() + DEADLINE_MS, &session, err);
	is_lost = st == ST_NOT_FOUND;
	if (st == ST_OK || is_lost)
		st = store_checkout_order(app->store, line->order_id,
		    livemode, &order, err);
	is_unknown = st == ST_NOT_FOUND;
	if (is_unknown)
		st = ST_OK;
	if (st != ST_OK)
		goto out;
	if (!is_lost) {
		keep_shown(line, &session);
		if (!is_unknown)
			check_session(&order, &session, livemode, &fault);
	}
	st = make_request(task, line, is_lost || line->fault[0] != '\0'
	    ? NULL : &session, err);
out:
	stripe_session_clear(&session);
	return st;
}

static bool
is_malformed(const struct adopt_line *line)
{
	return line->request.len == 0;
}

static enum status
exchange(const struct task *task, bool commit, struct adoption *adoptions,
    struct err *err)
{
	struct adopt_list *list = task->list;
	struct buf text = BUF_INIT((list->count + 1) * ADOPT_REQUEST_MAX);
	struct json_out requests = JSON_OUT(&text);
	int count = 0;
	enum status st;

	json_out_array(&requests, NULL);
	for (size_t i = 0; i < list->count; i++) {
		if (is_malformed(&list->lines[i]))
			continue;
		json_out_source(&requests, NULL, &list->lines[i].request);
		count++;
	}
	json_out_end(&requests);
	st = store_adopt(task->app->store, &text, count, task->options->actor,
	    commit, adoptions, err);
	/* The database answers with a row for each request, in their order. */
	for (size_t i = 0; st == ST_OK && i < list->count; i++)
		if (!is_malformed(&list->lines[i]))
			list->lines[i].adoption = *adoptions++;
	buf_clear(&text);
	return st;
}

/* All at once: the lines are adopted in one transaction or not at all. */
static enum status
ask_store(const struct task *task, bool commit, struct err *err)
{
	struct adoption *adoptions = calloc(task->list->count + 1,
	    sizeof(*adoptions));
	enum status st;

	if (adoptions == NULL)
		return err_set(err, ST_NOMEM, "no memory for the sessions");
	st = exchange(task, commit, adoptions, err);
	free(adoptions);
	return st;
}

/*
 * A session that is the order's already has no fault, so that a list may be
 * imported again after a failure.
 */
static void
settle_fault(struct adopt_line *line)
{
	const struct adoption *adoption = &line->adoption;
	struct buf fault = BUF_FIXED(line->fault);

	switch (adoption->result) {
	case ADOPT_SAME:
		line->fault[0] = '\0';
		break;
	case ADOPT_OTHER:
		buf_putf(&fault, "%s is known under order %" PRId64,
		    line->session_id, adoption->known_order_id);
		break;
	case ADOPT_UNKNOWN_ORDER:
		buf_putf(&fault, "there is no order %" PRId64, line->order_id);
		break;
	case ADOPT_LOST:
		if (line->fault[0] == '\0')
			buf_putf(&fault, "Stripe does not know %s",
			    line->session_id);
		break;
	case ADOPT_TAKEN:
	case ADOPT_END:
	case ADOPT_FIRST:
	case ADOPT_DOUBT:
		break;
	}
}

static enum status
settle_faults(struct adopt_list *list, struct err *err)
{
	size_t bad = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct adopt_line *line = &list->lines[i];

		if (!is_malformed(line))
			settle_fault(line);
		bad += line->fault[0] != '\0';
	}
	if (bad == 0)
		return ST_OK;
	return err_set(err, ST_BAD_INPUT, "bad lines: %zu", bad);
}

static bool
must_end(const struct adopt_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		enum adopt_result result = list->lines[i].adoption.result;

		if (!is_malformed(&list->lines[i]) &&
		    (result == ADOPT_END || result == ADOPT_FIRST))
			return true;
	}
	return false;
}

/*
 * ADOPT_FIRST: the order's open session is ended, as the line brings a payment;
 * if it was complete, the line's is a second payment, and the report says so.
 * ADOPT_END: the line's own session is ended, and Stripe is asked for it anew.
 */
static enum status
end_session(const struct task *task, struct adopt_line *line, struct err *err)
{
	struct app *app = task->app;
	int64_t deadline_ms = clock_monotonic_ms() + DEADLINE_MS;
	bool is_complete;
	enum status st;

	if (line->adoption.result == ADOPT_FIRST) {
		st = session_expire(app, line->adoption.open_session_id,
		    deadline_ms, &is_complete, err);
		line->is_alone = st == ST_OK && !is_complete;
		return st;
	}
	st = session_expire(app, line->session_id, deadline_ms,
	    &is_complete, err);
	line->is_ended = st == ST_OK && !is_complete;
	return st == ST_OK ? look(task, line, err) : st;
}

static enum status
end_sessions(const struct task *task, struct err *err)
{
	struct adopt_list *list = task->list;
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < list->count; i++) {
		enum adopt_result result = list->lines[i].adoption.result;

		if (result == ADOPT_END || result == ADOPT_FIRST)
			st = end_session(task, &list->lines[i], err);
	}
	return st;
}

/* No line has a fault: ends what must be ended, and stores all of them. */
static enum status
commit_list(const struct task *task, struct err *err)
{
	for (int i = 0; i < EXPIRE_ROUNDS_MAX; i++) {
		enum status st = end_sessions(task, err);

		if (st == ST_OK)
			st = ask_store(task, true, err);
		if (st == ST_OK)
			st = settle_faults(task->list, err);
		if (st != ST_OK || !must_end(task->list))
			return st;
	}
	return session_expire_give_up(err);
}

enum status
adopt_sessions(struct app *app, struct adopt_list *list,
    const struct adopt_options *options, struct err *err)
{
	const struct task task = { app, options, list };
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < list->count; i++)
		if (list->lines[i].fault[0] == '\0')
			st = look(&task, &list->lines[i], err);
	if (st == ST_OK)
		st = ask_store(&task, false, err);
	if (st == ST_OK)
		st = settle_faults(list, err);
	return st == ST_OK && options->commit ? commit_list(&task, err) : st;
}
