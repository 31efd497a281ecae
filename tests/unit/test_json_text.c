/* Texts in JSON, as they come in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"

static struct json_doc doc;
static struct err err;

/* The text's object; until the next one. */
static struct json_node
parse(const char *text)
{
	json_clear(&doc);
	if (json_parse(text, strlen(text), &doc, &err) != ST_OK)
		fail_msg("%s: %s", err.msg, text);
	return json_root(&doc);
}

static int
teardown(void **state)
{
	(void)state;
	json_clear(&doc);
	return 0;
}

static void
texts_fit_and_hold_no_nul(void **state)
{
	static const struct {
		const char *path;
		enum status st;
		const char *text;
	} table[] = {
		{ "four", ST_OK, "abcd" },
		{ "five", ST_BAD_INPUT, "" },
		{ "two", ST_OK, "\xc3\xa9\xc3\xa9" },
		{ "three", ST_BAD_INPUT, "" },
		{ "none", ST_OK, "" },
		{ "nul", ST_BAD_INPUT, "" },
		{ "number", ST_BAD_INPUT, "" },
		{ "null", ST_NOT_FOUND, "" },
		{ "absent", ST_NOT_FOUND, "" },
	};
	struct json_node root = parse("{\"four\":\"abcd\","
	    "\"five\":\"abcde\",\"two\":\"\xc3\xa9\\u00e9\","
	    "\"three\":\"\\u00e9\xc3\xa9\\u00e9\",\"none\":\"\","
	    "\"nul\":\"a\\u0000b\",\"number\":5,\"null\":null}");

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char out[5] = "xxxx";
		enum status st = table[i].st;

		assert_int_equal(json_get_text(root, table[i].path, out,
		    sizeof(out), &err), st);
		assert_string_equal(out, table[i].text);
		memcpy(out, "xxxx", sizeof(out));
		assert_int_equal(json_get_text_or_empty(root, table[i].path,
		    out, sizeof(out), &err), st == ST_NOT_FOUND ? ST_OK : st);
		assert_string_equal(out, table[i].text);
	}
}

static void
escapes_are_what_they_stand_for(void **state)
{
	static const struct {
		const char *escaped;
		const char *text;
	} table[] = {
		{ "\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t" },
		{ "\\u005c\\u0022\\u000a", "\\\"\n" },
		{ "x\\u00e9y", "x\xc3\xa9y" },
		{ "\\u07ff\\u0800\\uFFFF", "\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf" },
		{ "\\ud7ff\\ue000", "\xed\x9f\xbf\xee\x80\x80" },
		{ "\\ud83d\\ude00", "\xf0\x9f\x98\x80" },
		{ "\\ud800\\udc00", "\xf0\x90\x80\x80" },
		{ "\\uDBFF\\uDFFF", "\xf4\x8f\xbf\xbf" },
		{ "\\\\ud83d\\\\ude00", "\\ud83d\\ude00" },
		/* Half a pair is no character. */
		{ "a\\ud83d", "a\xef\xbf\xbd" },
		{ "\\ude00a", "\xef\xbf\xbd" "a" },
		{ "\\ud83d\\ud83d\\ude00", "\xef\xbf\xbd\xf0\x9f\x98\x80" },
		{ "\\ud83d\\u0041", "\xef\xbf\xbd" "A" },
		{ "\\ud83d\\\\u0041", "\xef\xbf\xbd\\u0041" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char text[128];
		char out[64];
		struct buf b = BUF_FIXED(text);
		struct buf chars = BUF_FIXED(out);

		buf_putf(&b, "{\"t\":\"%s\"}", table[i].escaped);
		assert_true(json_text_is(parse(text), "t", table[i].text));
		json_put_chars(&chars, json_at(json_root(&doc), "t"));
		assert_string_equal(buf_str(&chars), table[i].text);
		assert_int_equal(json_get_text(json_root(&doc), "t", out,
		    sizeof(out), &err), ST_OK);
		assert_string_equal(out, table[i].text);
	}
}

/* Every byte by itself, and as an escape of six characters. */
static void
bytes_are_themselves_or_refused(void **state)
{
	for (int byte = 0; byte < 256; byte++) {
		char text[] = "{\"t\":\"?\"}";
		bool is_good = byte >= 0x20 && byte < 0x80 && byte != '"' &&
		    byte != '\\';
		struct json_doc one;

		text[6] = (char)byte;
		assert_int_equal(json_parse(text, sizeof(text) - 1, &one,
		    &err), is_good ? ST_OK : ST_BAD_INPUT);
		if (is_good)
			assert_true(json_text_is(json_root(&one), "t",
			    (const char[]){ (char)byte, '\0' }));
		json_clear(&one);
	}
	for (int byte = 1; byte < 256; byte++) {
		const char utf8[] = { (char)(byte < 0x80 ? byte : 0xc0 |
		    byte >> 6), (char)(byte < 0x80 ? 0 : 0x80 | (byte & 0x3f)),
		    '\0' };
		char text[32];
		struct buf b = BUF_FIXED(text);

		buf_putf(&b, byte % 2 == 0 ? "{\"t\":\"\\u00%02x\"}"
		    : "{\"t\":\"\\u00%02X\"}", (unsigned)byte);
		assert_true(json_text_is(parse(text), "t", utf8));
	}
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_fit_and_hold_no_nul),
		cmocka_unit_test(escapes_are_what_they_stand_for),
		cmocka_unit_test(bytes_are_themselves_or_refused),
	};

	return cmocka_run_group_tests_name("json texts", tests, NULL, teardown);
}
