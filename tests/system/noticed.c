#include <stdio.h>
#include <stdlib.h>

#include "noticed.h"
#include "sql.h"

enum { LINE_SIZE = 512 };

void
watch_once(struct stack *stack, int code)
{
	struct run run;

	command_run(stack, &run, code, WORDS("MAIL_ALERTS=" TREASURER),
	    WORDS("watch", "--commit"));
	run_clear(&run);
}

int
mails_about(struct stack *stack, const char *cause, const char *words)
{
	struct json_object *mails = mailbox_of(stack, TREASURER);
	char name[LINE_SIZE];
	int count = 0;

	snprintf(name, sizeof(name), "Seen now (%s): ", cause);
	for (size_t i = 0; i < json_object_array_length(mails); i++) {
		const char *text = mail_text(json_object_array_get_idx(mails,
		    i));

		if (strstr(text, name) != NULL && strstr(text, words) != NULL)
			count++;
	}
	json_object_put(mails);
	return count;
}

void
doctor_finds(struct stack *stack, const char *cause)
{
	char line[LINE_SIZE];
	struct run run;

	COMMAND(stack, &run, 1, "doctor");
	snprintf(line, sizeof(line), "FAIL %s: ", cause);
	assert_holds(run.output, line);
	print_message("%s: doctor failed within %lld ms\n", cause,
	    (long long)run.ms);
	run_clear(&run);
}

void
doctor_is_content(struct stack *stack)
{
	struct run run;

	COMMAND(stack, &run, 0, "doctor");
	assert_null(strstr(run.output, "FAIL"));
	run_clear(&run);
}

void
is_mailed(struct stack *stack, const char *cause, int code)
{
	int64_t began_ms = monotonic_ms();

	watch_once(stack, code);
	print_message("%s: the mail came within %lld ms of watch\n", cause,
	    (long long)(monotonic_ms() - began_ms));
	assert_int_equal(mails_about(stack, cause, "To do, "), 1);
}

void
is_noticed(struct stack *stack, const char *cause)
{
	doctor_finds(stack, cause);
	is_mailed(stack, cause, 0);
	watch_once(stack, 0);
	assert_int_equal(mails_about(stack, cause, ""), 1);
}

void
is_over(struct stack *stack, const char *cause)
{
	doctor_is_content(stack);
	watch_once(stack, 0);
	assert_int_equal(mails_about(stack, cause, "This is over"), 1);
	watch_once(stack, 0);
	assert_int_equal(mails_about(stack, cause, ""), 2);
}

/*
 * A new Stripe, no mail, no alarm, no run, and nothing that waits.  (A
 * reconcile of the same second would count as one that has read what this test
 * makes.)
 */
int
noticed_setup(void **state)
{
	struct stack *stack = *state;

	if (reconcile_setup(state) != 0 || mailbox_clean(state) != 0)
		return -1;
	standin_deliver(stack, true);
	sql_run(stack, "truncate teamdues.alarms, teamdues.stripe_sights, "
	    "teamdues.refused_signatures, teamdues.runs, "
	    "teamdues.desk_refusals");
	return 0;
}

void
pay_and_hear(struct stack *stack, struct club *club, char id[SESSION_ID_SIZE])
{
	paid_session(stack, club, id);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from teamdues.orders "
	    "where order_id = %lld and status = 'paid'",
	    (long long)club->order_id) == 1);
}
