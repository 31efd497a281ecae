/*
 * kill -9 in each window of a click and of a webhook: whatever was cut off, the
 * next try heals it.  Invariants 3 and 4.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "process.h"
#include "sql.h"
#include "standin.h"

enum { AMOUNT = 15000 };

/* The program dies at the n-th request of a kind for this order. */
static void
kill_at(struct stack *stack, const char *when, const char *path,
    const char *params, pid_t pid)
{
	standin_fault(stack, "{\"method\":\"POST\",\"path\":\"%s\","
	    "\"params\":%s,\"command\":{\"when\":\"%s\",\"argv\":"
	    "[\"/bin/kill\",\"-9\",\"%d\"]}}", path, params, when, pid);
}

/* The family sees a page that says to try again; the next click works. */
static void
assert_heals(struct stack *stack, const struct club *club, pid_t killed)
{
	char id[SESSION_ID_SIZE];
	struct http_answer answer;

	club_click(stack, club->order_id, &answer);
	http_assert_status(&answer, 503);
	http_assert_guarded(&answer);
	http_answer_clear(&answer);
	program_wait_replaced(stack, "checkout-tournament", killed);
	club_click_through(stack, club->order_id, id);
	assert_int_equal(standin_session_count(stack, club->order_id, NULL),
	    1);
	standin_act(stack, id, "pay", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.order_overview where order_id = %lld and status = 'paid'",
	    (long long)club->order_id) == 1);
	assert_int_equal(club_payment_count(stack, club->order_id), 1);
}

static void
assert_heals_from_kill(struct stack *stack, const char *when)
{
	pid_t pid = program_pid(stack, "checkout-tournament");
	char params[UNIQUE_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	snprintf(params, sizeof(params), "{\"client_reference_id\":\"%lld\"}",
	    (long long)club.order_id);
	kill_at(stack, when, "/v1/checkout/sessions", params, pid);
	assert_heals(stack, &club, pid);
}

static void
test_killed_after_the_mint(void **state)
{
	assert_heals_from_kill(*state, "after");
}

static void
test_killed_before_the_mint(void **state)
{
	assert_heals_from_kill(*state, "before");
}

static void
test_killed_after_the_customer(void **state)
{
	struct stack *stack = *state;
	pid_t pid = program_pid(stack, "checkout-tournament");
	struct json_object *creates;
	char params[UNIQUE_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	snprintf(params, sizeof(params), "{\"metadata[parent_id]\":\"%lld\"}",
	    (long long)club.parent_id);
	kill_at(stack, "after", "/v1/customers", params, pid);
	assert_heals(stack, &club, pid);
	creates = standin_requests(stack, &(struct standin_query){ "POST",
	    "/v1/customers", "metadata[parent_id]", club.parent_id });
	assert_int_equal(json_object_array_length(creates), 2);
	assert_string_equal(
	    json_text_at(json_object_array_get_idx(creates, 0),
	    "idempotency_key"),
	    json_text_at(json_object_array_get_idx(creates, 1),
	    "idempotency_key"));
	json_object_put(creates);
}

/* Between the end of the old session and the mint of the new one. */
static void
test_killed_after_the_expiry(void **state)
{
	struct stack *stack = *state;
	pid_t pid = program_pid(stack, "checkout-tournament");
	char path[SESSION_ID_SIZE + 64];
	char first[SESSION_ID_SIZE];
	char second[SESSION_ID_SIZE];
	struct http_answer answer;
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_click_through(stack, club.order_id, first);
	sql_run(stack, "update teamdues.orders set amount_cents = 12000 where "
	    "order_id = %lld", (long long)club.order_id);
	standin_deliver(stack, false);
	snprintf(path, sizeof(path), "/v1/checkout/sessions/%s/expire", first);
	kill_at(stack, "after", path, "{}", pid);
	club_click(stack, club.order_id, &answer);
	http_assert_status(&answer, 503);
	http_answer_clear(&answer);
	program_wait_replaced(stack, "checkout-tournament", pid);
	club_click_through(stack, club.order_id, second);
	assert_string_not_equal(first, second);
	assert_int_equal(standin_session_count(stack, club.order_id, "open"),
	    1);
	assert_int_equal(standin_session_count(stack, club.order_id, NULL), 2);
}

/*
 * A payment whose events were all lost, and whose session was never stored: the
 * replayed creation leads to it, and nobody is asked to pay twice.
 */
static void
test_paid_between_crash_and_click(void **state)
{
	struct stack *stack = *state;
	pid_t pid = program_pid(stack, "checkout-tournament");
	struct json_object *sessions;
	struct http_answer answer;
	char params[UNIQUE_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	standin_deliver(stack, false);
	snprintf(params, sizeof(params), "{\"client_reference_id\":\"%lld\"}",
	    (long long)club.order_id);
	kill_at(stack, "after", "/v1/checkout/sessions", params, pid);
	club_click(stack, club.order_id, &answer);
	http_assert_status(&answer, 503);
	http_answer_clear(&answer);
	program_wait_replaced(stack, "checkout-tournament", pid);
	sessions = standin_sessions(stack, club.order_id);
	assert_int_equal(json_object_array_length(sessions), 1);
	standin_act(stack, json_text_at(json_object_array_get_idx(sessions, 0),
	    "id"), "pay", NULL);
	json_object_put(sessions);
	club_assert_leads_to_paid_page(stack, club.order_id);
	club_assert_status(stack, club.order_id, "paid");
	assert_int_equal(standin_session_count(stack, club.order_id, NULL), 1);
}

/* Invariant 3: 200 only after the commit, so what was cut off comes again. */
static void
test_webhook_killed_before_the_commit(void **state)
{
	struct stack *stack = *state;
	pid_t pid = program_pid(stack, "webhooks-stripe");
	PGconn *other = sql_connect(stack);
	char statement[UNIQUE_SIZE * 2];
	char id[SESSION_ID_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	club_click_through(stack, club.order_id, id);
	snprintf(statement, sizeof(statement), "begin; select from "
	    "teamdues.orders where order_id = %lld for update",
	    (long long)club.order_id);
	PQclear(PQexec(other, statement));
	standin_act(stack, id, "pay", NULL);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from pg_stat_activity "
	    "where usename = 'teamdues_webhook' and wait_event_type = "
	    "'Lock'") == 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
	program_wait_replaced(stack, "webhooks-stripe", pid);
	PQfinish(other);
	json_object_put(standin_call(stack, "POST", "deliveries/flush", "{}"));
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.order_overview where order_id = %lld and status = 'paid'",
	    (long long)club.order_id) == 1);
	assert_int_equal(club_payment_count(stack, club.order_id), 1);
}

/* A crash of one program touches no other. */
static void
test_others_do_not_notice(void **state)
{
	static const char *const others[] = { "checkout-status", "healthz",
	    "index", "webhooks-stripe" };
	struct stack *stack = *state;
	pid_t pids[4];
	pid_t pid = program_pid(stack, "checkout-tournament");

	for (int i = 0; i < 4; i++)
		pids[i] = program_pid(stack, others[i]);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(http_status_of(stack, "/healthz"), 200);
	assert_int_equal(http_status_of(stack, "/"), 200);
	assert_int_equal(http_status_of(stack,
	    "/checkout/status?session_id=cs_test_x"), 404);
	program_wait_replaced(stack, "checkout-tournament", pid);
	for (int i = 0; i < 4; i++)
		assert_int_equal(program_pid(stack, others[i]), pids[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STANDIN_TEST(test_killed_after_the_mint),
		STANDIN_TEST(test_killed_before_the_mint),
		STANDIN_TEST(test_killed_after_the_customer),
		STANDIN_TEST(test_killed_after_the_expiry),
		STANDIN_TEST(test_paid_between_crash_and_click),
		STANDIN_TEST(test_webhook_killed_before_the_commit),
		STANDIN_TEST(test_others_do_not_notice),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
