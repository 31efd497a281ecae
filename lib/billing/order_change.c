/*
 * The database refuses to change an order that has an open session.  So the act
 * is tried first, without a change, then the session is ended, then the act is
 * done; a click that opens another session in between costs one more round.
 */
#include "billing/order_change.h"

#include <string.h>

#include "base/clock.h"
#include "base/money.h"
#include "billing/session_expire.h"

enum { CLOSE_DEADLINE_MS = 30000, LEAST_SIZE = 64 };

/* One act on its way. */
struct task {
	struct app *app;
	const struct order_change *change;
	const char *actor;
	struct order_change_result *done;
};

/*
 * What Stripe would not charge is refused here, where the treasurer can type
 * another amount: later the family would meet the error.  Zero leaves nothing
 * to charge.
 */
static enum status
check_minimum(const struct order_change *change,
    const struct checkout_order *order, struct err *err)
{
	bool is_part = change->source != NULL;
	int64_t asked_cents = is_part ? order->left_cents -
	    change->amount_cents : change->amount_cents;
	char text[LEAST_SIZE];
	struct buf least = BUF_FIXED(text);

	if (change->amount_cents == 0 || asked_cents <= 0 ||
	    money_is_chargeable(asked_cents, order->currency, &least))
		return ST_OK;
	return err_set(err, ST_BAD_INPUT, "%s%s",
	    is_part ? "the rest could not be paid online: " : "", text);
}

/* Tries the act, or does it, and reads which session is in its way. */
static enum status
look(struct task *task, bool commit, struct err *err)
{
	struct app *app = task->app;
	struct order_change_result *done = task->done;
	struct checkout_order order;
	enum status st;

	st = store_change_order(app->store, task->change, task->actor,
	    commit, &done->result, err);
	if (st != ST_OK || done->result.outcome == ACT_UNKNOWN)
		return st;
	st = store_checkout_order(app->store, task->change->order_id,
	    config_livemode(&app->config), &order, err);
	/*
	 * After the commit left_cents is what the act has left: the check would
	 * subtract twice.
	 */
	if (st == ST_OK && !commit)
		st = check_minimum(task->change, &order, err);
	if (st != ST_OK)
		return st;
	memcpy(done->session_id, order.session.id, sizeof(done->session_id));
	done->status = order.status;
	return ST_OK;
}

/*
 * A session that was complete stops the act: the order is not as the treasurer
 * saw it.  The answer names that session, and the order's new status.
 */
static enum status
end_session(struct task *task, int64_t deadline_ms, struct err *err)
{
	struct order_change_result *done = task->done;
	char session_id[STORE_ID_SIZE];
	enum status st;

	memcpy(session_id, done->session_id, sizeof(session_id));
	st = session_expire(task->app, session_id, deadline_ms,
	    &done->was_complete, err);
	if (st != ST_OK || !done->was_complete) {
		done->ended += st == ST_OK;
		return st;
	}
	st = look(task, false, err);
	memcpy(done->session_id, session_id, sizeof(session_id));
	done->result.outcome = ACT_REFUSED;
	return st;
}

enum status
order_change_apply(struct app *app, const struct order_change *change,
    const char *actor, bool commit, struct order_change_result *done,
    struct err *err)
{
	struct task task = { app, change, actor, done };
	/* For all rounds together. */
	int64_t deadline_ms = clock_monotonic_ms() + CLOSE_DEADLINE_MS;
	enum status st;

	*done = (struct order_change_result){ .ended = 0 };
	st = look(&task, false, err);
	if (st != ST_OK || !commit || done->result.outcome != ACT_DONE)
		return st;
	for (int round = 0; round < EXPIRE_ROUNDS_MAX; round++) {
		if (done->session_id[0] != '\0')
			st = end_session(&task, deadline_ms, err);
		if (st == ST_OK && !done->was_complete)
			st = look(&task, true, err);
		/*
		 * The first look found no other obstacle: a refusal of a
		 * pending order means that a click has opened a session.
		 */
		if (st != ST_OK || done->was_complete ||
		    done->result.outcome != ACT_REFUSED ||
		    done->status != ORDER_PENDING)
			return st;
	}
	return session_expire_give_up(err);
}
