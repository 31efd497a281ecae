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

/* Stripe would refuse the session, when the family is already clicking. */
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

/* Says what stands in the way now, and which session is open. */
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
	/* Done, the order shows what is left already. */
	if (st == ST_OK && !commit)
		st = check_minimum(task->change, &order, err);
	if (st != ST_OK)
		return st;
	memcpy(done->session_id, order.session.id, sizeof(done->session_id));
	done->status = order.status;
	return ST_OK;
}

/* Ends the open session; one that was complete is what the act stops at. */
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
		if (st != ST_OK || done->was_complete ||
		    done->result.outcome != ACT_REFUSED ||
		    done->status != ORDER_PENDING)
			return st;
	}
	return session_expire_give_up(err);
}
