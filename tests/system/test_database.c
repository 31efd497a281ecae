/*
 * A database that is scarce: one connection serves twenty clicks, since none is
 * held while Stripe is asked.  A database that is away: everybody is told to
 * come back, and no program needs a restart.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "process.h"
#include "sql.h"
#include "standin.h"

enum { AMOUNT = 15000, CLICKS = 20, CLICKS_LIMIT_MS = 5000 };

static const char checkout_html[] = "Accept: text/html";

/* Ends what the checkout programs have open, and lets them open so many. */
static void
limit_checkout(struct stack *stack, int connections)
{
	pid_t pid = program_pid(stack, "checkout-tournament");

	sql_run(stack, "alter role teamdues_checkout connection limit %d",
	    connections);
	/* A pool that was never filled: all threads open one at once. */
	assert_int_equal(kill(pid, SIGKILL), 0);
	program_wait_replaced(stack, "checkout-tournament", pid);
	sql_run(stack, "select pg_terminate_backend(pid, 5000) from "
	    "pg_stat_activity where usename = 'teamdues_checkout'");
}

static int
unlimit_checkout(void **state)
{
	limit_checkout(*state, -1);
	return standin_clean(state);
}

static void
test_twenty_clicks_over_one_connection(void **state)
{
	struct stack *stack = *state;
	struct http_request requests[CLICKS];
	struct http_answer answers[CLICKS];
	char urls[CLICKS][LINK_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;
	int64_t slowest_ms = 0;

	club_make(stack, AMOUNT, &club);
	for (int i = 0; i < CLICKS; i++) {
		club_link(stack, club_add_order(stack, &club), urls[i]);
		requests[i] = (struct http_request){ .target = urls[i] };
	}
	limit_checkout(stack, 1);
	standin_fault(stack,
	    "{\"path\":\"/v1/*\",\"count\":0,\"delay_ms\":1000}");
	http_send_all(stack, requests, CLICKS, answers);
	for (int i = 0; i < CLICKS; i++) {
		club_session_of(stack, &answers[i], id);
		if (answers[i].ms > slowest_ms)
			slowest_ms = answers[i].ms;
		http_answer_clear(&answers[i]);
	}
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "pg_stat_activity where usename = 'teamdues_checkout'"), 1);
	print_message("the slowest of %d clicks took %lld ms\n", CLICKS,
	    (long long)slowest_ms);
	assert_in_range(slowest_ms, 1000, CLICKS_LIMIT_MS);
}

/* No connection at all: 503, and the click works once there is room. */
static void
test_no_connection_at_all(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct http_answer answer;
	struct club club;

	club_make(stack, AMOUNT, &club);
	limit_checkout(stack, 0);
	club_click(stack, club.order_id, &answer);
	http_assert_status(&answer, 503);
	http_answer_clear(&answer);
	limit_checkout(stack, -1);
	club_click_through(stack, club.order_id, id);
}

static void
assert_unavailable(const struct http_answer *answer)
{
	char retry_after[HTTP_VALUE_SIZE];

	http_assert_status(answer, 503);
	http_assert_guarded(answer);
	assert_int_equal(http_header(answer, "Retry-After", retry_after), 1);
	assert_true(strtol(retry_after, NULL, 10) > 0);
}

/* An event, an order's pay link, and what they meet without a database. */
struct outage {
	struct club paid;
	struct club club;
	struct json_object *session;
	struct json_object *event;
	char url[LINK_SIZE];
	pid_t pids[3];
};

static const char *const programs[] = { "checkout-tournament",
    "webhooks-stripe", "healthz" };

static void
outage_begin(struct stack *stack, struct outage *outage)
{
	char clicked[SESSION_ID_SIZE];
	char id[UNIQUE_SIZE];

	club_make(stack, AMOUNT, &outage->paid);
	club_store_session(stack, &outage->paid, id);
	outage->session = session_paid(id, AMOUNT);
	outage->event = event_about("checkout.session.completed",
	    outage->session);
	club_make(stack, AMOUNT, &outage->club);
	club_link(stack, outage->club.order_id, outage->url);
	/* Each has a connection, which will be dead. */
	club_click_through(stack, club_add_order(stack, &outage->club),
	    clicked);
	http_status_of(stack, "/healthz");
	for (int i = 0; i < 3; i++)
		outage->pids[i] = program_pid(stack, programs[i]);
	server_stop_postgresql(stack);
}

static void
assert_all_unavailable(struct stack *stack, const struct outage *outage)
{
	struct http_answer answer;

	webhook_deliver(stack, outage->event, &answer);
	assert_unavailable(&answer);
	http_assert_header(&answer, "Content-Type",
	    "application/problem+json");
	http_answer_clear(&answer);
	http_send(stack, &(struct http_request){
		.target = outage->url, .headers = { checkout_html },
	}, &answer);
	assert_unavailable(&answer);
	http_assert_body_has(&answer, "Wait a minute");
	http_answer_clear(&answer);
	http_get(stack, "/healthz", &answer);
	http_assert_status(&answer, 503);
	http_assert_body_has(&answer, "database: away");
	http_assert_guarded(&answer);
	http_answer_clear(&answer);
	assert_int_equal(http_status_of(stack, "/"), 200);
}

static void
assert_all_recovered(struct stack *stack, struct outage *outage)
{
	char id[SESSION_ID_SIZE];

	assert_int_equal(http_status_of(stack, "/healthz"), 200);
	club_assert_status(stack, outage->paid.order_id, "pending");
	webhook_expect_event(stack, outage->event, "applied");
	club_assert_paid_by(stack, outage->paid.order_id,
	    json_text_at(outage->session, "payment_intent"));
	club_click_through(stack, outage->club.order_id, id);
	for (int i = 0; i < 3; i++)
		assert_int_equal(program_pid(stack, programs[i]),
		    outage->pids[i]);
}

static void
test_database_stopped_and_started(void **state)
{
	struct stack *stack = *state;
	struct outage outage;

	outage_begin(stack, &outage);
	assert_all_unavailable(stack, &outage);
	server_start_postgresql(stack);
	assert_all_recovered(stack, &outage);
	json_object_put(outage.event);
	json_object_put(outage.session);
}

/* Restarted between two requests: nobody notices. */
static void
test_database_restarted(void **state)
{
	struct stack *stack = *state;
	struct outage outage;

	outage_begin(stack, &outage);
	server_start_postgresql(stack);
	assert_all_recovered(stack, &outage);
	json_object_put(outage.event);
	json_object_put(outage.session);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_twenty_clicks_over_one_connection, standin_clean,
		    unlimit_checkout),
		cmocka_unit_test_setup_teardown(test_no_connection_at_all,
		    standin_clean, unlimit_checkout),
		STANDIN_TEST(test_database_stopped_and_started),
		STANDIN_TEST(test_database_restarted),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
