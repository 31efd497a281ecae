/*
 * Many orders are paid while a third of Stripe's events is never sent, a third
 * comes twice, and none comes in its order; reconcile finds the rest.  Every
 * order is paid exactly once (invariants 1, 2 and 7).  TEAMDUES_CHAOS_ORDERS
 * says how many there are.
 */
#include <stdio.h>
#include <stdlib.h>

#include "reconcile.h"
#include "seed.h"
#include "sql.h"

enum { ORDERS = 100, AMOUNT = 15000, LINE_SIZE = 512,
	ARRIVE_MS = 300 * 1000 };

static int
order_count(void)
{
	return (int)seed_setting("TEAMDUES_CHAOS_ORDERS", ORDERS);
}

static void
lose_and_double_events(struct stack *stack)
{
	uint64_t seed = seed_first() % 1000000;
	char body[LINE_SIZE];

	snprintf(body, sizeof(body), "{\"enabled\":false,\"drop_fraction\":"
	    "0.33,\"duplicate\":0.33,\"shuffle\":true,\"seed\":%llu}",
	    (unsigned long long)seed);
	json_object_put(standin_call(stack, "POST", "deliveries", body));
}

/* Most by card, some by a bank debit that settles. */
static void
pay(struct stack *stack, int64_t order_id, int i)
{
	char id[SESSION_ID_SIZE];

	club_click_through(stack, order_id, id);
	if (i % 4 != 0) {
		standin_act(stack, id, "pay", NULL);
		return;
	}
	standin_act(stack, id, "bank", NULL);
	standin_act(stack, id, "settle", NULL);
}

/* The events in this state; the caller puts the array. */
static struct json_object *
events_in(struct stack *stack, const char *state)
{
	struct json_object *all = standin_call(stack, "GET", "deliveries",
	    NULL);
	struct json_object *found = json_object_new_array();

	for (size_t i = 0; i < json_object_array_length(all); i++) {
		struct json_object *event = json_object_array_get_idx(all, i);

		if (strcmp(json_text_at(event, "state"), state) == 0)
			json_object_array_add(found, json_object_get(event));
	}
	json_object_put(all);
	return found;
}

static size_t
count_events(struct stack *stack, const char *state)
{
	struct json_object *found = events_in(stack, state);
	size_t count = json_object_array_length(found);

	json_object_put(found);
	return count;
}

/* The list is long: it is not asked for too often. */
static void
let_events_arrive(struct stack *stack)
{
	const struct timespec pause = { 0, 300 * 1000 * 1000 };
	int64_t deadline_ms = monotonic_ms() + ARRIVE_MS;

	standin_deliver(stack, true);
	while (count_events(stack, "pending") > 0) {
		wait_a_moment(deadline_ms, "events to arrive");
		nanosleep(&pause, NULL);
	}
}

/* What was lost comes after all. */
static void
deliver_the_lost(struct stack *stack)
{
	struct json_object *lost = events_in(stack, "dropped");

	for (size_t i = 0; i < json_object_array_length(lost); i++) {
		char path[LINE_SIZE];

		snprintf(path, sizeof(path), "events/%s/deliver", json_text_at(
		    json_object_array_get_idx(lost, i), "event"));
		json_object_put(standin_call(stack, "POST", path, "{}"));
	}
	json_object_put(lost);
}

/* Of the tournament: how many orders, and how many of them are paid once. */
static int64_t
count_orders(struct stack *stack, const struct club *club, bool is_paid_once)
{
	return sql_int(stack, "select count(*) from teamdues.order_overview o "
	    "where o.tournament_id = %lld and (not %s or o.status = 'paid' "
	    "and o.paid_at is not null and o.refunded_cents = 0 and (select "
	    "count(*) from teamdues.payments p where "
	    "p.matched_order_id = o.order_id and p.place = 'order' and "
	    "p.amount_cents = o.amount_cents and "
	    "p.payment_intent_id = o.payment_intent_id) = 1)",
	    (long long)club->tournament_id, is_paid_once ? "true" : "false");
}

static void
test_every_order_is_paid_once(void **state)
{
	struct stack *stack = *state;
	int count = order_count();
	int64_t order_id, paid;
	size_t lost;
	struct club club;
	struct run run;

	club_make(stack, AMOUNT, &club);
	order_id = club.order_id;
	lose_and_double_events(stack);
	for (int i = 0; i < count; i++) {
		if (i > 0)
			order_id = club_add_order(stack, &club);
		pay(stack, order_id, i);
	}
	assert_int_equal(count_orders(stack, &club, true), 0);
	let_events_arrive(stack);
	lost = count_events(stack, "dropped");
	paid = count_orders(stack, &club, true);
	print_message("%zu events lost; %lld of %d orders paid by the rest\n",
	    lost, (long long)paid, count);
	assert_true(lost > 0 && paid > 0 && paid < count);

	COMMAND(stack, &run, 0, "reconcile", "--commit");
	print_message("reconcile took %lld ms\n", (long long)run.ms);
	run_clear(&run);
	assert_int_equal(count_orders(stack, &club, false), count);
	assert_int_equal(count_orders(stack, &club, true), count);
	reconcile_is_done(stack);

	deliver_the_lost(stack);
	assert_int_equal(count_orders(stack, &club, true), count);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.unmatched_overview"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECONCILE_TEST(test_every_order_is_paid_once),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
