/*
 * `teamdues import sessions`: sessions made elsewhere become known under their
 * orders, and what was paid in them is applied.  Invariants 2, 4 and 8.
 */
#include <stdio.h>
#include <stdlib.h>

#include "incident.h"
#include "sql.h"

/* A dry run says what the same run with --commit does, and changes nothing. */
static void
test_adopts_open_sessions(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	struct run run;

	incident_make(stack, 3, &incident);
	books_unmoved(stack, &run, 3, WORDS("import", "sessions",
	    incident.file));
	assert_holds(run.output, "adopt 3 (end 0 of them), same 0: "
	    "nothing was written (--commit does it)\n");
	run_clear(&run);
	incident_import(stack, &incident, &run, 0, "--commit");
	assert_holds(run.output, "adopt 3 (end 0 of them), same 0: done\n");
	run_clear(&run);
	sql_assert_text(stack, "open,adopted", "select status || ',' || "
	    "origin from teamdues.checkout_sessions where session_id = '%s' "
	    "and order_id = %lld", incident.sessions[2],
	    (long long)incident.orders[2]);

	books_unmoved(stack, &run, 0, WORDS("import", "sessions",
	    incident.file, "--commit"));
	assert_holds(run.output, "same 3: nothing to do\n");
	run_clear(&run);
	incident_clear(&incident);
}

/* Paid before it is known: whether or not its event came. */
static void
test_applies_what_was_paid(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	struct run run;

	incident_make(stack, 3, &incident);
	standin_act(stack, incident.sessions[0], "pay", NULL);
	standin_act(stack, incident.sessions[2], "bank", NULL);
	standin_deliver(stack, true);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from "
	    "teamdues.payments where session_id = '%s' and place = "
	    "'unmatched'", incident.sessions[0]) == 1);
	standin_deliver(stack, false);
	standin_act(stack, incident.sessions[1], "pay", NULL);
	incident_import(stack, &incident, &run, 0, "--commit");
	assert_holds(run.output, "  complete   adopt   paid");
	assert_holds(run.output, "  complete   adopt   processing");
	run_clear(&run);
	club_assert_status(stack, incident.orders[0], "paid");
	club_assert_status(stack, incident.orders[1], "paid");
	club_assert_status(stack, incident.orders[2], "processing");
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.payments where place = 'unmatched' and session_id "
	    "in ('%s', '%s')", incident.sessions[0], incident.sessions[1]), 0);
	incident_clear(&incident);
}

/* An open one is adopted as it is; its payment is known by it then. */
static void
test_adopted_session_pays(void **state)
{
	struct stack *stack = *state;
	struct incident incident;

	incident_adopted(stack, 1, &incident);
	standin_deliver(stack, true);
	standin_act(stack, incident.sessions[0], "pay", NULL);
	WAIT_UNTIL(10, club_payment_count(stack, incident.orders[0]) == 1);
	club_assert_status(stack, incident.orders[0], "paid");
	incident_clear(&incident);
}

/* A wrong amount is adopted too, and then waits for a person. */
static void
test_wrong_amount_is_for_review(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	struct run run;

	incident_make(stack, 1, &incident);
	sql_run(stack, "update teamdues.orders set amount_cents = 14000 where "
	    "order_id = %lld", (long long)incident.orders[0]);
	standin_act(stack, incident.sessions[0], "pay", NULL);
	incident_import(stack, &incident, &run, 0, "--commit");
	assert_holds(run.output, "wrong amount: paid 150.00, order ");
	run_clear(&run);
	club_assert_status(stack, incident.orders[0], "pending");
	incident_clear(&incident);
}

/*
 * The order has an open session already, or needs none: the listed one must
 * not be paid as well.
 */
static void
test_ends_what_is_too_many(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	char minted[SESSION_ID_SIZE];
	char line[HTTP_VALUE_SIZE];
	char second[SESSION_ID_SIZE];
	struct run run;

	incident_make(stack, 3, &incident);
	club_click_through(stack, incident.orders[0], minted);
	club_cancel(stack, incident.orders[1]);
	shop_session(stack, "&mode=payment", second);
	snprintf(line, sizeof(line), "%lld,%s\n%lld,%s\n%lld,%s\n%lld,%s\n",
	    (long long)incident.orders[0], incident.sessions[0],
	    (long long)incident.orders[1], incident.sessions[1],
	    (long long)incident.orders[2], incident.sessions[2],
	    (long long)incident.orders[2], second);
	incident_list(&incident, line);
	books_unmoved(stack, &run, 3, WORDS("import", "sessions",
	    incident.file));
	assert_holds(run.output, "adopt 4 (end 3 of them)");
	run_clear(&run);
	assert_at_stripe(stack, incident.sessions[0], "open");
	incident_import(stack, &incident, &run, 0, "--commit");
	assert_holds(run.output, "adopt 4 (end 3 of them), same 0: done\n");
	run_clear(&run);
	assert_at_stripe(stack, incident.sessions[0], "expired");
	assert_at_stripe(stack, incident.sessions[1], "expired");
	assert_at_stripe(stack, incident.sessions[2], "open");
	assert_at_stripe(stack, second, "expired");
	assert_at_stripe(stack, minted, "open");
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.checkout_sessions where status = 'expired' and origin = "
	    "'adopted' and session_id in ('%s', '%s', '%s')",
	    incident.sessions[0], incident.sessions[1], second), 3);
	incident_clear(&incident);
}

/* A line of the list, and the words that refuse it. */
static void
assert_refused(struct stack *stack, struct incident *incident,
    const char *line, const char *fault)
{
	char lines[HTTP_VALUE_SIZE];
	struct run run;

	snprintf(lines, sizeof(lines), "%lld,%s\n%s\n",
	    (long long)incident->orders[0], incident->sessions[0], line);
	incident_list(incident, lines);
	books_unmoved(stack, &run, 1, WORDS("import", "sessions",
	    incident->file, "--commit"));
	assert_string_equal(run.output, "");
	assert_holds(run.errors, fault);
	assert_holds(run.errors, "Nothing was written.\n");
	run_clear(&run);
	assert_at_stripe(stack, incident->sessions[0], "open");
}

static void
test_refuses_bad_lines(void **state)
{
	static const char *const lines[][2] = {
		{ "1", "line 3: not two fields\n" },
		{ "1,cs_test_x,more", "line 3: not two fields\n" },
		{ "x,cs_test_x", "line 3: order_id: not an id" },
		{ "0,cs_test_x", "line 3: order_id: not an id" },
		{ "1,", "line 3: session_id: not an id of Stripe's\n" },
		{ "1,cs-test", "line 3: session_id: not an id of Stripe's\n" },
		{ "999999999,cs_test_x",
		    "line 3: there is no order 999999999\n" },
		{ "\"1", "line 3: " },
	};
	struct stack *stack = *state;
	struct incident incident;
	char line[2 * SESSION_ID_SIZE];

	incident_make(stack, 2, &incident);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_refused(stack, &incident, lines[i][0], lines[i][1]);
	snprintf(line, sizeof(line), "%lld,cs_test_nobody",
	    (long long)incident.orders[1]);
	assert_refused(stack, &incident, line,
	    "line 3: Stripe does not know cs_test_nobody\n");
	incident_clear(&incident);
}

/* Its session is known under another order, or listed for two. */
static void
test_refuses_anothers(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	char fault[2 * SESSION_ID_SIZE];
	char line[2 * SESSION_ID_SIZE];
	char minted[SESSION_ID_SIZE];

	incident_make(stack, 2, &incident);
	club_click_through(stack, incident.orders[1], minted);
	snprintf(line, sizeof(line), "%lld,%s", (long long)incident.orders[0],
	    minted);
	snprintf(fault, sizeof(fault), "line 3: %s is known under order %lld",
	    minted, (long long)incident.orders[1]);
	assert_refused(stack, &incident, line, fault);
	snprintf(line, sizeof(line), "%lld,%s", (long long)incident.orders[1],
	    incident.sessions[0]);
	snprintf(fault, sizeof(fault), "line 3: %s is known under order %lld",
	    incident.sessions[0], (long long)incident.orders[0]);
	assert_refused(stack, &incident, line, fault);
	incident_clear(&incident);
}

static void
test_refuses_other_metadata(void **state)
{
	static const char *const alters[][2] = {
		{ "{\"metadata\":{\"order_id\":\"WC-12\"}}",
		    "metadata names order WC-12\n" },
		{ "{\"metadata\":{\"player_id\":\"999999999\"}}",
		    "metadata names player 999999999\n" },
		{ "{\"metadata\":{\"product_id\":\"999999999\"}}",
		    "metadata names product 999999999\n" },
		{ "{\"metadata\":{\"teamdues\":\"td_other\"}}",
		    "metadata names another installation\n" },
		{ "{\"metadata\":{},\"livemode\":true}",
		    "made in live mode\n" },
		{ "{\"livemode\":false,\"mode\":\"setup\"}",
		    "not in payment mode, but setup\n" },
	};
	struct stack *stack = *state;
	struct incident incident;
	char line[2 * SESSION_ID_SIZE];

	incident_make(stack, 2, &incident);
	snprintf(line, sizeof(line), "%lld,%s", (long long)incident.orders[1],
	    incident.sessions[1]);
	for (size_t i = 0; i < sizeof(alters) / sizeof(alters[0]); i++) {
		standin_act(stack, incident.sessions[1], "alter",
		    alters[i][0]);
		assert_refused(stack, &incident, line, alters[i][1]);
	}
	incident_clear(&incident);
}

/* Stripe in trouble: nothing is written, and the next run does it all. */
static void
test_stripe_in_trouble(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	struct run run;

	incident_make(stack, 3, &incident);
	standin_fault(stack, "{\"method\":\"GET\",\"path\":"
	    "\"/v1/checkout/sessions/%s\",\"count\":0,\"status\":500}",
	    incident.sessions[1]);
	books_unmoved(stack, &run, 1, WORDS("import", "sessions",
	    incident.file, "--commit"));
	assert_holds(run.errors, "Nothing was written.\n");
	assert_holds(run.errors, "500");
	run_clear(&run);
	standin_mend(stack);
	incident_import(stack, &incident, &run, 0, "--commit");
	run_clear(&run);
	incident_clear(&incident);
}

/* The header is what says that this is such a list. */
static void
test_refuses_another_file(void **state)
{
	struct stack *stack = *state;
	struct incident incident;
	struct run run;

	incident_make(stack, 1, &incident);
	command_shell(stack, &run, 1, "printf 'session_id\\ncs_x\\n' "
	    ">/tmp/teamdues-no-list.$$; \"$0\" import sessions "
	    "/tmp/teamdues-no-list.$$; code=$?; rm /tmp/teamdues-no-list.$$; "
	    "exit $code");
	assert_holds(run.errors,
	    "line 1: the columns are to be order_id,session_id");
	run_clear(&run);
	incident_list(&incident, "");
	incident_import(stack, &incident, &run, 0, "--commit");
	assert_holds(run.output, "nothing to do");
	run_clear(&run);
	incident_clear(&incident);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		INCIDENT_TEST(test_adopts_open_sessions),
		INCIDENT_TEST(test_applies_what_was_paid),
		INCIDENT_TEST(test_adopted_session_pays),
		INCIDENT_TEST(test_wrong_amount_is_for_review),
		INCIDENT_TEST(test_ends_what_is_too_many),
		INCIDENT_TEST(test_refuses_bad_lines),
		INCIDENT_TEST(test_refuses_anothers),
		INCIDENT_TEST(test_refuses_other_metadata),
		INCIDENT_TEST(test_stripe_in_trouble),
		INCIDENT_TEST(test_refuses_another_file),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
