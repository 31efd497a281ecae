/* What each end of a transfer means for the mail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mail/smtp_judge.h"

static void
answer(struct smtp_progress *progress, const char *line)
{
	smtp_progress_answered(progress, line, strlen(line));
}

static void
sent(struct smtp_progress *progress, const char *command)
{
	smtp_progress_sent(progress, command, strlen(command));
}

struct verdict {
	enum smtp_phase phase;
	int code;
	CURLcode curl;
	enum smtp_end end;
};

static void
every_case(void **state)
{
	static const struct verdict CASES[] = {
		{ SMTP_PHASE_DOT, 250, CURLE_OK, SMTP_SENT },
		{ SMTP_PHASE_DOT, 250, CURLE_OPERATION_TIMEDOUT, SMTP_SENT },
		{ SMTP_PHASE_DOT, 451, CURLE_WEIRD_SERVER_REPLY,
		    SMTP_TEMPORARY },
		{ SMTP_PHASE_DOT, 421, CURLE_WEIRD_SERVER_REPLY,
		    SMTP_TEMPORARY },
		{ SMTP_PHASE_DOT, 554, CURLE_WEIRD_SERVER_REPLY,
		    SMTP_REFUSED },
		{ SMTP_PHASE_DOT, 0, CURLE_RECV_ERROR, SMTP_UNKNOWN },
		{ SMTP_PHASE_DOT, 0, CURLE_OPERATION_TIMEDOUT, SMTP_UNKNOWN },
		{ SMTP_PHASE_DOT, 0, CURLE_OUT_OF_MEMORY, SMTP_UNKNOWN },
		{ SMTP_PHASE_MAIL, 550, CURLE_SEND_ERROR, SMTP_REFUSED },
		{ SMTP_PHASE_RCPT, 550, CURLE_SEND_ERROR, SMTP_PERMANENT },
		{ SMTP_PHASE_DATA, 550, CURLE_SEND_ERROR, SMTP_REFUSED },
		{ SMTP_PHASE_RCPT, 530, CURLE_SEND_ERROR,
		    SMTP_MISCONFIGURED },
		{ SMTP_PHASE_RCPT, 0, CURLE_ABORTED_BY_CALLBACK,
		    SMTP_TEMPORARY },
		{ SMTP_PHASE_MAIL, 450, CURLE_SEND_ERROR, SMTP_TEMPORARY },
		{ SMTP_PHASE_MAIL, 421, CURLE_SEND_ERROR, SMTP_TEMPORARY },
		{ SMTP_PHASE_MAIL, 530, CURLE_SEND_ERROR,
		    SMTP_MISCONFIGURED },
		{ SMTP_PHASE_MAIL, 354, CURLE_SEND_ERROR, SMTP_TEMPORARY },
		{ SMTP_PHASE_MAIL, 0, CURLE_RECV_ERROR, SMTP_TEMPORARY },
		{ SMTP_PHASE_SESSION, 0, CURLE_COULDNT_CONNECT,
		    SMTP_TEMPORARY },
		{ SMTP_PHASE_SESSION, 0, CURLE_COULDNT_RESOLVE_HOST,
		    SMTP_TEMPORARY },
		{ SMTP_PHASE_SESSION, 0, CURLE_SSL_CONNECT_ERROR,
		    SMTP_TEMPORARY },
		{ SMTP_PHASE_SESSION, 421, CURLE_WEIRD_SERVER_REPLY,
		    SMTP_TEMPORARY },
		{ SMTP_PHASE_SESSION, 554, CURLE_WEIRD_SERVER_REPLY,
		    SMTP_MISCONFIGURED },
		{ SMTP_PHASE_SESSION, 250, CURLE_USE_SSL_FAILED,
		    SMTP_MISCONFIGURED },
		{ SMTP_PHASE_SESSION, 454, CURLE_USE_SSL_FAILED,
		    SMTP_TEMPORARY },
		{ SMTP_PHASE_SESSION, 535, CURLE_LOGIN_DENIED,
		    SMTP_MISCONFIGURED },
		{ SMTP_PHASE_SESSION, 454, CURLE_LOGIN_DENIED,
		    SMTP_TEMPORARY },
		{ SMTP_PHASE_SESSION, 220, CURLE_PEER_FAILED_VERIFICATION,
		    SMTP_MISCONFIGURED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		const struct smtp_progress progress = {
			.phase = CASES[i].phase, .code = CASES[i].code };

		if (smtp_judge(&progress, CASES[i].curl) != CASES[i].end)
			fail_msg("case %zu is not %d", i, (int)CASES[i].end);
	}
}

/* Whom a 5xx speaks of: the family, this mail, or us. */
static const struct {
	enum smtp_phase phase;
	const char *answer;
	enum smtp_end end;
} REFUSALS[] = {
	{ SMTP_PHASE_RCPT, "550 5.1.1 no such user", SMTP_PERMANENT },
	{ SMTP_PHASE_RCPT, "550 No such user here", SMTP_PERMANENT },
	{ SMTP_PHASE_RCPT, "552 5.2.2 mailbox full", SMTP_PERMANENT },
	{ SMTP_PHASE_RCPT, "550 5.5.0 mailbox unavailable",
	    SMTP_PERMANENT },
	{ SMTP_PHASE_RCPT, "550 5.4.1 Recipient address rejected",
	    SMTP_PERMANENT },
	{ SMTP_PHASE_RCPT, "554 5.7.1 <a@b>: Relay access denied",
	    SMTP_REFUSED },
	{ SMTP_PHASE_RCPT, "550 relaying denied", SMTP_REFUSED },
	{ SMTP_PHASE_RCPT, "553 5.1.8 sender's domain", SMTP_REFUSED },
	{ SMTP_PHASE_RCPT, "550 5.4.5 Daily user sending limit",
	    SMTP_REFUSED },
	{ SMTP_PHASE_RCPT, "550 Daily limit is over", SMTP_REFUSED },
	{ SMTP_PHASE_MAIL, "550 5.1.0 Sender rejected", SMTP_REFUSED },
	{ SMTP_PHASE_RCPT, "550 5.1.0 <a@b> sender rejected",
	    SMTP_REFUSED },
	{ SMTP_PHASE_RCPT, "550 5.1.0 Address rejected",
	    SMTP_PERMANENT },
	{ SMTP_PHASE_RCPT, "550 Administrative prohibition",
	    SMTP_REFUSED },
	{ SMTP_PHASE_RCPT, "550 rejected because 192.0.2.1 is in a "
	    "black list at zen.spamhaus.org", SMTP_REFUSED },
	{ SMTP_PHASE_RCPT, "554 Service unavailable; Client host "
	    "[192.0.2.1] blocked", SMTP_REFUSED },
	{ SMTP_PHASE_RCPT, "550 Sender verify failed", SMTP_REFUSED },
	{ SMTP_PHASE_RCPT, "550 Authentication is required",
	    SMTP_REFUSED },
	{ SMTP_PHASE_RCPT, "550 Too many messages per hour",
	    SMTP_REFUSED },
	{ SMTP_PHASE_RCPT, "550 5.7.508 Access denied, 192.0.2.1 has "
	    "exceeded permitted limits", SMTP_REFUSED },
	{ SMTP_PHASE_RCPT, "553 5.3.5 system config error",
	    SMTP_REFUSED },
	{ SMTP_PHASE_RCPT, "550 5.3.2 not accepting messages",
	    SMTP_REFUSED },
	{ SMTP_PHASE_RCPT, "552 mailbox quota exceeded",
	    SMTP_PERMANENT },
	{ SMTP_PHASE_DATA, "554 Email address is not verified",
	    SMTP_REFUSED },
	{ SMTP_PHASE_MAIL, "550 5.7.60 not as this sender",
	    SMTP_REFUSED },
	{ SMTP_PHASE_MAIL, "552 5.3.4 too big", SMTP_PERMANENT },
	{ SMTP_PHASE_DATA, "550 5.4.5 quota", SMTP_REFUSED },
	{ SMTP_PHASE_DOT, "552 relay quota", SMTP_REFUSED },
	{ SMTP_PHASE_DOT, "550 5.7.26 unauthenticated", SMTP_REFUSED },
	{ SMTP_PHASE_DOT, "550 5.1.1 no such user", SMTP_PERMANENT },
	{ SMTP_PHASE_DOT, "552 5.2.2 over quota", SMTP_PERMANENT },
	{ SMTP_PHASE_DOT, "554 5.6.0 malformed", SMTP_PERMANENT },
	{ SMTP_PHASE_DOT, "554 5.x.y", SMTP_REFUSED },
};

static void
refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(REFUSALS) / sizeof(REFUSALS[0]); i++) {
		struct smtp_progress progress = { .phase = REFUSALS[i].phase };

		answer(&progress, REFUSALS[i].answer);
		if (smtp_judge(&progress, CURLE_SEND_ERROR) != REFUSALS[i].end)
			fail_msg("%s: not %d", REFUSALS[i].answer,
			    (int)REFUSALS[i].end);
	}
}

static void
the_command_in_hand(void **state)
{
	struct smtp_progress progress = { .phase = SMTP_PHASE_SESSION };

	(void)state;
	sent(&progress, "MAIL FROM:<a@b>\r\n");
	assert_int_equal(progress.phase, SMTP_PHASE_MAIL);
	sent(&progress, "RCPT TO:<a@b>\r\n");
	assert_int_equal(progress.phase, SMTP_PHASE_RCPT);
	sent(&progress, "DATA\r\n");
	assert_int_equal(progress.phase, SMTP_PHASE_DATA);
	assert_int_equal(smtp_patience_ms(SMTP_PHASE_SESSION), 300000);
	assert_int_equal(smtp_patience_ms(SMTP_PHASE_DATA), 300000);
	assert_int_equal(smtp_patience_ms(SMTP_PHASE_DOT), 600000);
}

static void
answers_of_several_lines(void **state)
{
	struct smtp_progress progress = { .phase = SMTP_PHASE_SESSION };

	(void)state;
	sent(&progress, "RCPT TO:<a@b>\r\n");
	answer(&progress, "550-5.7.26 This mail is not wanted.\r\n");
	answer(&progress, "550 5.7.26 See \x1b[31mthe\xc3\xab page\r\n");
	assert_int_equal(progress.code, 550);
	assert_string_equal(progress.text, "5.7.26 This mail is not wanted. "
	    "5.7.26 See ?[31mthe?? page");
	sent(&progress, "RSET\r\n");
	assert_int_equal(progress.code, 0);
	assert_string_equal(progress.text, "");
	answer(&progress, "no answer\r\n");
	answer(&progress, "25\r\n");
	assert_int_equal(progress.code, 0);
	answer(&progress, "250-a\r\n");
	answer(&progress, "250 b\r\n");
	answer(&progress, "421 c\r\n");
	assert_string_equal(progress.text, "c");
}

static void
answers_without_end(void **state)
{
	struct smtp_progress progress = { .phase = SMTP_PHASE_SESSION };

	(void)state;
	for (int i = 0; i < 1000; i++)
		answer(&progress, "550-again and again\r\n");
	assert_int_equal(strlen(progress.text), SMTP_TEXT_SIZE - 1);
}

/* What libcurl says after a refusal does not hide the refusal. */
static void
the_goodbye_after_a_refusal(void **state)
{
	struct smtp_progress progress = { .phase = SMTP_PHASE_SESSION };

	(void)state;
	sent(&progress, "MAIL FROM:<a@b>\r\n");
	answer(&progress, "250 ok\r\n");
	sent(&progress, "RCPT TO:<a@b>\r\n");
	answer(&progress, "550 no such user\r\n");
	sent(&progress, "QUIT\r\n");
	answer(&progress, "221 bye\r\n");
	assert_int_equal(progress.code, 550);
	assert_string_equal(progress.text, "no such user");
	assert_int_equal(smtp_judge(&progress, CURLE_SEND_ERROR),
	    SMTP_PERMANENT);
}

static void
behind_the_dot_the_earlier_answer_is_forgotten(void **state)
{
	struct smtp_progress progress = { .phase = SMTP_PHASE_SESSION };

	(void)state;
	sent(&progress, "MAIL FROM:<a@b>\r\n");
	assert_int_equal(progress.phase, SMTP_PHASE_MAIL);
	answer(&progress, "354 go on\r\n");
	smtp_progress_dot(&progress);
	assert_int_equal(progress.phase, SMTP_PHASE_DOT);
	assert_int_equal(progress.code, 0);
	assert_int_equal(smtp_judge(&progress, CURLE_GOT_NOTHING),
	    SMTP_UNKNOWN);
}

static void
what_is_tried_again_at_once(void **state)
{
	struct smtp_progress progress = { .phase = SMTP_PHASE_MAIL };

	(void)state;
	assert_true(smtp_is_stale(&progress, CURLE_RECV_ERROR));
	assert_false(smtp_is_stale(&progress, CURLE_OK));
	assert_false(smtp_is_stale(&progress, CURLE_OPERATION_TIMEDOUT));
	assert_false(smtp_is_stale(&progress, CURLE_ABORTED_BY_CALLBACK));
	progress.code = 421;
	assert_true(smtp_is_stale(&progress, CURLE_SEND_ERROR));
	progress.code = 450;
	assert_false(smtp_is_stale(&progress, CURLE_SEND_ERROR));
	progress.phase = SMTP_PHASE_DOT;
	progress.code = 0;
	assert_false(smtp_is_stale(&progress, CURLE_RECV_ERROR));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case),
		cmocka_unit_test(refusals),
		cmocka_unit_test(the_command_in_hand),
		cmocka_unit_test(answers_of_several_lines),
		cmocka_unit_test(answers_without_end),
		cmocka_unit_test(the_goodbye_after_a_refusal),
		cmocka_unit_test(
		    behind_the_dot_the_earlier_answer_is_forgotten),
		cmocka_unit_test(what_is_tried_again_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
