/* The string builder: limits, sticky failure and each escape. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void
appends_in_order(void **state)
{
	struct buf b = BUF_INIT(100);

	(void)state;
	assert_string_equal(buf_str(&b), "");
	buf_puts(&b, "one");
	buf_putc(&b, ' ');
	buf_put(&b, "two!", 3);
	buf_put(&b, NULL, 0);
	buf_put_i64(&b, INT64_MIN);
	buf_putf(&b, " %s-%03d", "x", 7);
	assert_string_equal(buf_str(&b), "one two-9223372036854775808 x-007");
	assert_int_equal(b.len, strlen(buf_str(&b)));
	buf_clear(&b);
	buf_clear(&b);
	assert_string_equal(buf_str(&b), "");
}

/* At every maximum: what fits is taken whole, one byte more fails. */
static void
keeps_its_maximum(void **state)
{
	(void)state;
	for (size_t max = 0; max < 300; max++) {
		struct buf b = BUF_INIT(max);
		struct err err;

		for (size_t i = 0; i < max; i++)
			buf_putc(&b, 'x');
		assert_int_equal(buf_check(&b, "it", &err), ST_OK);
		assert_int_equal(b.len, max);
		assert_true(b.capacity <= max + 1);
		buf_putc(&b, 'x');
		assert_null(buf_str(&b));
		assert_int_equal(buf_check(&b, "it", &err), ST_BAD_INPUT);
		assert_string_equal(err.msg, "it is too long");
		buf_clear(&b);
	}
}

static void
putf_keeps_the_maximum_too(void **state)
{
	struct buf b = BUF_INIT(10);

	(void)state;
	buf_putf(&b, "%s", "0123456789");
	assert_string_equal(buf_str(&b), "0123456789");
	buf_putf(&b, "%s", "");
	assert_string_equal(buf_str(&b), "0123456789");
	buf_reset(&b);
	buf_putf(&b, "%s", "0123456789a");
	assert_null(buf_str(&b));
	buf_clear(&b);
}

static void
failure_sticks_until_reset(void **state)
{
	struct buf b = BUF_INIT(3);

	(void)state;
	buf_puts(&b, "four");
	buf_puts(&b, "a");
	buf_putf(&b, "%d", 1);
	assert_null(buf_str(&b));
	assert_int_equal(b.len, 0);
	buf_reset(&b);
	assert_string_equal(buf_str(&b), "");
	buf_puts(&b, "abc");
	assert_string_equal(buf_str(&b), "abc");
	buf_clear(&b);
}

static void
lies_over_an_array_without_the_heap(void **state)
{
	char storage[8];
	struct buf b = BUF_FIXED(storage);

	(void)state;
	assert_string_equal(buf_str(&b), "");
	buf_puts(&b, "seven77");
	assert_ptr_equal(buf_str(&b), storage);
	assert_string_equal(storage, "seven77");
	buf_putc(&b, '8');
	assert_null(buf_str(&b));
	buf_reset(&b);
	assert_string_equal(buf_str(&b), "");
}

/* A megabyte in single bytes costs some twenty reallocations, not a million. */
static void
grows_by_doubling(void **state)
{
	struct buf b = BUF_INIT(1048576);
	size_t capacity = 0;
	int growths = 0;

	(void)state;
	for (int i = 0; i < 1048576; i++) {
		buf_putc(&b, 'x');
		growths += b.capacity != capacity;
		capacity = b.capacity;
	}
	assert_non_null(buf_str(&b));
	assert_in_range(growths, 1, 20);
	buf_clear(&b);
}

struct escape {
	const char *in;
	const char *out;
};

static void
check_escapes(const struct escape *table, size_t count,
    void (*put)(struct buf *, const char *, size_t))
{
	for (size_t i = 0; i < count; i++) {
		struct buf b = BUF_INIT(200);

		put(&b, table[i].in, strlen(table[i].in));
		assert_string_equal(buf_str(&b), table[i].out);
		buf_clear(&b);
	}
}

static void
urlenc_leaves_only_the_unreserved(void **state)
{
	static const struct escape table[] = {
		{ "", "" },
		{ "azAZ09-._~", "azAZ09-._~" },
		{ "a b+c", "a%20b%2Bc" },
		{ "a&b=c#d/e?f", "a%26b%3Dc%23d%2Fe%3Ff" },
		{ "100%", "100%25" },
		{ "\xc3\xa9\r\n", "%C3%A9%0D%0A" },
	};

	(void)state;
	check_escapes(table, sizeof(table) / sizeof(table[0]),
	    buf_put_urlenc);
}

static void
html_escapes_five_characters(void **state)
{
	static const struct escape table[] = {
		{ "plain \xc3\xa9", "plain \xc3\xa9" },
		{ "<a href=\"x\">'&'</a>", "&lt;a href=&quot;x&quot;&gt;"
		    "&#39;&amp;&#39;&lt;/a&gt;" },
	};

	(void)state;
	check_escapes(table, sizeof(table) / sizeof(table[0]), buf_put_html);
}

static void
header_refuses_exactly_the_control_characters(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		struct buf b = BUF_INIT(10);
		const char text[3] = { 'a', (char)c, 'b' };
		struct err err;

		buf_put_header(&b, text, sizeof(text));
		if (c < 0x20 || c == 0x7f) {
			assert_null(buf_str(&b));
			assert_int_equal(buf_check(&b, "the name", &err),
			    ST_BAD_INPUT);
			assert_string_equal(err.msg,
			    "the name holds a control character");
		} else {
			assert_memory_equal(buf_str(&b), text, 3);
		}
		buf_clear(&b);
	}
}

static void
json_is_escaped(void **state)
{
	static const struct escape table[] = {
		{ "", "\"\"" },
		{ "Zo\xc3\xab / \x7f", "\"Zo\xc3\xab / \x7f\"" },
		{ "\"", "\"\\\"\"" },
		{ "a\\b", "\"a\\\\b\"" },
		{ "\n\x01\x1f", "\"\\u000a\\u0001\\u001f\"" },
		/* Cut, overlong, half a pair, beyond Unicode. */
		{ "Zo\xc3", "\"Zo\xef\xbf\xbd\"" },
		{ "\xc0\xaf\"", "\"\xef\xbf\xbd\xef\xbf\xbd\\\"\"" },
		{ "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd"
		    "\xef\xbf\xbd\"" },
		{ "\xf5" "a\xf4\x8f\xbf\xbf", "\"\xef\xbf\xbd"
		    "a\xf4\x8f\xbf\xbf\"" },
	};

	(void)state;
	check_escapes(table, sizeof(table) / sizeof(table[0]), buf_put_json);
}

/* Undoes buf_put_log; fails the test where a line could be forged. */
static size_t
read_log_value(const char *text, char *out)
{
	size_t len = 0;

	if (text[0] != '"') {
		assert_int_equal(strcspn(text, " =\"\\"), strlen(text));
		memcpy(out, text, strlen(text));
		return strlen(text);
	}
	for (text++; *text != '"'; text++) {
		assert_true(*text >= 0x20 && *text < 0x7f);
		if (*text != '\\') {
			out[len++] = *text;
		} else if (*++text == 'x') {
			const char hex[3] = { text[1], text[2], '\0' };

			out[len++] = (char)strtol(hex, NULL, 16);
			text += 2;
		} else {
			out[len++] = *text == 'n' ? '\n' : *text;
		}
	}
	assert_string_equal(text, "\"");
	return len;
}

static void
log_values_can_be_read_back(void **state)
{
	char text[258];
	char back[258];
	struct buf b = BUF_INIT(2000);

	(void)state;
	for (int c = 0; c < 256; c++) {
		const char one[3] = { 'a', (char)c, 'b' };

		buf_reset(&b);
		buf_put_log(&b, one, 3);
		assert_non_null(buf_str(&b));
		assert_int_equal(read_log_value(buf_str(&b), back), 3);
		assert_memory_equal(back, one, 3);
		text[c] = (char)c;
	}
	buf_reset(&b);
	buf_put_log(&b, text, 256);
	assert_non_null(buf_str(&b));
	assert_int_equal(read_log_value(buf_str(&b), back), 256);
	assert_memory_equal(back, text, 256);
	buf_clear(&b);
}

static void
log_values_are_bare_only_when_harmless(void **state)
{
	static const struct escape table[] = {
		{ "", "\"\"" },
		{ "evt_1A-z.0", "evt_1A-z.0" },
		{ "/a/b?c&d%20", "/a/b?c&d%20" },
		{ "x=y", "\"x=y\"" },
		{ "two words", "\"two words\"" },
		{ "a\nerror forged", "\"a\\nerror forged\"" },
		{ "say \"hi\"\\", "\"say \\\"hi\\\"\\\\\"" },
		{ "\x1b[31m\xc3\xa9", "\"\\x1b[31m\\xc3\\xa9\"" },
	};

	(void)state;
	check_escapes(table, sizeof(table) / sizeof(table[0]), buf_put_log);
}

static void
hex_and_base64url(void **state)
{
	/* RFC 4648 section 10, and the two digits that are base64url's own. */
	static const struct escape table[] = {
		{ "", "" }, { "f", "Zg" }, { "fo", "Zm8" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg" }, { "fooba", "Zm9vYmE" },
		{ "foobar", "Zm9vYmFy" }, { "\xfb\xff", "-_8" },
	};
	const unsigned char bytes[] = { 0x00, 0x0f, 0xf0, 0xff };
	struct buf b = BUF_INIT(100);

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		buf_reset(&b);
		buf_put_base64url(&b, (const unsigned char *)table[i].in,
		    strlen(table[i].in));
		assert_string_equal(buf_str(&b), table[i].out);
	}
	buf_reset(&b);
	buf_put_hex(&b, bytes, sizeof(bytes));
	assert_string_equal(buf_str(&b), "000ff0ff");
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appends_in_order),
		cmocka_unit_test(keeps_its_maximum),
		cmocka_unit_test(putf_keeps_the_maximum_too),
		cmocka_unit_test(failure_sticks_until_reset),
		cmocka_unit_test(lies_over_an_array_without_the_heap),
		cmocka_unit_test(grows_by_doubling),
		cmocka_unit_test(urlenc_leaves_only_the_unreserved),
		cmocka_unit_test(html_escapes_five_characters),
		cmocka_unit_test(json_is_escaped),
		cmocka_unit_test(header_refuses_exactly_the_control_characters),
		cmocka_unit_test(log_values_can_be_read_back),
		cmocka_unit_test(log_values_are_bare_only_when_harmless),
		cmocka_unit_test(hex_and_base64url),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
