/*
 * Two treasurers at once, each in a browser: what both ask for in the same
 * moment is done once, or one of them is told to look again.  Invariants 1, 8
 * and 9.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "desk.h"
#include "process.h"
#include "scene.h"
#include "sql.h"

enum { RIVALS = 2, RACES = 4 };

#define PAIRS(...) (const struct form_pair[]){ __VA_ARGS__, { NULL, NULL } }

/* A form whose last button is still to be pressed. */
struct ready {
	struct desk_browser browser;
	const char *path;
	char *body;
	char cookie[HTTP_VALUE_SIZE];
	char origin[HTTP_VALUE_SIZE];
};

static void
take_seen(const struct http_answer *answer, char seen[TOKEN_SIZE])
{
	static const char field[] = "name=\"seen\" value=\"";
	const char *at = strstr(answer->body, field);

	snprintf(seen, TOKEN_SIZE, "%.*s", at != NULL
	    ? (int)strcspn(at + strlen(field), "\"") : 0,
	    at != NULL ? at + strlen(field) : "");
}

/* Sends the form, which has to be shown, and keeps what its button sends. */
static void
make_ready(struct stack *stack, const char *path,
    const struct form_pair *pairs, struct ready *ready)
{
	struct form_pair sent[FORM_PAIRS_MAX] = { { NULL, NULL } };
	char token[TOKEN_SIZE], seen[TOKEN_SIZE];
	struct http_answer answer;
	size_t count = 0;

	desk_enter(stack, "treasurer", &ready->browser);
	desk_post(stack, &ready->browser, path, pairs, &answer);
	http_assert_status(&answer, 200);
	desk_token(&answer, path, token);
	take_seen(&answer, seen);
	http_answer_clear(&answer);
	for (; pairs[count].name != NULL; count++)
		sent[count] = pairs[count];
	sent[count++] = (struct form_pair){ "form", token };
	sent[count++] = (struct form_pair){ "confirm", "yes" };
	if (seen[0] != '\0')
		sent[count++] = (struct form_pair){ "seen", seen };
	assert_true(count < FORM_PAIRS_MAX);
	ready->path = path;
	ready->body = malloc(FORM_SIZE);
	assert_non_null(ready->body);
	form_encode(sent, ready->body);
	snprintf(ready->cookie, sizeof(ready->cookie),
	    "Cookie: __Host-teamdues=%s", ready->browser.session);
	snprintf(ready->origin, sizeof(ready->origin), "Origin: %s",
	    stack_setting(stack, "SITE_URL"));
}

/* Presses buttons at the same time; how many requests were not refused. */
static int
press(struct stack *stack, struct ready *ready, size_t count)
{
	struct http_request requests[RIVALS];
	struct http_answer answers[RIVALS];
	int taken = 0;

	for (size_t i = 0; i < count; i++)
		requests[i] = (struct http_request){ .method = "POST",
		    .target = ready[i].path, .from = ready[i].browser.address,
		    .headers = { ready[i].cookie, ready[i].origin,
		        "Accept: text/html" },
		    .body = ready[i].body, .len = strlen(ready[i].body) };
	http_send_all(stack, requests, count, answers);
	for (size_t i = 0; i < count; i++) {
		char location[HTTP_VALUE_SIZE];

		http_assert_status(&answers[i], 303);
		http_header(&answers[i], "Location", location);
		taken += sql_int(stack, "select count(*) from "
		    "teamdues.desk_requests where request_id = %s and state "
		    "<> 'refused'", strchr(location, '=') + 1) == 1;
		http_answer_clear(&answers[i]);
		free(ready[i].body);
	}
	return taken;
}

static int
press_both(struct stack *stack, const char *path,
    const struct form_pair *pairs, const char *other_path,
    const struct form_pair *other_pairs)
{
	struct ready ready[RIVALS];

	make_ready(stack, path, pairs, &ready[0]);
	make_ready(stack, other_path, other_pairs, &ready[1]);
	return press(stack, ready, RIVALS);
}

static void
await_clerk(struct stack *stack)
{
	WAIT_UNTIL(30, sql_int(stack, "select count(*) from "
	    "teamdues.desk_requests where state in ('queued', 'working')")
	    == 0);
}

static void
assert_given(struct stack *stack, const char *session, int64_t cents)
{
	char intent[SESSION_ID_SIZE];
	int64_t sum;

	intent_of(stack, session, intent);
	assert_int_equal(standin_refund_count(stack, intent, &sum), 1);
	assert_int_equal(sum, cents);
}

/* Both heard of the sibling, and each gives the 20.00 back. */
static void
test_one_refund_by_two(void **state)
{
	char id[WORD_SIZE];
	struct scene s;

	scene_open(*state, &s);
	standin_act(s.stack, s.session, "pay", NULL);
	events_arrive(s.stack);
	word_of(id, s.club.order_id);
	const struct form_pair *pairs = PAIRS({ "order_id", id },
	    { "amount", "20" }, { "reason", "a sibling" });
	assert_int_equal(press_both(s.stack, "/desk/order/refund", pairs,
	    "/desk/order/refund", pairs), 1);
	await_clerk(s.stack);
	events_arrive(s.stack);
	assert_given(s.stack, s.session, 2000);
	scene_assert_status(&s, "partially_refunded");
	treasurer_leave(&s.ruth);
}

/* One of them from the order, the other from the payment. */
static void
test_one_refund_from_two_pages(void **state)
{
	char id[WORD_SIZE];
	struct scene s;

	scene_open(*state, &s);
	standin_act(s.stack, s.session, "pay", NULL);
	events_arrive(s.stack);
	word_of(id, s.club.order_id);
	assert_int_equal(press_both(s.stack, "/desk/order/refund",
	    PAIRS({ "order_id", id }, { "amount", "20" }, { "reason", "x" }),
	    "/desk/unmatched/refund", PAIRS({ "payment", s.session },
	    { "amount", "20" }, { "reason", "x" })), 1);
	await_clerk(s.stack);
	events_arrive(s.stack);
	assert_given(s.stack, s.session, 2000);
	treasurer_leave(&s.ruth);
}

/*
 * The second looked before the first had given back, and presses after it, when
 * Stripe's event has not come yet.
 */
static void
test_one_refund_of_no_order(void **state)
{
	struct stack *stack = *state;
	char session[SESSION_ID_SIZE];
	struct ready ready[RIVALS];

	standin_deliver(stack, true);
	shop_session(stack, "&mode=payment", session);
	standin_act(stack, session, "pay", NULL);
	events_arrive(stack);
	for (int i = 0; i < RIVALS; i++)
		make_ready(stack, "/desk/unmatched/refund",
		    PAIRS({ "payment", session }, { "amount", "20" },
		    { "reason", "too much" }), &ready[i]);
	standin_deliver(stack, false);
	assert_int_equal(press(stack, &ready[0], 1), 1);
	await_clerk(stack);
	assert_int_equal(press(stack, &ready[1], 1), 0);
	assert_given(stack, session, 2000);
}

/* The same cash, while the family has the payment page open: the clerk has to
 * end that first. */

static void
test_one_cash_by_two(void **state)
{
	char id[WORD_SIZE];
	struct scene s;

	scene_open(*state, &s);
	word_of(id, s.club.order_id);
	assert_int_equal(press_both(s.stack, "/desk/order/record-payment",
	    PAIRS({ "order_id", id }, { "amount", "50" }, { "source", "cash" },
	    { "reference", "box" }), "/desk/order/record-payment",
	    PAIRS({ "order_id", id }, { "amount", "50" }, { "source", "cash" },
	    { "reference", "cash box" })), 1);
	await_clerk(s.stack);
	assert_int_equal(sql_int(s.stack, "select sum(amount_cents) from "
	    "teamdues.recorded_payments where order_id = %s", id), 5000);
	treasurer_leave(&s.ruth);
}

static void
test_opposite_acts(void **state)
{
	struct scene s;

	scene_make(*state, &s);
	for (int i = 0; i < RACES; i++) {
		char id[WORD_SIZE];

		club_make(s.stack, SCENE_AMOUNT, &s.club);
		word_of(id, s.club.order_id);
		assert_int_equal(press_both(s.stack, "/desk/order/waive",
		    PAIRS({ "order_id", id }, { "reason", "x" }),
		    "/desk/order/record-payment", PAIRS({ "order_id", id },
		    { "amount", "150" }, { "source", "cash" },
		    { "reference", "box" })), 1);
		assert_int_equal(sql_int(s.stack, "select count(*) from "
		    "teamdues.audit_log where order_id = %s", id), 1);
	}
	treasurer_leave(&s.ruth);
}

static void
test_one_payment_to_two_orders(void **state)
{
	char first[WORD_SIZE], second[WORD_SIZE], shop[SESSION_ID_SIZE];
	struct club other;
	struct scene s;

	scene_make(*state, &s);
	for (int i = 0; i < RACES; i++) {
		struct stray stray;

		club_make(s.stack, SCENE_AMOUNT, &s.club);
		club_make(s.stack, SCENE_AMOUNT, &other);
		stray_of(s.stack, &s.club, SCENE_AMOUNT, &stray);
		snprintf(shop, sizeof(shop), "%s", stray.event_id);
		word_of(first, s.club.order_id);
		word_of(second, other.order_id);
		assert_int_equal(press_both(s.stack, "/desk/unmatched/attach",
		    PAIRS({ "payment", shop }, { "order_id", first },
		    { "anyway", "yes" }), "/desk/unmatched/attach",
		    PAIRS({ "payment", shop }, { "order_id", second },
		    { "anyway", "yes" })), 1);
		assert_int_equal(sql_int(s.stack, "select count(*) from "
		    "teamdues.orders where order_id in (%s, %s) and status = "
		    "'paid'", first, second), 1);
	}
	treasurer_leave(&s.ruth);
}

/* What waits for Stripe must not be done after what was asked for later. */
static void
test_one_at_a_time(void **state)
{
	struct desk_act act;
	struct scene s;
	pid_t clerk;
	int64_t id;

	scene_open(*state, &s);
	clerk = program_pid(s.stack, "clerk");
	process_stop(clerk);
	act = scene_act(&s, "adjust");
	act.args = act_cents(12000);
	id = treasurer_asks(&s.ruth, &act, DESK_QUEUED, "120.00 usd instead");
	act.args = act_cents(10000);
	treasurer_looks(&s.ruth, &act, DESK_REFUSED, "adjust is under way");
	treasurer_asks(&s.ruth, &act, DESK_REFUSED, "; look again when");
	/* That changes nothing. */
	act = scene_act(&s, "ask_stripe");
	treasurer_looks(&s.ruth, &act, DESK_QUEUED, "Stripe is asked");
	assert_int_equal(kill(clerk, SIGCONT), 0);
	treasurer_awaits(&s.ruth, id, DESK_DONE, "120.00 usd instead");
	act = scene_act(&s, "adjust");
	act.args = act_cents(10000);
	treasurer_asks(&s.ruth, &act, DESK_DONE, "100.00 usd instead");
	treasurer_leave(&s.ruth);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECONCILE_TEST(test_one_refund_by_two),
		RECONCILE_TEST(test_one_refund_from_two_pages),
		RECONCILE_TEST(test_one_refund_of_no_order),
		RECONCILE_TEST(test_one_cash_by_two),
		RECONCILE_TEST(test_opposite_acts),
		RECONCILE_TEST(test_one_payment_to_two_orders),
		RECONCILE_TEST(test_one_at_a_time),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
