/*
 * What a person decides about mails that were queued: sent now, or taken back.
 * No family gets a mail twice by it (invariant 6).
 */
#include <stdio.h>
#include <stdlib.h>

#include "mailbox.h"
#include "sql.h"

enum { FEE = 15000, FAMILIES = 4 };

static const char one[] = "/admin/email/first-payment";

/* Mails the family; the id of its newest mail. */
static int64_t
ask(struct stack *stack, const struct family *family, const char *more)
{
	char body[LINK_SIZE];
	struct json_object *answer;
	int64_t id;

	family_body(body, family, more);
	answer = admin_json(stack, 202, one, body);
	id = json_int_at(answer, "email_id");
	json_object_put(answer);
	return id;
}

static void
assert_state(struct stack *stack, int64_t email_id, const char *state)
{
	sql_assert_text(stack, state, "select state from teamdues.emails where "
	    "email_id = %lld", (long long)email_id);
}

/* Nothing of another test's waits or has failed. */
static int
clean(void **state)
{
	int failed = mailbox_clean(state);

	if (!failed)
		sql_run(*state, "update teamdues.emails set state = 'dropped' "
		    "where state in ('queued', 'failed')");
	return failed;
}
#define ACT_TEST(function) \
	cmocka_unit_test_setup_teardown(function, clean, books_close)

/* A batch of families; who is refused, who is in doubt, who waits. */
static int64_t
send_batch(struct stack *stack, struct family families[FAMILIES])
{
	struct json_object *answer;
	int64_t batch_id;

	for (size_t i = 0; i < FAMILIES; i++)
		family_make(stack, FEE, &families[i]);
	answer = admin_json(stack, 202, "/admin/email/first-payment/blast",
	    NULL);
	assert_int_equal(json_int_at(answer, "queued"), FAMILIES);
	batch_id = json_int_at(answer, "batch_id");
	json_object_put(answer);
	catcher_fault(stack, "{\"phase\":\"rcpt\",\"to\":\"%s\",\"code\":550}",
	    families[0].email);
	catcher_fault(stack, "{\"phase\":\"dot\",\"to\":\"%s\",\"close\":true}",
	    families[1].email);
	catcher_fault(stack, "{\"phase\":\"rcpt\",\"to\":\"%s\",\"code\":450}",
	    families[2].email);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 2);
	return batch_id;
}

static void
retry(struct stack *stack, bool all)
{
	struct family families[FAMILIES];
	char batch[WORD_SIZE];
	char doubt[WORD_SIZE];
	struct run run;

	word_of(batch, send_batch(stack, families));
	if (all)
		COMMAND(stack, &run, 0, "email", "retry", "--all");
	else
		COMMAND(stack, &run, 0, "email", "retry", "--batch", batch);
	assert_holds(run.output, "2 mails are due now, 1 left out.\n");
	assert_holds(run.errors, "may have arrived");
	run_clear(&run);
	mailer_run(stack, 0);
	mail_assert_state(stack, families[0].email, "sent", "");
	mail_assert_state(stack, families[1].email, "failed", "");
	mail_assert_state(stack, families[2].email, "sent", "");
	for (size_t i = 0; i < FAMILIES; i++)
		json_object_put(mailbox_only(stack, families[i].email));

	/* By its own id a person takes the risk. */
	word_of(doubt, sql_int(stack, "select email_id from teamdues.emails "
	    "where recipient = '%s'", families[1].email));
	COMMAND(stack, &run, 0, "email", "retry", doubt);
	run_clear(&run);
	mailer_run(stack, 0);
	mail_assert_state(stack, families[1].email, "sent", "");
	COMMAND(stack, &run, 0, "email", "retry", "--all");
	assert_string_equal(run.output, "No mail has failed or waits.\n");
	run_clear(&run);
}

static void
test_retry_of_a_batch(void **state)
{
	retry(*state, false);
}

static void
test_retry_of_all(void **state)
{
	retry(*state, true);
}

/* Asked again the same day, or reminded later: the failed one is history. */
static void
test_a_mail_that_was_followed(void **state)
{
	struct stack *stack = *state;
	struct family family;
	char id[WORD_SIZE];
	struct run run;

	family_make(stack, FEE, &family);
	catcher_fault(stack, "{\"phase\":\"rcpt\",\"code\":550}");
	word_of(id, ask(stack, &family, ""));
	mailer_run(stack, 0);
	ask(stack, &family, ",\"again\":true");
	COMMAND(stack, &run, 1, "email", "retry", id);
	assert_holds(run.errors, "has been followed by another of its kind");
	run_clear(&run);
	mailer_run(stack, 0);
	COMMAND(stack, &run, 0, "email", "retry", "--all");
	assert_holds(run.output, "0 mails are due now, 1 left out.\n");
	run_clear(&run);
	mailer_run(stack, 0);
	json_object_put(mailbox_only(stack, family.email));

	/* Both failed: the later one alone. */
	sql_run(stack, "update teamdues.emails set state = 'failed', sent_at = "
	    "null where recipient = '%s'", family.email);
	COMMAND(stack, &run, 0, "email", "retry", "--all");
	assert_holds(run.output, "1 mail is due now, 1 left out.\n");
	run_clear(&run);
	assert_state(stack, strtoll(id, NULL, 10), "failed");
}

static void
test_drop(void **state)
{
	struct stack *stack = *state;
	struct family family;
	char id[WORD_SIZE];
	struct run run;

	family_make(stack, FEE, &family);
	word_of(id, ask(stack, &family, ""));
	COMMAND(stack, &run, 0, "email", "drop", id);
	assert_holds(run.output, "is dropped: it will not be sent.\n");
	run_clear(&run);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 0);
	mail_assert_state(stack, family.email, "dropped",
	    "taken back by a person");
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.audit_log where action = 'mail drop' and subject = "
	    "'mail %s'", id), 1);
	COMMAND(stack, &run, 1, "email", "drop", id);
	assert_holds(run.errors, "is dropped already");
	run_clear(&run);

	/* And that can be taken back. */
	COMMAND(stack, &run, 0, "email", "retry", id);
	run_clear(&run);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 1);
	COMMAND(stack, &run, 1, "email", "drop", id);
	assert_holds(run.errors, "is sent already");
	run_clear(&run);
	COMMAND(stack, &run, 1, "email", "drop", "999999999");
	assert_holds(run.errors, "no such mail");
	run_clear(&run);
}

/* While the mail server has it: neither twice nor never. */
static void
test_a_mail_in_hand(void **state)
{
	struct stack *stack = *state;
	PGconn *mailer = sql_connect(stack);
	struct family family;
	char statement[LINK_SIZE];
	char id[WORD_SIZE];
	struct run run;

	family_make(stack, FEE, &family);
	word_of(id, ask(stack, &family, ""));
	snprintf(statement, sizeof(statement), "begin; select from "
	    "teamdues.emails where email_id = %s for update", id);
	PQclear(PQexec(mailer, statement));
	COMMAND(stack, &run, 1, "email", "retry", id);
	assert_holds(run.errors, "is being sent this moment");
	run_clear(&run);
	COMMAND(stack, &run, 1, "email", "drop", id);
	assert_holds(run.errors, "is being sent this moment");
	run_clear(&run);
	PQfinish(mailer);
	assert_state(stack, strtoll(id, NULL, 10), "queued");
}

static void
test_usage(void **state)
{
	static const char *const lines[][5] = {
		{ "email", "retry" }, { "email", "retry", "1", "--all" },
		{ "email", "retry", "--batch", "0" }, { "email", "drop" },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct run run;

		command_run(*state, &run, 2, NULL, lines[i]);
		assert_holds(run.errors, "Usage: ");
		run_clear(&run);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ACT_TEST(test_retry_of_a_batch),
		ACT_TEST(test_retry_of_all),
		ACT_TEST(test_a_mail_that_was_followed),
		ACT_TEST(test_drop),
		ACT_TEST(test_a_mail_in_hand),
		ACT_TEST(test_usage),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
