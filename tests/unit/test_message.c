/* A whole message, byte by byte; and what may not stand in one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mail/message.h"

static const struct message PLAIN = {
	.from = "dues@club.example",
	.from_name = "Westside Kings",
	.to = "ann@example.com",
	.to_name = "Ann Smith",
	.reply_to = "treasurer@club.example",
	.subject = "April fee for Ben: $150.00",
	.date = 1795487460,
	.message_id = "first_payment.7.2026-11-24@club.example",
	.text = "Pay here:\n\nhttps://pay.club.example/x?a=1\n",
	.html = "<p>Pay <a href=\"https://pay.club.example/x?a=1\">here</a>"
	    "</p>\n",
};

static void
golden(void **state)
{
	struct buf out = BUF_INIT(MESSAGE_MAX);
	struct err err;

	(void)state;
	assert_int_equal(message_put(&out, &PLAIN, &err), ST_OK);
	assert_string_equal(buf_str(&out),
	    "Date: Tue, 24 Nov 2026 02:31:00 +0000\r\n"
	    "From: Westside Kings <dues@club.example>\r\n"
	    "Reply-To: treasurer@club.example\r\n"
	    "To: Ann Smith <ann@example.com>\r\n"
	    "Subject: April fee for Ben: $150.00\r\n"
	    "Message-ID: <first_payment.7.2026-11-24@club.example>\r\n"
	    "List-Unsubscribe: <mailto:treasurer@club.example"
	    "?subject=unsubscribe>\r\n"
	    "Auto-Submitted: auto-generated\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: multipart/alternative;\r\n"
	    " boundary=\"=_f9f2290c38c5564fff55cef2300c2509\"\r\n"
	    "\r\n"
	    "--=_f9f2290c38c5564fff55cef2300c2509\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n"
	    "\r\n"
	    "Pay here:\r\n"
	    "\r\n"
	    "https://pay.club.example/x?a=3D1\r\n"
	    "\r\n"
	    "--=_f9f2290c38c5564fff55cef2300c2509\r\n"
	    "Content-Type: text/html; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n"
	    "\r\n"
	    "<p>Pay <a href=3D\"https://pay.club.example/x?a=3D1\">here</a>"
	    "</p>\r\n"
	    "\r\n"
	    "--=_f9f2290c38c5564fff55cef2300c2509--\r\n");
	buf_clear(&out);
}

static void
assert_has(const struct message *message, const char *lines)
{
	struct buf out = BUF_INIT(MESSAGE_MAX);
	struct err err;

	if (message_put(&out, message, &err) != ST_OK)
		fail_msg("%s", err.msg);
	if (strstr(buf_str(&out), lines) == NULL)
		fail_msg("not in the message: %s", lines);
	buf_clear(&out);
}

static void
without_what_is_optional(void **state)
{
	struct message message = PLAIN;

	(void)state;
	message.from_name = NULL;
	message.to_name = "";
	message.reply_to = NULL;
	assert_has(&message, "From: dues@club.example\r\n"
	    "To: ann@example.com\r\nSubject: ");
	assert_has(&message,
	    "List-Unsubscribe: <mailto:dues@club.example?subject=");
}

static void
names_of_all_kinds(void **state)
{
	struct message message = PLAIN;

	(void)state;
	message.to_name = "Smith, \"Ann\"";
	message.subject = "Zo\xc3\xab \xf0\x9f\x8e\x89";
	message.from_name = "Club \xc3\x9f";
	assert_has(&message, "To: \"Smith, \\\"Ann\\\"\" <ann@example.com>\r\n"
	    "Subject: =?UTF-8?B?Wm/DqyDwn46J?=\r\n");
	assert_has(&message,
	    "From: =?UTF-8?B?Q2x1YiDDnw==?= <dues@club.example>\r\n");
	message.to_name = "<b>Ann</b>";
	assert_has(&message, "To: \"<b>Ann</b>\" <ann@example.com>\r\n");
}

/* What has a meaning in a URL is percent-encoded. */
static void
odd_addresses(void **state)
{
	struct message message = PLAIN;

	(void)state;
	message.reply_to = "a?b&c%d+e@club.example";
	assert_has(&message, "Reply-To: a?b&c%d+e@club.example\r\n");
	assert_has(&message, "<mailto:a%3Fb%26c%25d%2Be@club.example"
	    "?subject=unsubscribe>\r\n");
}

static void
dates(void **state)
{
	struct message message = PLAIN;

	(void)state;
	message.date = 0;
	assert_has(&message, "Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n");
	message.date = 1835396799;
	assert_has(&message, "Date: Tue, 29 Feb 2028 00:26:39 +0000\r\n");
	message.date = 1798761599;
	assert_has(&message, "Date: Thu, 31 Dec 2026 23:59:59 +0000\r\n");
}

static void
assert_refused(const struct message *message, const char *reason)
{
	struct buf out = BUF_INIT(MESSAGE_MAX);
	struct err err;

	assert_int_equal(message_put(&out, message, &err), ST_BAD_INPUT);
	assert_string_equal(err.msg, reason);
	assert_int_equal(out.len, 0);
	buf_clear(&out);
}

static void
bad_addresses(void **state)
{
	static const struct {
		const char *address, *reason;
	} CASES[] = {
		{ "ann@example.com\r\nBcc: eve@evil.example",
		    "To: a control character is in the address" },
		{ "ann\n@example.com",
		    "To: a control character is in the address" },
		{ "ann.example.com", "To: the address has no @" },
		{ "", "To: the address has no @" },
		{ "j\xc3\xbcrgen@example.com",
		    "To: only ASCII is possible in an address" },
		{ "ann@example.com,eve@evil.example",
		    "To: a \",\" is in the address" },
		{ NULL, "To: missing" },
	};
	char of_500[501];
	struct message message = PLAIN;

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		message.to = CASES[i].address;
		assert_refused(&message, CASES[i].reason);
	}
	memset(of_500, 'a', 500);
	of_500[500] = '\0';
	of_500[60] = '@';
	message.to = of_500;
	assert_refused(&message,
	    "To: the address is longer than 254 characters");
	message = PLAIN;
	message.from = "dues";
	assert_refused(&message, "From: the address has no @");
	message = PLAIN;
	message.reply_to = "a b@c";
	assert_refused(&message, "Reply-To: a \" \" is in the address");
	message = PLAIN;
	message.message_id = "a>\r\n@b";
	assert_refused(&message, "Message-ID: a \">\" is in the address");
}

/* Every control character, in every text of a header. */
static void
no_control_character_in_a_header(void **state)
{
	(void)state;
	for (unsigned byte = 1; byte < 0xa0; byte++) {
		char ascii[] = "Ann ? Smith";
		char c1[] = "Ann \xc2? Smith";
		char *text = byte < 0x80 ? ascii : c1;
		struct message message = PLAIN;

		if (byte >= 0x20 && byte < 0x7f)
			continue;
		if (byte < 0x80)
			ascii[4] = (char)byte;
		else
			c1[5] = (char)byte;
		message.to_name = text;
		assert_refused(&message, "the recipient's name: has a control "
		    "character or a line end");
		message = PLAIN;
		message.from_name = text;
		assert_refused(&message, "the sender's name: has a control "
		    "character or a line end");
		message = PLAIN;
		message.subject = text;
		assert_refused(&message,
		    "Subject: has a control character or a line end");
	}
}

static void
bad_texts(void **state)
{
	struct message message = PLAIN;
	char longest[1002];

	(void)state;
	message.subject = "";
	assert_refused(&message, "Subject: missing");
	message.subject = NULL;
	assert_refused(&message, "Subject: missing");
	message.subject = "\xff";
	assert_refused(&message, "Subject: not UTF-8");
	memset(longest, 'a', 1001);
	longest[1001] = '\0';
	message.subject = longest;
	assert_refused(&message, "Subject: longer than 1000 characters");
	message = PLAIN;
	message.date = INT64_MAX;
	assert_refused(&message, "Date: no such time");
}

static void
larger_than_the_buffer(void **state)
{
	struct buf out = BUF_INIT(500);
	struct err err;

	(void)state;
	assert_int_equal(message_put(&out, &PLAIN, &err), ST_BAD_INPUT);
	assert_string_equal(err.msg, "the mail is too long");
	buf_clear(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden),
		cmocka_unit_test(without_what_is_optional),
		cmocka_unit_test(names_of_all_kinds),
		cmocka_unit_test(odd_addresses),
		cmocka_unit_test(dates),
		cmocka_unit_test(bad_addresses),
		cmocka_unit_test(no_control_character_in_a_header),
		cmocka_unit_test(bad_texts),
		cmocka_unit_test(larger_than_the_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
