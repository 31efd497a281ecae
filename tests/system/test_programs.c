/*
 * A program that hangs, is not there or runs with another secret, one at a
 * time: doctor fails and names it, and a mail comes to MAIL_ALERTS.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "noticed.h"
#include "sql.h"

enum { LINE_SIZE = 512 };

static void
test_webhook_that_hangs(void **state)
{
	struct stack *stack = *state;
	pid_t pid = program_pid(stack, "webhooks-stripe");

	process_stop(pid);
	doctor_finds(stack, "webhook");
	doctor_finds(stack, "site");
	is_mailed(stack, "site", 0);
	assert_int_equal(kill(pid, SIGCONT), 0);
	assert_int_equal(mails_about(stack, "webhook", ""), 1);
	is_over(stack, "webhook");
}

/* It was not restarted since the secret was changed; nothing is recorded. */
static void
test_webhook_with_another_secret(void **state)
{
	struct stack *stack = *state;
	int64_t before = sql_int(stack, "select count(*) from "
	    "teamdues.stripe_events");
	struct run run;

	command_run(stack, &run, 1,
	    WORDS("STRIPE_WEBHOOK_SECRET=whsec_another_one_than_it_has"),
	    WORDS("doctor"));
	assert_holds(run.output, "FAIL webhook: refuses what is signed");
	run_clear(&run);
	sql_run(stack, "delete from teamdues.refused_signatures");
	doctor_is_content(stack);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.stripe_events"), before);
}

/* The program itself, in each of the ways in which it can be silent. */
static void
program_is_named(struct stack *stack, const char *name)
{
	char line[LINE_SIZE];
	struct run run;

	COMMAND(stack, &run, 1, "doctor");
	snprintf(line, sizeof(line), "FAIL programs: hung or not there: %s "
	    "-> ", name);
	assert_holds(run.output, line);
	run_clear(&run);
}

/* Calls each with the name of every program that the stack has started. */
static void
each_program(struct stack *stack, void (*each)(struct stack *, const char *))
{
	char path[STACK_PATH_SIZE], name[LINE_SIZE];
	char *servers;
	char *rest = NULL;
	int count = 0;

	stack_path(stack, "servers", path);
	servers = stack_read_file(path);
	for (char *line = strtok_r(servers, "\n", &rest); line != NULL;
	    line = strtok_r(NULL, "\n", &rest)) {
		line[strcspn(line, " ")] = '\0';
		snprintf(name, sizeof(name), "state/socket/%s.sock", line);
		stack_path(stack, name, path);
		if (access(path, F_OK) != 0)
			continue;
		each(stack, line);
		count++;
	}
	free(servers);
	assert_true(count > 0);
}

static void
stop_one(struct stack *stack, const char *name)
{
	pid_t pid = program_pid(stack, name);

	process_stop(pid);
	program_is_named(stack, name);
	assert_int_equal(kill(pid, SIGCONT), 0);
}

static void
test_programs_that_hang(void **state)
{
	each_program(*state, stop_one);
	doctor_is_content(*state);
}

/* Its socket is gone, as where it was never started. */
static void
test_program_that_is_not_there(void **state)
{
	char path[STACK_PATH_SIZE], aside[STACK_PATH_SIZE];
	struct stack *stack = *state;
	struct run run;

	stack_path(stack, "state/socket/tryouts-pay.sock", path);
	stack_path(stack, "state/socket/aside.sock", aside);
	assert_int_equal(rename(path, aside), 0);
	program_is_named(stack, "tryouts-pay");
	is_noticed(stack, "programs");
	COMMAND(stack, &run, 0, "metrics");
	assert_holds(run.output, "teamdues_programs_down 1\n");
	run_clear(&run);
	assert_int_equal(rename(aside, path), 0);
	is_over(stack, "programs");
	COMMAND(stack, &run, 0, "metrics");
	assert_holds(run.output, "teamdues_programs_down 0\n");
	run_clear(&run);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WATCH_TEST(test_webhook_that_hangs),
		WATCH_TEST(test_webhook_with_another_secret),
		WATCH_TEST(test_programs_that_hang),
		WATCH_TEST(test_program_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
