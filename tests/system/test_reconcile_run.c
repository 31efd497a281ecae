/*
 * How reconcile goes about it: pages, pace, trouble at Stripe, a run that is
 * killed, and the schedule of answers that are still due (invariant 8).
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "reconcile.h"
#include "sql.h"

enum { LINE_SIZE = 512, FAMILIES = 3, SHOP_SESSIONS = 205, DAY_S = 86400 };

/* The families in the order of their sessions: the last one is listed first. */
struct families {
	struct club clubs[FAMILIES];
	char sessions[FAMILIES][SESSION_ID_SIZE];
};

/* Paid and given back in part, so that each takes a read of its own. */
static void
families_make(struct stack *stack, struct families *families)
{
	for (size_t i = 0; i < FAMILIES; i++) {
		struct json_object *session;
		char form[LINE_SIZE];

		open_session(stack, &families->clubs[i],
		    families->sessions[i]);
		session = control(stack, "sessions", families->sessions[i],
		    "pay", "{}");
		snprintf(form, sizeof(form), "payment_intent=%s&amount=100",
		    json_text_at(session, "payment_intent"));
		json_object_put(stripe_do(stack, "/v1/refunds", form));
		json_object_put(session);
	}
}

static void
families_assert(struct stack *stack, const struct families *families,
    const char *const statuses[FAMILIES])
{
	for (size_t i = 0; i < FAMILIES; i++)
		club_assert_status(stack, families->clubs[i].order_id,
		    statuses[i]);
}

#define HEALED "partially_refunded"
static const char *const all_healed[FAMILIES] = { HEALED, HEALED, HEALED };

static void
fault_second_refunds(struct stack *stack, int count, const char *what)
{
	standin_fault(stack, "{\"method\":\"GET\",\"path\":\"/v1/refunds\","
	    "\"nth\":2,\"count\":%d,%s}", count, what);
}

static void
test_trouble_is_waited_out(void **state)
{
	struct stack *stack = *state;
	struct families families;
	struct run run;

	families_make(stack, &families);
	fault_second_refunds(stack, 2, "\"status\":429");
	standin_fault(stack, "{\"method\":\"GET\",\"path\":"
	    "\"/v1/checkout/sessions\",\"count\":4,\"status\":500}");
	COMMAND(stack, &run, 0, "reconcile", "--commit");
	assert_true(run.ms >= 4000);
	run_clear(&run);
	families_assert(stack, &families, all_healed);
	reconcile_is_done(stack);
}

/* One session cannot be read: said by name, the others are done. */
static void
test_trouble_with_one_is_said(void **state)
{
	struct stack *stack = *state;
	struct families families;
	struct run run;

	families_make(stack, &families);
	fault_second_refunds(stack, 1, "\"status\":400");
	COMMAND(stack, &run, 1, "reconcile");
	assert_holds(run.output, "2 differences, 1 could not be taken");
	assert_holds(run.errors, families.sessions[1]);
	run_clear(&run);
	standin_mend(stack);
	fault_second_refunds(stack, 1, "\"status\":400");
	COMMAND(stack, &run, 1, "reconcile", "--commit");
	assert_holds(run.errors, families.sessions[1]);
	assert_null(strstr(run.errors, families.sessions[0]));
	run_clear(&run);
	families_assert(stack, &families, (const char *const[]){ HEALED,
	    "pending", HEALED });
	standin_mend(stack);
	reconcile_mends(stack, families.sessions[1]);
	families_assert(stack, &families, all_healed);
}

/* Without the list nothing can be said of any. */
static void
test_list_that_cannot_be_read(void **state)
{
	struct stack *stack = *state;
	struct families families;
	char *before;
	char *after;
	struct run run;

	families_make(stack, &families);
	before = books_hash(stack);
	standin_fault(stack, "{\"method\":\"GET\",\"path\":"
	    "\"/v1/checkout/sessions\",\"count\":0,\"status\":403}");
	COMMAND(stack, &run, 1, "reconcile", "--commit");
	assert_holds(run.errors, "teamdues: Stripe answered 403");
	assert_string_equal(run.output, "");
	run_clear(&run);
	after = books_hash(stack);
	assert_string_equal(before, after);
	free(before);
	free(after);
	standin_mend(stack);
	reconcile_heals(stack, "3 differences: done");
	families_assert(stack, &families, all_healed);
}

/* Killed in the middle: what is done is done, the next run does the rest. */
static void
test_killed_in_the_middle(void **state)
{
	struct stack *stack = *state;
	struct families families;
	struct run run;

	families_make(stack, &families);
	fault_second_refunds(stack, 1, "\"delay_ms\":20000");
	command_shell(stack, &run, 137,
	    "exec timeout -s KILL 3 \"$0\" reconcile --commit");
	run_clear(&run);
	families_assert(stack, &families, (const char *const[]){ "pending",
	    "pending", HEALED });
	standin_mend(stack);
	reconcile_mends(stack, "2 differences");
	families_assert(stack, &families, all_healed);
}

/* What Stripe shows now cannot be of what it showed before. */
static void
test_contradiction_is_not_taken(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;
	struct run run;

	paid_session(stack, &club, id);
	reconcile_heals(stack, "pending -> paid");
	standin_act(stack, id, "alter", "{\"amount_total\":1}");
	COMMAND(stack, &run, 1, "reconcile", "--commit");
	assert_holds(run.errors, id);
	assert_holds(run.errors, "contradicts what is known");
	assert_holds(run.output, "0 differences, 1 could not be taken");
	run_clear(&run);
	club_assert_status(stack, club.order_id, "paid");
}

static void
test_session_that_makes_no_sense(void **state)
{
	static const char *const changes[] = { "{\"amount_total\":-1}",
		"{\"currency\":\"USD!\"}", "{\"status\":\"odd\"}",
		"{\"created\":\"now\"}" };
	struct stack *stack = *state;
	char odd[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;
	struct run run;

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		reconcile_setup(state);
		paid_session(stack, &club, id);
		shop_session(stack, "&mode=payment", odd);
		standin_act(stack, odd, "pay", NULL);
		standin_fault(stack, "{\"method\":\"GET\",\"path\":"
		    "\"/v1/checkout/sessions\",\"count\":0,\"lie\":"
		    "{\"data.0.%s}", changes[i] + 2);
		COMMAND(stack, &run, 1, "reconcile", "--commit");
		assert_holds(run.errors, odd);
		run_clear(&run);
		club_assert_status(stack, club.order_id, "paid");
	}
}

static size_t
count_requests(struct stack *stack, const char *path)
{
	struct json_object *requests = standin_requests(stack,
	    &(struct standin_query){ "GET", path, NULL, 0 });
	size_t count = json_object_array_length(requests);

	json_object_put(requests);
	return count;
}

/* One read serves a hundred sessions, and none is read by itself. */
static void
test_pages(void **state)
{
	struct stack *stack = *state;
	char shop[SESSION_ID_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;
	struct run run;

	paid_session(stack, &club, id);
	for (int i = 0; i < SHOP_SESSIONS; i++)
		shop_session(stack, "&mode=payment", shop);
	COMMAND(stack, &run, 0, "reconcile", "--commit");
	assert_holds(run.output, ": 206 sessions, 0 refunds and "
	    "0 disputes read, 1 difference: done\n");
	run_clear(&run);
	club_assert_status(stack, club.order_id, "paid");
	assert_int_equal(count_requests(stack, "/v1/checkout/sessions"), 3);
	assert_int_equal(count_requests(stack, "/v1/refunds"), 1);
	assert_int_equal(count_requests(stack, "/v1/disputes"), 1);
	reconcile_is_done(stack);
}

/* The period is of the sessions' creation. */
static void
test_since(void **state)
{
	struct stack *stack = *state;
	char change[LINE_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;
	struct run run;

	paid_session(stack, &club, id);
	snprintf(change, sizeof(change), "{\"created\":%lld}",
	    (long long)now_s() - 31 * DAY_S);
	standin_act(stack, id, "alter", change);
	COMMAND(stack, &run, 0, "reconcile");
	run_clear(&run);
	COMMAND(stack, &run, 0, "reconcile", "--since", "743h");
	run_clear(&run);
	COMMAND(stack, &run, 3, "reconcile", "--since=745h");
	run_clear(&run);
	COMMAND(stack, &run, 3, "reconcile", "--since", "32d");
	run_clear(&run);
	for (size_t i = 0; i < 4; i++) {
		static const char *const wrong[] = { "0d", "30", "1w", "-1d" };

		COMMAND(stack, &run, 2, "reconcile", "--since", wrong[i]);
		run_clear(&run);
	}
	club_assert_status(stack, club.order_id, "pending");
}

/* As if all that is known of the session had happened so much earlier. */
static void
let_time_pass(struct stack *stack, const char *session_id, int seconds)
{
	sql_run(stack, "update teamdues.checkout_sessions set created_at = "
	    "created_at - interval '%d seconds', expires_at = expires_at - "
	    "interval '%d seconds', asked_at = asked_at - interval "
	    "'%d seconds' where session_id = '%s'", seconds, seconds, seconds,
	    session_id);
}

/* Runs over a period that the session is older than. */
static void
run_much_later(struct stack *stack, int code, const char *session_id,
    size_t questions)
{
	char path[LINE_SIZE];
	struct run run;

	snprintf(path, sizeof(path), "/v1/checkout/sessions/%s", session_id);
	json_object_put(standin_call(stack, "DELETE", "requests", NULL));
	COMMAND(stack, &run, code, "reconcile", "--since", "1h", "--commit");
	run_clear(&run);
	assert_int_equal(count_requests(stack, path), questions);
}

/* A debit takes days: it is asked after 5 min, after 1 h, then daily. */
static void
test_schedule(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	open_session(stack, &club, id);
	standin_act(stack, id, "bank", NULL);
	reconcile_heals(stack, "pending -> processing");
	standin_act(stack, id, "alter", "{\"created\":1700000000}");
	run_much_later(stack, 0, id, 0);
	let_time_pass(stack, id, 301);
	run_much_later(stack, 0, id, 1);
	let_time_pass(stack, id, 600);
	run_much_later(stack, 0, id, 0);
	let_time_pass(stack, id, 3600);
	run_much_later(stack, 0, id, 1);
	let_time_pass(stack, id, DAY_S - 60);
	run_much_later(stack, 0, id, 0);
	club_assert_status(stack, club.order_id, "processing");
	standin_act(stack, id, "settle", NULL);
	let_time_pass(stack, id, 120);
	run_much_later(stack, 0, id, 1);
	club_assert_status(stack, club.order_id, "paid");
	let_time_pass(stack, id, 3 * DAY_S);
	run_much_later(stack, 0, id, 0);
}

/* Ours is open, and Stripe has never heard of it. */
static void
test_session_that_stripe_forgot(void **state)
{
	struct stack *stack = *state;
	char line[LINE_SIZE];
	char id[SESSION_ID_SIZE];
	struct club club;

	open_session(stack, &club, id);
	session_made_long_ago(stack, id);
	standin_act(stack, id, "forget", NULL);
	let_time_pass(stack, id, 2 * DAY_S);
	snprintf(line, sizeof(line), "order %lld: stays pending, %s: expired "
	    "at Stripe\n", (long long)club.order_id, id);
	reconcile_mends(stack, line);
	sql_assert_text(stack, "expired", "select status from "
	    "teamdues.checkout_sessions where session_id = '%s'", id);
}

/* Both of the period and due: a dry run tells of it once. */
static void
test_listed_session_is_told_once(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	open_session(stack, &club, id);
	standin_act(stack, id, "expire", NULL);
	let_time_pass(stack, id, 2 * DAY_S);
	reconcile_mends(stack, ", 1 difference: ");
}

/* A lost answer that cannot be had now is due again the next time. */
static void
test_question_that_fails_is_asked_again(void **state)
{
	struct stack *stack = *state;
	char id[SESSION_ID_SIZE];
	struct club club;

	open_session(stack, &club, id);
	standin_act(stack, id, "pay", NULL);
	standin_act(stack, id, "alter", "{\"created\":1700000000}");
	let_time_pass(stack, id, 2 * DAY_S);
	standin_fault(stack, "{\"method\":\"GET\",\"path\":"
	    "\"/v1/checkout/sessions/:id\",\"status\":400}");
	run_much_later(stack, 1, id, 1);
	club_assert_status(stack, club.order_id, "pending");
	run_much_later(stack, 0, id, 1);
	club_assert_status(stack, club.order_id, "paid");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RECONCILE_TEST(test_trouble_is_waited_out),
		RECONCILE_TEST(test_trouble_with_one_is_said),
		RECONCILE_TEST(test_list_that_cannot_be_read),
		RECONCILE_TEST(test_killed_in_the_middle),
		RECONCILE_TEST(test_contradiction_is_not_taken),
		RECONCILE_TEST(test_session_that_makes_no_sense),
		RECONCILE_TEST(test_pages),
		RECONCILE_TEST(test_since),
		RECONCILE_TEST(test_schedule),
		RECONCILE_TEST(test_session_that_stripe_forgot),
		RECONCILE_TEST(test_listed_session_is_told_once),
		RECONCILE_TEST(test_question_that_fails_is_asked_again),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
