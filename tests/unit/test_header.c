/* Header fields: plain, quoted, encoded, folded. */
#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "mail/header.h"

enum { TEXT_SIZE = 4096 };

static void
assert_text(const char *text, const char *expected)
{
	struct buf b = BUF_INIT(TEXT_SIZE);

	header_put_text(&b, "Subject", text);
	assert_string_equal(buf_str(&b), expected);
	buf_clear(&b);
}

static void
assert_mailbox(const char *display, const char *address, const char *expected)
{
	struct buf b = BUF_INIT(TEXT_SIZE);

	header_put_mailbox(&b, "To", display, address);
	assert_string_equal(buf_str(&b), expected);
	buf_clear(&b);
}

static void
plain_text(void **state)
{
	(void)state;
	assert_text("April fee for Ben: $150.00",
	    "Subject: April fee for Ben: $150.00\r\n");
	assert_text("<b>Ben</b> & \"Co\", Jr.",
	    "Subject: <b>Ben</b> & \"Co\", Jr.\r\n");
	assert_text("Reminder: the Summer Tournament of the Western League "
	    "for Maximilian Alexander Smith, $1,150.00",
	    "Subject: Reminder: the Summer Tournament of the Western League "
	    "for\r\n Maximilian Alexander Smith, $1,150.00\r\n");
}

/* Folding must not lose a blank, nor a decoder find what is not there. */
static void
text_that_is_encoded_though_ascii(void **state)
{
	(void)state;
	assert_text("a  b", "Subject: =?UTF-8?B?YSAgYg==?=\r\n");
	assert_text(" a", "Subject: =?UTF-8?B?IGE=?=\r\n");
	assert_text("a ", "Subject: =?UTF-8?B?YSA=?=\r\n");
	assert_text("=?UTF-8?Q?x?=",
	    "Subject: =?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?=\r\n");
}

static void
text_of_other_scripts(void **state)
{
	(void)state;
	assert_text("Zo\xc3\xab", "Subject: =?UTF-8?B?Wm/Dqw==?=\r\n");
}

static void
mailboxes(void **state)
{
	(void)state;
	assert_mailbox(NULL, "a@b.example", "To: a@b.example\r\n");
	assert_mailbox("", "a@b.example", "To: a@b.example\r\n");
	assert_mailbox("Ann Smith", "a@b.example",
	    "To: Ann Smith <a@b.example>\r\n");
	assert_mailbox("Ann O'Neil-Smith", "a@b.example",
	    "To: Ann O'Neil-Smith <a@b.example>\r\n");
	assert_mailbox("Smith, Ann", "a@b.example",
	    "To: \"Smith, Ann\" <a@b.example>\r\n");
	assert_mailbox("Ann \"Annie\" \\ Smith", "a@b.example",
	    "To: \"Ann \\\"Annie\\\" \\\\ Smith\" <a@b.example>\r\n");
	assert_mailbox("eve@evil.example", "a@b.example",
	    "To: \"eve@evil.example\" <a@b.example>\r\n");
	assert_mailbox("Eve <eve@evil.example>,", "a@b.example",
	    "To: \"Eve <eve@evil.example>,\" <a@b.example>\r\n");
	assert_mailbox("Zo\xc3\xab \xf0\x9f\x8e\x89", "a@b.example",
	    "To: =?UTF-8?B?Wm/DqyDwn46J?= <a@b.example>\r\n");
	assert_mailbox("=?UTF-8?B?QQ==?=", "a@b.example",
	    "To: =?UTF-8?B?PT9VVEYtOD9CP1FRPT0/PQ==?= <a@b.example>\r\n");
}

static void
long_addresses_get_a_line(void **state)
{
	(void)state;
	assert_mailbox("Maximilian Alexander Smith",
	    "maximilian.alexander.smith.the.third@mail.example.com",
	    "To: Maximilian Alexander Smith\r\n"
	    " <maximilian.alexander.smith.the.third@mail.example.com>\r\n");
}

/* Takes a field apart again: unfolds it, decodes its words.  Each word is
 * UTF-8 of its own and 75 bytes at most, each line 76. */
static void
decode(const char *field, struct buf *out)
{
	const char *text = strchr(field, ':') + 1;

	for (const char *line = field; *line != '\0';) {
		size_t len = strcspn(line, "\r");

		assert_true(len <= 76);
		line += len + 2;
	}
	while (strncmp(text, "\r\n ", 3) == 0 || *text == ' ') {
		unsigned char bytes[64] = { 0 };
		const char *end;
		int len;

		text = strchr(text, '=');
		end = strstr(text + 10, "?=");
		assert_memory_equal(text, "=?UTF-8?B?", 10);
		assert_true(end + 2 - text <= 75);
		len = EVP_DecodeBlock(bytes, (const unsigned char *)text + 10,
		    (int)(end - text - 10));
		assert_true(len > 0);
		len -= (end[-1] == '=') + (end[-2] == '=');
		assert_true(utf8_is_valid((const char *)bytes, (size_t)len));
		buf_put(out, (const char *)bytes, (size_t)len);
		text = end + 2;
	}
	assert_string_equal(text, "\r\n");
}

static void
encoded_words_split_no_character(void **state)
{
	static const char *const PIECES[] = { "\xc3\xab", "\xe2\x82\xac",
		"\xf0\x9f\x8e\x89", "a\xc3\xab", "ab\xf0\x9f\x8e\x89" };
	static const char *const NAMES[] = { "Subject", "To", "X",
		"X-A-Much-Longer-Name-Of-A-Field-Than-Any-That-We-Have" };

	(void)state;
	for (size_t i = 0; i < 5 * 4 * 120; i++) {
		struct buf text = BUF_INIT(TEXT_SIZE);
		struct buf field = BUF_INIT(TEXT_SIZE);
		struct buf back = BUF_INIT(TEXT_SIZE);

		for (size_t k = 0; k <= i / 20; k++)
			buf_puts(&text, PIECES[i % 5]);
		header_put_text(&field, NAMES[i / 5 % 4], buf_str(&text));
		decode(buf_str(&field), &back);
		assert_string_equal(buf_str(&back), buf_str(&text));
		buf_clear(&back);
		buf_clear(&field);
		buf_clear(&text);
	}
}

static void
tokens(void **state)
{
	struct buf b = BUF_INIT(TEXT_SIZE);

	(void)state;
	header_put_token(&b, "Message-ID", "<a@b.example>");
	header_put_token(&b, "Message-ID",
	    "<a.rather.very.long.first.part.of.an.identifier.of.a.mail"
	    "@b.example>");
	assert_string_equal(buf_str(&b), "Message-ID: <a@b.example>\r\n"
	    "Message-ID:\r\n <a.rather.very.long.first.part.of.an.identifier."
	    "of.a.mail@b.example>\r\n");
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text),
		cmocka_unit_test(text_that_is_encoded_though_ascii),
		cmocka_unit_test(text_of_other_scripts),
		cmocka_unit_test(mailboxes),
		cmocka_unit_test(long_addresses_get_a_line),
		cmocka_unit_test(encoded_words_split_no_character),
		cmocka_unit_test(tokens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
