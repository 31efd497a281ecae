/*
 * The database refuses to change the quantity while a session asks for the old
 * amount.  No transaction is open while Stripe ends that session, so a click
 * may open another one: then there is one more round.
 */
#include "billing/order_place.h"

#include "base/clock.h"
#include "billing/session_expire.h"

/* For all rounds: a family waits for the page. */
enum { CLOSE_DEADLINE_MS = 10000 };

/* What is asked for: one of the two. */
struct any_request {
	const struct order_request *order;
	const struct jersey_request *jersey;
};

static enum status
try_place(struct app *app, const struct any_request *request,
    struct order_result *result, struct err *err)
{
	if (request->jersey != NULL)
		return store_place_jersey(app->store, request->jersey, result,
		    err);
	return store_place_order(app->store, request->order, result, err);
}

static enum status
place(struct app *app, const struct any_request *request,
    struct order_result *result, struct err *err)
{
	int64_t deadline_ms = clock_monotonic_ms() + CLOSE_DEADLINE_MS;
	bool is_complete = false;
	enum status st;

	for (int round = 0; round < EXPIRE_ROUNDS_MAX; round++) {
		st = try_place(app, request, result, err);
		if (st != ST_OK || result->outcome != PLACE_OPEN)
			return st;
		st = session_expire(app, result->session_id, deadline_ms,
		    &is_complete, err);
		if (st != ST_OK)
			return st;
		/* Paid as it was: the new quantity comes too late. */
		if (is_complete) {
			result->outcome = PLACE_PLACED;
			return ST_OK;
		}
	}
	return session_expire_give_up(err);
}

enum status
order_place(struct app *app, const struct order_request *request,
    struct order_result *result, struct err *err)
{
	return place(app, &(const struct any_request){ .order = request },
	    result, err);
}

enum status
order_place_jersey(struct app *app, const struct jersey_request *request,
    struct order_result *result, struct err *err)
{
	return place(app, &(const struct any_request){ .jersey = request },
	    result, err);
}
