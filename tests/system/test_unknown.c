/*
 * Stripe answers 404 about a session that it made for us just now: the key is
 * another account's.  Nothing is believed then, nothing minted, and it is loud.
 * Invariant 8.
 */
#include <stdio.h>
#include <stdlib.h>

#include "incident.h"
#include "sql.h"

/* A family's page, of which this account knows nothing. */
static void
lose_page(struct stack *stack, struct incident *incident,
    char id[SESSION_ID_SIZE])
{
	incident_make(stack, 1, incident);
	club_click_through(stack, incident->orders[0], id);
	standin_deliver(stack, true);
	standin_act(stack, id, "forget", NULL);
}

static void
assert_nothing_believed(struct stack *stack, struct incident *incident,
    const char *id)
{
	sql_assert_text(stack, "open", "select status from "
	    "teamdues.checkout_sessions where session_id = '%s'", id);
	club_assert_status(stack, incident->orders[0], "pending");
	assert_int_equal(standin_session_count(stack, incident->orders[0],
	    NULL), 0);
	incident_clear(incident);
}

static void
test_return_page(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	char id[SESSION_ID_SIZE];
	char target[LINK_SIZE];
	struct http_answer answer;

	lose_page(stack, &incident, id);
	snprintf(target, sizeof(target), "/checkout/status?session_id=%s", id);
	http_get(stack, target, &answer);
	http_answer_clear(&answer);
	sql_run(stack, "update teamdues.checkout_sessions set polled_at = "
	    "polled_at - interval '6 seconds' where session_id = '%s'", id);
	http_get(stack, target, &answer);
	http_assert_status(&answer, 200);
	http_assert_body_has(&answer, "\"pending\"");
	http_answer_clear(&answer);
	assert_nothing_believed(stack, &incident, id);
}

/* A click that would replace it has to end it first. */
static void
test_click(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	char id[SESSION_ID_SIZE];
	struct http_answer answer;

	lose_page(stack, &incident, id);
	sql_run(stack, "update teamdues.checkout_sessions set expires_at = "
	    "now() + interval '5 minutes' where session_id = '%s'", id);
	club_click(stack, incident.orders[0], &answer);
	http_assert_status(&answer, 502);
	http_answer_clear(&answer);
	assert_nothing_believed(stack, &incident, id);
}

static void
test_commands(void **state)
{
	static const char *const words = "made less than a day ago: is "
	    "STRIPE_SECRET_KEY another account's?";
	struct stack *stack = *state;
	struct incident incident;
	char id[SESSION_ID_SIZE];
	char order[WORD_SIZE];
	struct run run;

	lose_page(stack, &incident, id);
	word_of(order, incident.orders[0]);
	books_unmoved(stack, &run, 1, WORDS("order", "cancel", order,
	    "--reason", "x", "--commit"));
	assert_holds(run.errors, words);
	assert_holds(run.errors, "error session_unknown ");
	run_clear(&run);
	incident_regenerate(stack, &incident, &run, 1, WORDS("--commit"));
	assert_holds(run.output, words);
	run_clear(&run);
	sql_run(stack, "update teamdues.checkout_sessions set expires_at = "
	    "now() - interval '1 minute', created_at = now() - interval "
	    "'1 hour' where session_id = '%s'", id);
	COMMAND(stack, &run, 1, "reconcile", "--commit");
	assert_holds(run.errors, words);
	run_clear(&run);
	assert_nothing_believed(stack, &incident, id);
}

/* One that Stripe made long ago may be gone; it is said once. */
static void
test_old_one_is_gone(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	char id[SESSION_ID_SIZE];

	lose_page(stack, &incident, id);
	session_made_long_ago(stack, id);
	sql_run(stack, "update teamdues.checkout_sessions set expires_at = "
	    "now() - interval '1 minute', created_at = now() - interval "
	    "'1 hour' where session_id = '%s'", id);
	reconcile_heals(stack, id);
	for (int i = 0; i < 2; i++) {
		struct run run;

		COMMAND(stack, &run, 0, "reconcile", "--commit");
		run_clear(&run);
	}
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.session_facts where session_id = '%s'", id), 1);
	sql_assert_text(stack, "expired", "select status from "
	    "teamdues.checkout_sessions where session_id = '%s'", id);
	incident_clear(&incident);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		INCIDENT_TEST(test_return_page),
		INCIDENT_TEST(test_click),
		INCIDENT_TEST(test_old_one_is_gone),
		/* Last: it leaves one that reconcile asks about in vain. */
		INCIDENT_TEST(test_commands),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
