/*
 * `teamdues endpoint`: Stripe's webhook endpoint of the site is made by the
 * command, with the events that teamdues reads, and what Stripe is sent is what
 * Stripe's own description of its API asks for.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "standin.h"

/* A member of the endpoint that was made last. */
static const char *
newest(struct json_object *rows, const char *member)
{
	return json_object_get_string(json_object_object_get(
	    json_object_array_get_idx(rows, 0), member));
}

static void
test_one_is_made_and_disabled(void **state)
{
	struct stack *stack = *state;
	struct json_object *rows;
	struct run run;

	COMMAND(stack, &run, 3, "endpoint", "add");
	assert_holds(run.output, "/webhooks/stripe");
	run_clear(&run);
	/* The stand-in's own. */
	json_object_put(command_rows(stack, 1, 0, WORDS("endpoint", "list",
	    "--json")));

	COMMAND(stack, &run, 0, "endpoint", "add", "--disabled", "--commit");
	assert_memory_equal(run.output, "we_", 3);
	assert_holds(run.output, " whsec_");
	assert_null(strstr(run.errors, "whsec_"));
	run_clear(&run);
	rows = command_rows(stack, 2, 0, WORDS("endpoint", "list", "--json"));
	assert_string_equal(newest(rows, "status"), "disabled");
	COMMAND(stack, &run, 0, "endpoint", "enable", newest(rows,
	    "endpoint_id"), "--commit");
	run_clear(&run);
	json_object_put(rows);
	rows = command_rows(stack, 2, 0, WORDS("endpoint", "list", "--json"));
	assert_string_equal(newest(rows, "status"), "enabled");
	COMMAND(stack, &run, 3, "endpoint", "disable", newest(rows,
	    "endpoint_id"));
	run_clear(&run);
	COMMAND(stack, &run, 0, "endpoint", "disable", newest(rows,
	    "endpoint_id"), "--commit");
	run_clear(&run);
	json_object_put(rows);
	rows = command_rows(stack, 2, 0, WORDS("endpoint", "list", "--json"));
	assert_string_equal(newest(rows, "status"), "disabled");
	json_object_put(rows);
}

static void
test_what_stripe_is_sent(void **state)
{
	struct stack *stack = *state;
	struct json_object *requests = standin_call(stack, "GET", "requests",
	    NULL);
	const char *text = json_object_to_json_string(requests);
	struct run run = { .argv = (const char *const[]){ "/usr/bin/env",
	    "node", "tests/conformance/validate.js", "requests", "--ours",
	    NULL }, .is_bare = true, .input = text,
	    .input_len = strlen(text) };

	assert_holds(text, "\"enabled_events[]\"");
	/* Until it is disabled it hears of nothing that comes. */
	assert_holds(text, "test_helpers.test_clock.created");
	assert_holds(text, "radar.early_fraud_warning.created");
	run_command(stack, &run);
	assert_holds(run.output, ", 0 problems\n");
	run_clear(&run);
	json_object_put(requests);
}

static void
test_what_stripe_refuses(void **state)
{
	struct stack *stack = *state;
	struct run run;

	COMMAND(stack, &run, 1, "endpoint", "disable", "we_unknown",
	    "--commit");
	assert_holds(run.errors, "404 resource_missing");
	run_clear(&run);
	COMMAND(stack, &run, 1, "endpoint", "disable", "we/../1", "--commit");
	assert_holds(run.errors, "no id of Stripe's");
	run_clear(&run);
	standin_fault(stack, "{\"method\":\"POST\","
	    "\"path\":\"/v1/webhook_endpoints\",\"lie\":{\"secret\":7}}");
	COMMAND(stack, &run, 1, "endpoint", "add", "--commit");
	assert_string_equal(run.output, "");
	run_clear(&run);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STANDIN_TEST(test_one_is_made_and_disabled),
		STANDIN_TEST(test_what_stripe_is_sent),
		STANDIN_TEST(test_what_stripe_refuses),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
