/*
 * How long a mail server may take: what comes before the dot has its own time,
 * which is two seconds here, and the answer to the dot another.
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
#include "mail/smtp_judge.h"

int64_t __real_smtp_patience_ms(enum smtp_phase phase);
int64_t __wrap_smtp_patience_ms(enum smtp_phase phase);

int64_t
__wrap_smtp_patience_ms(enum smtp_phase phase)
{
	return phase == SMTP_PHASE_DOT ? __real_smtp_patience_ms(phase) : 2000;
}

static void
send_one(const char *fault, struct smtp_reply *reply)
{
	struct catcher *catcher = catcher_start(NULL);
	struct buf message = BUF_INIT(1024);
	const struct smtp_mail mail = { "dues@club.example",
	    "ann@example.com", &message };
	struct smtp *smtp = NULL;
	struct config config;
	struct err err;

	catcher_expect(catcher, fault);
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
	send_one("{\"phase\":\"rcpt\",\"delay_ms\":60000}", &reply);
	assert_int_equal(reply.end, SMTP_TEMPORARY);
	assert_string_equal(reply.text, "the mail server took too long");
}

static void
slow_behind_the_dot(void **state)
{
	struct smtp_reply reply;

	(void)state;
	send_one("{\"phase\":\"dot\",\"delay_ms\":4000}", &reply);
	assert_int_equal(reply.end, SMTP_SENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silent_before_the_dot),
		cmocka_unit_test(slow_behind_the_dot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
