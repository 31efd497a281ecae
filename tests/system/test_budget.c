/*
 * What a program may cost: memory, time to its first answer, round trips and
 * connections.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "process.h"
#include "sql.h"
#include "standin.h"

enum {
	AMOUNT = 15000,
	AT_ONCE = 40,
	PSS_LIMIT_KB = 12 * 1024,
	/* 100 ms on an idle machine; tests share theirs with the compiler. */
	START_LIMIT_MS = 500,
	CONNECTIONS_MAX = 4,
	BATCHES_MAX = 2,	/* of events at once */
};

static const struct {
	const char *name;
	const char *target;
} programs[] = {
	{ "index", "/" },
	{ "healthz", "/healthz" },
	{ "webhooks-stripe", "/webhooks/stripe" },
	{ "checkout-status", "/checkout/status?session_id=cs_test_none" },
	{ "checkout-tournament", "/checkout/tournament" },
};

enum { PROGRAMS = sizeof(programs) / sizeof(programs[0]) };

/* A sanitizer's own memory and time are not the program's. */
static void
skip_when_sanitized(void)
{
	if (getenv("TEAMDUES_SANITIZE") != NULL)
		skip();
}

static void
work_all_threads(struct stack *stack)
{
	struct http_request requests[AT_ONCE];
	struct http_answer answers[AT_ONCE];

	for (size_t p = 0; p < PROGRAMS; p++) {
		for (int i = 0; i < AT_ONCE; i++)
			requests[i] = (struct http_request){
				.target = programs[p].target };
		http_send_all(stack, requests, AT_ONCE, answers);
		for (int i = 0; i < AT_ONCE; i++)
			http_answer_clear(&answers[i]);
	}
}

static void
test_idle_programs_are_small(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	skip_when_sanitized();
	club_make(stack, AMOUNT, &club);
	club_click_through(stack, club.order_id, id);
	work_all_threads(stack);
	for (size_t p = 0; p < PROGRAMS; p++) {
		int64_t kb = process_figure(program_pid(stack,
		    programs[p].name), "smaps_rollup", "\nPss");

		print_message("%s: %lld kB PSS\n", programs[p].name,
		    (long long)kb);
		assert_in_range(kb, 1, PSS_LIMIT_KB);
	}
}

/* The request waits in the socket while the program starts. */
static void
test_first_answer_after_start(void **state)
{
	struct stack *stack = *state;

	skip_when_sanitized();
	for (size_t p = 0; p < PROGRAMS; p++) {
		pid_t pid = program_pid(stack, programs[p].name);
		struct http_answer answer;
		int64_t start_ms;
		int64_t ms;

		http_status_of(stack, "/style.css");
		start_ms = monotonic_ms();
		assert_int_equal(kill(pid, SIGKILL), 0);
		WAIT_UNTIL(5, kill(pid, 0) != 0);
		http_get(stack, programs[p].target, &answer);
		ms = monotonic_ms() - start_ms;
		assert_true(answer.status != 0 && answer.status < 500);
		print_message("%s: killed, and answers after %lld ms\n",
		    programs[p].name, (long long)ms);
		assert_in_range(ms, 0, START_LIMIT_MS);
		http_answer_clear(&answer);
	}
}

static void
log_statements(struct stack *stack, const char *what)
{
	sql_run(stack, "alter system set log_statement = '%s'", what);
	sql_run(stack, "alter system set log_line_prefix = '%%u '");
	sql_run(stack, "select pg_reload_conf()");
	sql_disconnect(stack);
	WAIT_UNTIL(5, sql_int(stack, "select count(*) from pg_settings where "
	    "name = 'log_statement' and setting = '%s'", what) == 1);
}

/* One event, one statement, and with it one round trip and one commit. */
static void
test_webhook_costs_one_round_trip(void **state)
{
	static const char theirs[] = "teamdues_webhook LOG:  ";
	struct stack *stack = *state;
	struct json_object *session;
	char id[UNIQUE_SIZE];
	struct club club;
	int before;

	club_make(stack, AMOUNT, &club);
	club_store_session(stack, &club, id);
	session = session_paid(id, AMOUNT);
	log_statements(stack, "all");
	webhook_expect(stack, session, "applied");
	before = stack_count_logged(stack, "postgresql", theirs);
	json_object_put(session);
	unique_name("cs_test_", id);
	session = session_paid(id, AMOUNT);
	webhook_expect(stack, session, "unmatched");
	assert_int_equal(stack_count_logged(stack, "postgresql",
	    theirs) - before, 1);
	log_statements(stack, "none");
	json_object_put(session);
}

static void
assert_connections(struct stack *stack, const char *program, int most)
{
	int64_t count = sql_int(stack, "select count(*) from pg_stat_activity "
	    "where application_name = '%s'", program);

	print_message("%s: %lld connections\n", program, (long long)count);
	assert_in_range(count, 1, most);
}

static void
test_few_connections(void **state)
{
	struct stack *stack = *state;
	struct http_request requests[AT_ONCE];
	struct http_answer answers[AT_ONCE];
	char urls[AT_ONCE][LINK_SIZE];
	struct json_object *session;
	char id[UNIQUE_SIZE];
	struct club club;

	club_make(stack, AMOUNT, &club);
	for (int i = 0; i < AT_ONCE; i++) {
		club_link(stack, club_add_order(stack, &club), urls[i]);
		requests[i] = (struct http_request){ .target = urls[i] };
	}
	http_send_all(stack, requests, AT_ONCE, answers);
	for (int i = 0; i < AT_ONCE; i++) {
		http_assert_status(&answers[i], 303);
		http_answer_clear(&answers[i]);
	}
	unique_name("cs_test_", id);
	session = session_paid(id, AMOUNT);
	webhook_expect(stack, session, "unmatched");
	work_all_threads(stack);
	assert_connections(stack, "checkout/tournament", CONNECTIONS_MAX);
	assert_connections(stack, "checkout/status", CONNECTIONS_MAX);
	assert_connections(stack, "webhooks/stripe", BATCHES_MAX);
	assert_connections(stack, "healthz", 1);
	json_object_put(session);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STANDIN_TEST(test_idle_programs_are_small),
		STANDIN_TEST(test_first_answer_after_start),
		STANDIN_TEST(test_webhook_costs_one_round_trip),
		STANDIN_TEST(test_few_connections),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
