/* A roster's encodings: what is taken, and what is refused in which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "billing/roster/roster_text.h"

enum { TEXT_MAX = 256 * 1024 };

static void
assert_text(const char *bytes, size_t len, const char *expected)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	struct err err = { ST_OK, "" };

	if (roster_text(bytes, len, &text, &err) != ST_OK)
		fail_msg("%s", err.msg);
	assert_string_equal(buf_str(&text), expected);
	buf_clear(&text);
}

static void
assert_refused(const char *bytes, size_t len, const char *reason)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	struct err err;

	assert_int_equal(roster_text(bytes, len, &text, &err), ST_BAD_INPUT);
	if (strstr(err.msg, reason) == NULL)
		fail_msg("%s", err.msg);
	buf_clear(&text);
}

#define BYTES(text) text, sizeof(text) - 1

static void
what_is_taken(void **state)
{
	(void)state;
	assert_text(BYTES(""), "");
	assert_text(BYTES("Zo\xc3\xab;1\r\n"), "Zo\xc3\xab;1\r\n");
	assert_text(BYTES("\xef\xbb\xbf" "a"), "a");
	assert_text(BYTES("\xef\xbb\xbf"), "");
	/* Beyond the first 65,536 characters, too: two units. */
	assert_text(BYTES("\xff\xfe" "a\0\xeb\0\r\0\n\0\x3d\xd8\x00\xde"),
	    "a\xc3\xab\r\n\xf0\x9f\x98\x80");
	assert_text(BYTES("\xfe\xff\0a\0\xeb\xd8\x3d\xde\x00"),
	    "a\xc3\xab\xf0\x9f\x98\x80");
	assert_text(BYTES("\xff\xfe"), "");
}

/* Characters that lie across the pieces in which a file is converted. */
static void
a_long_file(void **state)
{
	struct buf file = BUF_INIT(TEXT_MAX);
	struct buf text = BUF_INIT(TEXT_MAX);
	struct err err;

	(void)state;
	buf_puts(&file, "\xff\xfe");
	buf_put(&file, "a", 2);
	for (int i = 0; i < 20000; i++)
		buf_put(&file, "\x3d\xd8\x00\xde", 4);
	assert_int_equal(roster_text(file.data, file.len, &text, &err), ST_OK);
	assert_int_equal(text.len, 1 + 20000 * 4);
	for (int i = 0; i < 20000; i++)
		assert_memory_equal(text.data + 1 + 4 * i, "\xf0\x9f\x98\x80",
		    4);
	buf_clear(&text);
	buf_clear(&file);
}

static void
what_is_refused(void **state)
{
	(void)state;
	assert_refused(BYTES("a,b\n\nZo\xeb,1\n"), "line 3: a letter that is");
	assert_refused(BYTES("\xef\xbb\xbf" "a\xff"), "line 1: a letter");
	assert_refused(BYTES("a\0b"), "not a text file");
	/* UTF-16 without its mark. */
	assert_refused(BYTES("a\0b\0"), "not a text file");
	assert_refused(BYTES("\xff\xfe" "a\0\0\0"), "not a text file");
	assert_refused(BYTES("\xff\xfe" "a"), "damaged UTF-16");
	assert_refused(BYTES("\xff\xfe\x3d\xd8"), "damaged UTF-16");
	assert_refused(BYTES("\xff\xfe\x3d\xd8" "a\0"), "damaged UTF-16");
	assert_refused(BYTES("\xff\xfe\x00\xde" "a\0"), "damaged UTF-16");
	assert_refused(BYTES("PK\x03\x04 x"), "a workbook");
	assert_refused(BYTES("PK\x03\x04\0"), "a workbook");
	assert_refused(BYTES("\xd0\xcf\x11\xe0\0"), "a workbook");
	assert_refused(BYTES("%PDF-1.7"), "a workbook");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_taken),
		cmocka_unit_test(a_long_file),
		cmocka_unit_test(what_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
