/*
 * `teamdues regenerate` when Stripe refuses, breaks or changes in the middle,
 * when it is run twice at once, and when it is killed at any moment.
 * Invariants 4 and 8.
 */
#define _XOPEN_SOURCE 700	/* realpath */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "incident.h"
#include "sql.h"

enum { RANDOM_KILLS = 10 };

/* Every order has exactly one session open at Stripe, and it is good. */
static void
assert_repaired(struct stack *stack, const struct incident *incident)
{
	char session_id[SESSION_ID_SIZE];

	for (int i = 0; i < incident->count; i++) {
		assert_at_stripe(stack, incident->sessions[i], "expired");
		assert_one_fresh(stack, incident, incident->orders[i],
		    session_id);
	}
	incident_finds(stack, incident, 0, ": nothing to do\n");
}

/* The fault's members after method and path, and what the line says. */
struct trouble {
	const char *members;
	const char *said;
};

static const struct trouble troubles[] = {
	{ "\"status\":401", "401" },
	{ "\"status\":403", "403" },
	{ "\"status\":429", "429" },
	{ "\"status\":500", "500" },
	{ "\"drop\":\"before\"", "Stripe" },
	{ "\"drop\":\"after\"", "Stripe" },
};

/* The second of three orders meets it; the run goes on, the next one heals. */
static void
assert_goes_on(struct stack *stack, const struct trouble *trouble,
    const char *method, const char *verb)
{
	struct incident incident;
	struct run run;
	char *line;

	incident_adopted(stack, 3, &incident);
	standin_fault(stack, "{\"method\":\"%s\",\"path\":"
	    "\"/v1/checkout/sessions/%s%s\",\"count\":0,%s}", method,
	    incident.sessions[1], verb, trouble->members);
	incident_regenerate(stack, &incident, &run, 1, WORDS("--commit"));
	assert_holds(run.output, "3 pending: replace 2, fulfil 0, leave 0, "
	    "failed 1: run it again for those that failed\n");
	line = strstr(run.output, "  failed: ");
	assert_non_null(line);
	assert_holds(line, trouble->said);
	run_clear(&run);
	assert_int_equal(standin_session_count(stack, incident.orders[1],
	    NULL), 0);
	standin_mend(stack);
	incident_repairs(stack, &incident, 0, "replace 1, fulfil 0, leave 2");
	assert_repaired(stack, &incident);
	incident_clear(&incident);
}

static void
test_trouble_with_the_expiry(void **state)
{
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++)
		assert_goes_on(*state, &troubles[i], "POST", "/expire");
}

static void
test_trouble_with_the_look(void **state)
{
	assert_goes_on(*state, &troubles[0], "GET", "");
	assert_goes_on(*state, &troubles[3], "GET", "");
	assert_goes_on(*state, &troubles[4], "GET", "");
}

/* After the old one's end; the customer exists or not. */
static void
test_trouble_with_the_mint(void **state)
{
	struct stack *stack = *state;

	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++) {
		struct incident incident;

		incident_adopted(stack, 3, &incident);
		standin_fault(stack, "{\"method\":\"POST\",\"path\":"
		    "\"/v1/checkout/sessions\",\"params\":{"
		    "\"client_reference_id\":\"%lld\"},\"count\":0,%s}",
		    (long long)incident.orders[1], troubles[i].members);
		incident_repairs(stack, &incident, 1, "failed 1: run it");
		standin_mend(stack);
		incident_repairs(stack, &incident, 0,
		    "replace 1, fulfil 0, leave 2, failed 0: done\n");
		assert_repaired(stack, &incident);
		incident_clear(&incident);
	}
}

/* A dry run says it too, and fails. */
static void
test_trouble_in_a_dry_run(void **state)
{
	struct stack *stack = *state;
	struct incident incident;

	incident_adopted(stack, 2, &incident);
	standin_fault(stack, "{\"method\":\"GET\",\"path\":"
	    "\"/v1/checkout/sessions/%s\",\"count\":0,\"status\":403}",
	    incident.sessions[0]);
	incident_finds(stack, &incident, 1,
	    "2 pending: replace 1, fulfil 0, leave 0, failed 1: run it");
	standin_mend(stack);
	incident_clear(&incident);
}

/* A 404 to the expiry alone is no word on the session: it is read again. */
static void
test_will_not_expire(void **state)
{
	static const int codes[] = { 400, 404 };
	struct stack *stack = *state;

	for (int i = 0; i < 2; i++) {
		struct incident incident;

		incident_adopted(stack, 1, &incident);
		standin_fault(stack, "{\"method\":\"POST\",\"path\":"
		    "\"/v1/checkout/sessions/%s/expire\",\"count\":0,"
		    "\"status\":%d}", incident.sessions[0], codes[i]);
		incident_repairs(stack, &incident, 1,
		    " is open and will not expire\n");
		assert_int_equal(standin_session_count(stack,
		    incident.orders[0], NULL), 0);
		standin_mend(stack);
		incident_repairs(stack, &incident, 0, "replace 1");
		assert_repaired(stack, &incident);
		incident_clear(&incident);
	}
}

/* Something happens to the session between our look and its expiry. */
static void
meanwhile(struct stack *stack, const struct incident *incident,
    const char *verb)
{
	standin_fault(stack, "{\"method\":\"POST\",\"path\":"
	    "\"/v1/checkout/sessions/%s/expire\",\"command\":{\"when\":"
	    "\"before\",\"argv\":[\"/usr/bin/curl\",\"-sS\",\"-o\","
	    "\"/dev/null\",\"--noproxy\",\"*\",\"-d\",\"{}\","
	    "\"%s/_control/sessions/%s/%s\"]}}", incident->sessions[0],
	    stack_setting(stack, "STRIPE_API_BASE"), incident->sessions[0],
	    verb);
}

static void
test_paid_meanwhile(void **state)
{
	struct stack *stack = *state;
	struct incident incident;

	incident_adopted(stack, 1, &incident);
	meanwhile(stack, &incident, "pay");
	incident_repairs(stack, &incident, 0,
	    "fulfilled: completed meanwhile\n");
	club_assert_status(stack, incident.orders[0], "paid");
	assert_int_equal(standin_session_count(stack, incident.orders[0],
	    NULL), 0);
	incident_clear(&incident);
}

/* Its payment is not simply the order's: nothing is minted beside it. */
static void
test_paid_wrongly_meanwhile(void **state)
{
	struct stack *stack = *state;
	struct incident incident;

	incident_adopted(stack, 1, &incident);
	sql_run(stack, "update teamdues.orders set amount_cents = 14000 where "
	    "order_id = %lld", (long long)incident.orders[0]);
	meanwhile(stack, &incident, "pay");
	incident_repairs(stack, &incident, 0,
	    "fulfilled: completed meanwhile; not the order's as it is\n");
	club_assert_status(stack, incident.orders[0], "pending");
	assert_int_equal(standin_session_count(stack, incident.orders[0],
	    NULL), 0);
	incident_clear(&incident);
}

static void
test_gone_meanwhile(void **state)
{
	static const char *const verbs[] = { "expire", "forget" };
	struct stack *stack = *state;
	char session_id[SESSION_ID_SIZE];

	for (int i = 0; i < 2; i++) {
		struct incident incident;

		incident_adopted(stack, 1, &incident);
		session_made_long_ago(stack, incident.sessions[0]);
		meanwhile(stack, &incident, verbs[i]);
		incident_repairs(stack, &incident, 0, "replace 1");
		sql_assert_text(stack, "expired", "select status from "
		    "teamdues.checkout_sessions where session_id = '%s'",
		    incident.sessions[0]);
		assert_one_fresh(stack, &incident, incident.orders[0],
		    session_id);
		incident_clear(&incident);
	}
}

/* How many sessions teamdues has minted for the incident's orders. */
static int
count_minted(struct stack *stack, const struct incident *incident)
{
	int count = 0;

	for (int i = 0; i < incident->count; i++)
		count += standin_session_count(stack, incident->orders[i],
		    NULL);
	return count;
}

static void
run_two(struct stack *stack, const struct incident *incident,
    const char *option)
{
	char line[HTTP_VALUE_SIZE];
	struct run run;

	snprintf(line, sizeof(line), "r() { \"$0\" regenerate "
	    "--tournament-id %s --commit %s; }; r & a=$!; r & b=$!; "
	    "wait $a && wait $b", incident->tournament, option);
	command_shell(stack, &run, 0, line);
	run_clear(&run);
}

static void
test_two_at_once(void **state)
{
	struct stack *stack = *state;
	struct incident incident;

	incident_adopted(stack, 6, &incident);
	standin_fault(stack, "{\"path\":\"/v1/*\",\"count\":0,"
	    "\"delay_ms\":20}");
	run_two(stack, &incident, "");
	assert_int_equal(count_minted(stack, &incident), 6);
	standin_mend(stack);
	assert_repaired(stack, &incident);
	incident_clear(&incident);
}

/* Each replaces what it has looked at: never what the other has just made. */
static void
test_two_with_force_at_once(void **state)
{
	struct stack *stack = *state;
	char fresh[SESSION_ID_SIZE];
	struct incident incident;

	incident_adopted(stack, 1, &incident);
	incident_repairs(stack, &incident, 0, "replace 1");
	/* Both have looked before either goes on. */
	standin_fault(stack, "{\"method\":\"GET\",\"path\":"
	    "\"/v1/checkout/sessions/*\",\"count\":2,\"delay_ms\":500}");
	run_two(stack, &incident, "--force");
	assert_int_equal(count_minted(stack, &incident), 2);
	assert_one_fresh(stack, &incident, incident.orders[0], fresh);
	incident_clear(&incident);
}

/*
 * Runs until Stripe has the marked call in hand (before executing it, or after
 * and before the answer), then kills the run there.
 */
static void
kill_at(struct stack *stack, const struct incident *incident,
    const char *marker)
{
	char line[HTTP_VALUE_SIZE];
	struct run run;

	snprintf(line, sizeof(line), "\"$0\" regenerate --tournament-id %s "
	    "--commit & pid=$!; until [ -e %s ]; do kill -0 $pid || exit 9; "
	    "sleep 0.01; done; kill -9 $pid; wait $pid; code=$?; rm -f %s; "
	    "exit $code", incident->tournament, marker, marker);
	command_shell(stack, &run, 137, line);
	run_clear(&run);
}

/* Where the stand-in may write: the folder's own name, not the link to it. */
static void
marker_path(struct stack *stack, char marker[STACK_PATH_SIZE])
{
	char link[STACK_PATH_SIZE];
	char *folder;

	stack_path(stack, "state/temporary", link);
	folder = realpath(link, NULL);
	assert_non_null(folder);
	snprintf(marker, STACK_PATH_SIZE, "%s/marker", folder);
	free(folder);
}

static void
assert_heals_from_kill(struct stack *stack, const char *when,
    const char *method, const char *path)
{
	char marker[STACK_PATH_SIZE];
	struct incident incident;

	marker_path(stack, marker);
	incident_adopted(stack, 2, &incident);
	standin_fault(stack, "{\"method\":\"%s\",\"path\":\"%s\",\"command\":{"
	    "\"when\":\"%s\",\"argv\":[\"/bin/sh\",\"-c\",\"touch %s; while "
	    "[ -e %s ]; do sleep 0.01; done\"]}}", method, path, when,
	    marker, marker);
	kill_at(stack, &incident, marker);
	incident_repairs(stack, &incident, 0, "failed 0: done\n");
	assert_repaired(stack, &incident);
	assert_int_equal(count_minted(stack, &incident), 2);
	incident_clear(&incident);
}

static void
test_killed_around_each_call(void **state)
{
	static const char *const calls[][2] = {
		{ "GET", "/v1/checkout/sessions/:id" },
		{ "POST", "/v1/checkout/sessions/:id/expire" },
		{ "POST", "/v1/customers" },
		{ "POST", "/v1/checkout/sessions" },
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		assert_heals_from_kill(*state, "before", calls[i][0],
		    calls[i][1]);
		assert_heals_from_kill(*state, "after", calls[i][0],
		    calls[i][1]);
	}
}

/* Ten times in one repair, each a little later into the run that is left. */
static void
test_killed_at_random(void **state)
{
	struct stack *stack = *state;
	char line[HTTP_VALUE_SIZE];
	struct incident incident;
	unsigned seed = (unsigned)getpid();
	struct run run;

	incident_adopted(stack, 12, &incident);
	standin_fault(stack, "{\"path\":\"/v1/*\",\"count\":0,"
	    "\"delay_ms\":15}");
	for (int i = 0; i < RANDOM_KILLS; i++) {
		int ms = 20 + rand_r(&seed) % 150;

		snprintf(line, sizeof(line), "\"$0\" regenerate "
		    "--tournament-id %s --commit & pid=$!; sleep 0.%03d; "
		    "kill -9 $pid 2>/dev/null; wait $pid; exit 0",
		    incident.tournament, ms);
		command_shell(stack, &run, 0, line);
		run_clear(&run);
	}
	standin_mend(stack);
	incident_regenerate(stack, &incident, &run, 0, WORDS("--commit"));
	run_clear(&run);
	print_message("seed %u\n", (unsigned)getpid());
	assert_repaired(stack, &incident);
	assert_int_equal(count_minted(stack, &incident), 12);
	incident_clear(&incident);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		INCIDENT_TEST(test_trouble_with_the_expiry),
		INCIDENT_TEST(test_trouble_with_the_look),
		INCIDENT_TEST(test_trouble_with_the_mint),
		INCIDENT_TEST(test_trouble_in_a_dry_run),
		INCIDENT_TEST(test_will_not_expire),
		INCIDENT_TEST(test_paid_meanwhile),
		INCIDENT_TEST(test_paid_wrongly_meanwhile),
		INCIDENT_TEST(test_gone_meanwhile),
		INCIDENT_TEST(test_two_at_once),
		INCIDENT_TEST(test_two_with_force_at_once),
		INCIDENT_TEST(test_killed_around_each_call),
		INCIDENT_TEST(test_killed_at_random),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
