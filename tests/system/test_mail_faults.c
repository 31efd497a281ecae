/*
 * A mail server in trouble: what becomes of each row, and in whose words.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../unit/catcher.h"
#include "mailbox.h"
#include "sql.h"

enum { FEE = 15000 };

static void
ask(struct stack *stack, struct family *family)
{
	char target[LINK_SIZE];

	family_make(stack, FEE, family);
	snprintf(target, sizeof(target), "/admin/email/first-payment?"
	    "player_id=%lld", (long long)family->player_id);
	json_object_put(admin_json(stack, 202, target, NULL));
}

/* Seconds until the mail is due again; 0 or less: it is. */
static int64_t
due_in(struct stack *stack, const struct family *family)
{
	return sql_int(stack, "select ceil(extract(epoch from not_before - "
	    "now()))::bigint from teamdues.emails where player_id = %lld",
	    (long long)family->player_id);
}

static int64_t
attempts(struct stack *stack, const struct family *family)
{
	return sql_int(stack, "select attempts from teamdues.emails where "
	    "player_id = %lld", (long long)family->player_id);
}

static void
let_time_pass(struct stack *stack, const struct family *family)
{
	sql_run(stack, "update teamdues.emails set not_before = now() where "
	    "player_id = %lld", (long long)family->player_id);
}

/* One fault, one run: the row, and whether the server has the mail. */
struct fault_case {
	const char *fault;	/* without the braces */
	const char *state;
	const char *words;
	int64_t taken;
};

static void
try_fault(struct stack *stack, const struct fault_case *c)
{
	struct family family;
	void *state = stack;

	mailbox_clean(&state);
	ask(stack, &family);
	catcher_fault(stack, "{%s}", c->fault);
	mailer_run(stack, 0);
	print_message("%-62s %s: %s\n", c->fault, c->state, c->words);
	mail_assert_state(stack, family.email, c->state, c->words);
	assert_int_equal(mailbox_count(stack), c->taken);
	assert_int_equal(attempts(stack, &family), 1);
	if (strcmp(c->state, "queued") != 0)
		return;
	assert_in_range(due_in(stack, &family), 240, 301);
	mailer_run(stack, 0);
	assert_int_equal(attempts(stack, &family), 1);
	let_time_pass(stack, &family);
	mailer_run(stack, 0);
	mail_assert_state(stack, family.email, "sent", "");
	assert_int_equal(mailbox_count(stack), 1);
}

/* Nothing that is certain is sent twice, nothing that is not is sent again. */
static void
test_what_becomes_of_a_row(void **state)
{
	static const struct fault_case cases[] = {
		{ "\"phase\":\"connect\",\"code\":421", "queued",
		    "as the test wishes", 0 },
		{ "\"phase\":\"mail\",\"code\":421,\"text\":\"4.3.2 later\"",
		    "queued", "4.3.2 later", 0 },
		{ "\"phase\":\"rcpt\",\"code\":450,\"text\":\"4.7.1 greylist\"",
		    "queued", "4.7.1 greylist", 0 },
		{ "\"phase\":\"data\",\"code\":451", "queued",
		    "as the test wishes", 0 },
		{ "\"phase\":\"dot\",\"code\":450,\"text\":\"4.2.2 full\"",
		    "queued", "4.2.2 full", 0 },
		{ "\"phase\":\"rcpt\",\"code\":550,\"text\":\"5.1.1 nobody\"",
		    "failed", "5.1.1 nobody", 0 },
		{ "\"phase\":\"dot\",\"code\":552,\"text\":\"5.2.2 full\"",
		    "failed", "5.2.2 full", 0 },
		{ "\"phase\":\"rcpt\",\"close\":true", "queued", "", 0 },
		{ "\"phase\":\"body\",\"after_bytes\":300,\"close\":true",
		    "failed", "the connection ended before the server answered",
		    0 },
		{ "\"phase\":\"dot\",\"close\":true", "failed",
		    "the connection ended before the server answered", 1 },
		{ "\"phase\":\"dot\",\"close\":true,\"taken\":false",
		    "failed", "the connection ended before the server answered",
		    0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		try_fault(*state, &cases[i]);
}

/* 5 minutes, then twice as long each time, to 6 hours; given up in 3 days. */
static void
test_backoff(void **state)
{
	static const int64_t waits[] = { 300, 600, 1200, 2400, 4800, 9600,
	    19200, 21600, 21600 };
	struct stack *stack = *state;
	struct family family;

	ask(stack, &family);
	catcher_fault(stack, "{\"phase\":\"rcpt\",\"count\":0,\"code\":450}");
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		let_time_pass(stack, &family);
		mailer_run(stack, 0);
		assert_in_range(due_in(stack, &family), waits[i] - 60,
		    waits[i] + 1);
	}
	sql_run(stack, "update teamdues.emails set created_at = now() - "
	    "interval '73 hours' where player_id = %lld",
	    (long long)family.player_id);
	let_time_pass(stack, &family);
	mailer_run(stack, 0);
	mail_assert_state(stack, family.email, "failed", "as the test wishes");
}

/* One recipient's trouble is not another's. */
static void
test_others_go_on(void **state)
{
	struct stack *stack = *state;
	struct family families[5];

	for (size_t i = 0; i < 5; i++)
		ask(stack, &families[i]);
	catcher_fault(stack, "{\"phase\":\"rcpt\",\"to\":\"%s\",\"code\":550}",
	    families[1].email);
	catcher_fault(stack, "{\"phase\":\"dot\",\"to\":\"%s\",\"close\":true,"
	    "\"taken\":false}", families[3].email);
	mailer_run(stack, 0);
	for (size_t i = 0; i < 5; i++)
		mail_assert_state(stack, families[i].email,
		    i % 2 == 1 ? "failed" : "sent", "");
	assert_int_equal(mailbox_count(stack), 3);
}

/*
 * A 5xx that speaks of us is no family's: who is over today's limit waits,
 * one alone is tried, and all get their mail once the limit is over.
 */
static void
refuse_us(struct stack *stack, const char *phase, const char *answer)
{
	struct family families[4];
	void *state = stack;
	struct run run;

	mailbox_clean(&state);
	sql_run(stack, "update teamdues.emails set state = 'dropped' where "
	    "state in ('queued', 'failed')");
	for (size_t i = 0; i < 4; i++)
		ask(stack, &families[i]);
	catcher_fault(stack, "{\"phase\":\"%s\",\"nth\":3,\"count\":0,%s}",
	    phase, answer);
	command_run(stack, &run, 1, NULL, WORDS("mailer", "--once"));
	assert_holds(run.errors, "the mail server refuses us: ");
	run_clear(&run);
	assert_int_equal(mailbox_count(stack), 2);
	assert_int_equal(attempts(stack, &families[2]), 1);
	assert_in_range(due_in(stack, &families[2]), 240, 301);
	assert_int_equal(attempts(stack, &families[3]), 0);
	catcher_call(stack, "DELETE", "faults", NULL);
	COMMAND(stack, &run, 0, "email", "retry", "--all");
	assert_holds(run.output, "2 mails are due now, 0 left out.\n");
	run_clear(&run);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 4);
	for (size_t i = 0; i < 4; i++)
		mail_assert_state(stack, families[i].email, "sent", "");
}

static void
test_refusal_that_speaks_of_us(void **state)
{
	static const char *const cases[][2] = {
		{ "mail", "\"code\":550,\"text\":\"5.4.5 Daily limit\"" },
		{ "rcpt",
		    "\"code\":554,\"text\":\"5.7.1 Relay access denied\"" },
		{ "data", "\"code\":550,\"text\":\"5.4.5 Daily limit\"" },
		{ "dot", "\"code\":552,\"text\":\"relay quota\"" },
		{ "dot", "\"code\":550,\"text\":\"5.7.26 DMARC\"" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		refuse_us(*state, cases[i][0], cases[i][1]);
}

/* Tried through three days, it is a person's. */
static void
test_refusals_have_an_end(void **state)
{
	struct stack *stack = *state;
	struct family family;
	struct run run;

	ask(stack, &family);
	sql_run(stack, "update teamdues.emails set attempts = 16, created_at = "
	    "now() - interval '5 days' where player_id = %lld",
	    (long long)family.player_id);
	catcher_fault(stack, "{\"phase\":\"mail\",\"count\":0,\"code\":550}");
	for (int i = 0; i < 2; i++) {
		mail_assert_state(stack, family.email, "queued", "");
		let_time_pass(stack, &family);
		command_run(stack, &run, 1, NULL, WORDS("mailer", "--once"));
		run_clear(&run);
	}
	mail_assert_state(stack, family.email, "failed", "as the test wishes");
}

static void
test_retry_by_a_person(void **state)
{
	struct stack *stack = *state;
	struct family family;
	char id[WORD_SIZE];
	struct run run;

	ask(stack, &family);
	catcher_fault(stack, "{\"phase\":\"rcpt\",\"code\":450}");
	catcher_fault(stack, "{\"phase\":\"rcpt\",\"nth\":2,\"code\":550}");
	word_of(id, sql_int(stack, "select email_id from teamdues.emails where "
	    "player_id = %lld", (long long)family.player_id));
	mailer_run(stack, 0);
	/* One that waits need not wait longer. */
	COMMAND(stack, &run, 0, "email", "retry", id);
	run_clear(&run);
	mailer_run(stack, 0);
	mail_assert_state(stack, family.email, "failed", "as the test wishes");
	COMMAND(stack, &run, 0, "email", "retry", id);
	assert_holds(run.output, "is due now: the mailer takes it next.\n");
	run_clear(&run);
	mailer_run(stack, 0);
	mail_assert_state(stack, family.email, "sent", "");
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.audit_log where action = 'mail again' and subject = "
	    "'mail %s'", id), 2);
	COMMAND(stack, &run, 1, "email", "retry", id);
	assert_holds(run.errors, "has been sent");
	run_clear(&run);
	COMMAND(stack, &run, 1, "email", "retry", "999999999");
	run_clear(&run);
}

/* The mailer with another mail server or other credentials. */
static void
run_with(struct stack *stack, const char *const *settings)
{
	struct run run;

	command_run(stack, &run, 1, settings, WORDS("mailer", "--once"));
	assert_holds(run.errors, "the mail server is of no use: ");
	run_clear(&run);
}

/*
 * A server that nothing can be sent by: the mails are well and wait, one alone
 * was tried, and a person is told.
 */
static void
assert_of_no_use(struct stack *stack, const char *const *settings,
    const char *words)
{
	struct family families[3];
	void *state = stack;

	mailbox_clean(&state);
	for (size_t i = 0; i < 3; i++)
		ask(stack, &families[i]);
	run_with(stack, settings);
	mail_assert_state(stack, families[0].email, "queued", words);
	assert_int_equal(attempts(stack, &families[0]), 1);
	assert_int_equal(attempts(stack, &families[1]), 0);
	mail_assert_state(stack, families[2].email, "queued", "");
	print_message("%s: queued: %s\n", settings[0], words);
}

/* However long it takes the person: no mail is given up for it. */
static void
wait_long(struct stack *stack, const char *const *settings)
{
	struct family family;

	ask(stack, &family);
	sql_run(stack, "update teamdues.emails set created_at = now() - "
	    "interval '73 hours', not_before = '-infinity' where player_id = "
	    "%lld", (long long)family.player_id);
	run_with(stack, settings);
	mail_assert_state(stack, family.email, "queued", "5.7.8");
	sql_run(stack, "update teamdues.emails set state = 'dropped' where "
	    "player_id = %lld", (long long)family.player_id);
}

/* A name for this machine that is not known to be loopback. */
static const char *
not_loopback(const char *url, char elsewhere[LINK_SIZE])
{
	snprintf(elsewhere, LINK_SIZE, "SMTP_URL=smtp://0.0.0.0:%s",
	    strrchr(url, ':') + 1);
	return elsewhere;
}

/* Elsewhere than on loopback nothing is said before TLS. */
static void
test_without_starttls(void **state)
{
	struct stack *stack = *state;
	char setting[LINK_SIZE];

	not_loopback(stack_setting(stack, "SMTP_URL"), setting);
	assert_of_no_use(stack, WORDS(setting), "TLS");
	assert_int_equal(mailbox_count(stack), 0);
}

static void
test_bad_certificate(void **state)
{
	struct catcher *catcher = catcher_start("CATCHER_STARTTLS=1");
	struct stack *stack = *state;
	char authority[LINK_SIZE];
	char setting[LINK_SIZE];

	snprintf(setting, sizeof(setting), "SMTP_URL=%s",
	    catcher_url(catcher));
	assert_of_no_use(stack, WORDS(setting), "certificate");
	/* Of an authority that is known, and of another name. */
	snprintf(authority, sizeof(authority), "SSL_CERT_FILE=%s",
	    catcher_certificate(catcher));
	not_loopback(catcher_url(catcher), setting);
	assert_of_no_use(stack, WORDS(setting, authority), "certificate");
	catcher_stop(catcher);
}

static void
test_credentials(void **state)
{
	struct catcher *catcher = catcher_start("CATCHER_AUTH=club:secret");
	struct stack *stack = *state;
	char setting[LINK_SIZE];
	struct run run;

	snprintf(setting, sizeof(setting), "SMTP_URL=%s",
	    catcher_url(catcher));
	assert_of_no_use(stack, WORDS(setting, "SMTP_USER=club",
	    "SMTP_PASSWORD=wrong"), "5.7.8 authentication failed");
	assert_of_no_use(stack, WORDS(setting), "5.7.0");
	wait_long(stack, WORDS(setting, "SMTP_USER=club",
	    "SMTP_PASSWORD=wrong"));
	command_run(stack, &run, 1, WORDS(setting, "SMTP_USER=club",
	    "SMTP_PASSWORD=wrong"), WORDS("doctor"));
	assert_holds(run.output, "FAIL smtp: ");
	assert_holds(run.output, "5.7.8 authentication failed -> mend ");
	run_clear(&run);
	command_run(stack, &run, 0, WORDS(setting, "SMTP_USER=club",
	    "SMTP_PASSWORD=secret"), WORDS("doctor"));
	assert_holds(run.output, "would take mails of SMTP_USER\n");
	run_clear(&run);
	catcher_stop(catcher);
}

/* Not there at all: the mail waits, and the next is tried. */
static void
test_server_that_is_away(void **state)
{
	struct stack *stack = *state;
	struct family family;
	struct run run;

	ask(stack, &family);
	command_run(stack, &run, 0, WORDS("SMTP_URL=smtp://127.0.0.1:9"),
	    WORDS("mailer", "--once"));
	run_clear(&run);
	mail_assert_state(stack, family.email, "queued", "connect");
	assert_in_range(due_in(stack, &family), 240, 301);
}

static void
test_doctor_tells_of_the_outbox(void **state)
{
	struct stack *stack = *state;
	struct family family;
	struct run run;

	ask(stack, &family);
	COMMAND(stack, &run, 0, "doctor");
	assert_holds(run.output, "ok outbox: 1 mails wait\n");
	run_clear(&run);
	sql_run(stack, "update teamdues.emails set created_at = now() - "
	    "interval '20 minutes' where player_id = %lld",
	    (long long)family.player_id);
	COMMAND(stack, &run, 1, "doctor");
	assert_holds(run.output, "FAIL outbox: 1 mails wait, one of them for "
	    "20 minutes -> ");
	run_clear(&run);
	catcher_fault(stack, "{\"phase\":\"rcpt\",\"code\":550}");
	mailer_run(stack, 0);
	COMMAND(stack, &run, 1, "doctor");
	assert_holds(run.output, " mails failed in the last day -> ");
	run_clear(&run);
	assert_int_equal(mailbox_count(stack), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_what_becomes_of_a_row),
		MAIL_TEST(test_backoff),
		MAIL_TEST(test_others_go_on),
		MAIL_TEST(test_refusal_that_speaks_of_us),
		MAIL_TEST(test_refusals_have_an_end),
		MAIL_TEST(test_retry_by_a_person),
		MAIL_TEST(test_without_starttls),
		MAIL_TEST(test_bad_certificate),
		MAIL_TEST(test_credentials),
		MAIL_TEST(test_server_that_is_away),
		MAIL_TEST(test_doctor_tells_of_the_outbox),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
