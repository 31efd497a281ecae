/* Quoted-printable: lines, blanks, dots, and that decoding gives the text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mail/quoted_printable.h"

static void
assert_encoded(const char *text, const char *expected)
{
	struct buf b = BUF_INIT(4096);

	quoted_printable_put(&b, text);
	assert_string_equal(buf_str(&b), expected);
	buf_clear(&b);
}

static void
characters(void **state)
{
	(void)state;
	assert_encoded("", "");
	assert_encoded("a", "a\r\n");
	assert_encoded("a\n", "a\r\n");
	assert_encoded("\n\na", "\r\n\r\na\r\n");
	assert_encoded("1=1", "1=3D1\r\n");
	assert_encoded("Zo\xc3\xab", "Zo=C3=AB\r\n");
	assert_encoded("a\r\nb", "a=0D\r\nb\r\n");
	assert_encoded("\x01\x7f", "=01=7F\r\n");
}

static void
blanks_at_the_end_of_a_line(void **state)
{
	(void)state;
	assert_encoded("a b\tc", "a b\tc\r\n");
	assert_encoded("a \nb\t", "a=20\r\nb=09\r\n");
	assert_encoded("a  \n", "a =20\r\n");
}

/* SMTP would double it. */
static void
no_dot_begins_a_line(void **state)
{
	(void)state;
	assert_encoded(".", "=2E\r\n");
	assert_encoded("a.\n..b", "a.\r\n=2E.b\r\n");
	assert_encoded("123456789012345678901234567890123456789012345678901234"
	    "567890123456789012345.x",
	    "123456789012345678901234567890123456789012345678901234"
	    "567890123456789012345=\r\n=2Ex\r\n");
}

/* The reverse, written apart: soft breaks go, =XX is a byte. */
static void
decode(const char *text, struct buf *out)
{
	while (*text != '\0') {
		char hex[3] = { 0 };

		if (strncmp(text, "=\r\n", 3) == 0) {
			text += 3;
		} else if (strncmp(text, "\r\n", 2) == 0) {
			buf_putc(out, '\n');
			text += 2;
		} else if (*text == '=') {
			memcpy(hex, text + 1, 2);
			buf_putc(out, (char)strtol(hex, NULL, 16));
			text += 3;
		} else {
			buf_putc(out, *text++);
		}
	}
}

static void
assert_lines_fit(const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\r");

		assert_true(len <= 76);
		assert_true(text[0] != '.');
		assert_true(len == 0 || (text[len - 1] != ' ' &&
		    text[len - 1] != '\t'));
		text += len;
		assert_memory_equal(text, "\r\n", 2);
		text += 2;
	}
}

/* 2,000 texts of the bytes that matter, by a generator of fixed seed. */
static void
any_text_comes_back(void **state)
{
	static const char bytes[] = "ab .=\t\n\r_\xc3\xab\xf0\x9f\x8e\x89Z?";
	uint32_t random = 1;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct buf text = BUF_INIT(1024);
		struct buf encoded = BUF_INIT(8192);
		struct buf decoded = BUF_INIT(1024);

		for (int k = 0; k < i % 300; k++) {
			random = random * 1664525 + 1013904223;
			buf_putc(&text, bytes[(random >> 16) %
			    (sizeof(bytes) - 1)]);
		}
		buf_putc(&text, '\n');
		quoted_printable_put(&encoded, buf_str(&text));
		assert_lines_fit(buf_str(&encoded));
		assert_null(strstr(buf_str(&encoded), "=_"));
		decode(buf_str(&encoded), &decoded);
		assert_string_equal(buf_str(&decoded), buf_str(&text));
		buf_clear(&decoded);
		buf_clear(&encoded);
		buf_clear(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(characters),
		cmocka_unit_test(blanks_at_the_end_of_a_line),
		cmocka_unit_test(no_dot_begins_a_line),
		cmocka_unit_test(any_text_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
