/*
 * How long a mail server may take: each step before the dot has a time of its
 * own, which is two seconds here, and the answer to the dot another.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/config.h"
#include "catcher.h"
#include "mail/smtp.h"
#include "mail/smtp_judge.h"

int64_t __real_smtp_patience_ms(enum smtp_phase phase);
int64_t __wrap_smtp_patience_ms(enum smtp_phase phase);

static int64_t step_ms = 2000;

int64_t
__wrap_smtp_patience_ms(enum smtp_phase phase)
{
	return phase == SMTP_PHASE_DOT ? __real_smtp_patience_ms(phase)
	    : step_ms;
}

/* another: NULL for none. */
static void
send_one(const char *fault, const char *another, struct smtp_reply *reply)
{
	struct catcher *catcher = catcher_start(NULL);
	struct buf message = BUF_INIT(1024);
	const struct smtp_mail mail = { "dues@club.example",
	    "ann@example.com", &message };
	struct smtp *smtp = NULL;
	struct config config;
	struct err err;

	catcher_expect(catcher, fault);
	if (another != NULL)
		catcher_add(catcher, another);
	setenv("SMTP_URL", catcher_url(catcher), 1);
	assert_int_equal(config_load(&config, NEEDS(SETTING_SMTP_URL), NULL,
	    NULL, &err), ST_OK);
	assert_int_equal(smtp_open(&config, &smtp, &err), ST_OK);
	buf_puts(&message, "Subject: x\r\n\r\nx\r\n");
	assert_int_equal(smtp_send(smtp, &mail, reply, &err), ST_OK);
	buf_clear(&message);
	smtp_close(smtp);
	config_clear(&config);
	catcher_stop(catcher);
}

static void
silent_before_the_dot(void **state)
{
	struct smtp_reply reply;

	(void)state;
	send_one("{\"phase\":\"rcpt\",\"delay_ms\":60000}", NULL, &reply);
	assert_int_equal(reply.end, SMTP_TEMPORARY);
	assert_string_equal(reply.text, "the mail server took too long");
}

/* Each within its time, all together not. */
static void
slow_at_each_step(void **state)
{
	struct smtp_reply reply;

	(void)state;
	step_ms = 6000;
	send_one("{\"phase\":\"connect\",\"delay_ms\":3500}",
	    "{\"phase\":\"rcpt\",\"delay_ms\":3500}", &reply);
	assert_int_equal(reply.end, SMTP_SENT);
	step_ms = 2000;
}

static void
slow_behind_the_dot(void **state)
{
	struct smtp_reply reply;

	(void)state;
	send_one("{\"phase\":\"dot\",\"delay_ms\":4000}", NULL, &reply);
	assert_int_equal(reply.end, SMTP_SENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silent_before_the_dot),
		cmocka_unit_test(slow_at_each_step),
		cmocka_unit_test(slow_behind_the_dot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
