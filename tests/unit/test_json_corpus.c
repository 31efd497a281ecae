/*
 * What is JSON and what is not, case by case: the same here whatever JSON
 * library is installed.  In the first two tables each case is a value, which is
 * tried as a member, as an element and between others; in the last two it is a
 * whole text.  RFC 8259 leaves a few to the reader: these are marked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

struct text {
	const char *bytes;
	size_t len;
};

#define T(literal) { literal, sizeof(literal) - 1 }
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct text good_values[] = {
	/* words */
	T("true"), T("false"), T("null"),
	/* numbers */
	T("0"), T("-0"), T("7"), T("-7"), T("10"), T("1234567890"),
	T("0.0"), T("-0.0"), T("0.5"), T("-0.5"), T("10.010"), T("1e1"),
	T("1E1"), T("1e+1"), T("1E-1"), T("0e0"), T("0E+0"), T("-1.5e-10"),
	T("1.5E+10"), T("1e00"), T("1e007"),
	/* numbers beyond any machine's (left to the reader: taken) */
	T("9223372036854775807"), T("9223372036854775808"),
	T("-9223372036854775809"), T("18446744073709551616"),
	T("123456789012345678901234567890123456789012345678901234567890"),
	T("-123456789012345678901234567890"), T("1e400"), T("-1e400"),
	T("1e-400"), T("1e99999999999999999999"),
	T("0.12345678901234567890123456789012345678901234567890"),
	/* strings */
	T("\"\""), T("\"a\""), T("\" \""), T("\"a b\""), T("\"'\""),
	T("\"/\""), T("\"\\/\""), T("\"\\\"\""), T("\"\\\\\""),
	T("\"\\b\\f\\n\\r\\t\""), T("\"\\\\n\""), T("\"\\\\\\\\\""),
	T("\"{[,:]}\""), T("\"null\""), T("\"//\""), T("\"/*\""),
	T("\"\x7f\""), T("\"\xc2\x80\""), T("\"Zo\xc3\xab\""),
	T("\"\xdf\xbf\""), T("\"\xe0\xa0\x80\""), T("\"\xe2\x82\xac\""),
	T("\"\xed\x9f\xbf\""), T("\"\xee\x80\x80\""), T("\"\xef\xbf\xbf\""),
	T("\"\xf0\x90\x80\x80\""), T("\"\xf0\x9f\x98\x80\""),
	T("\"\xf4\x8f\xbf\xbf\""), T("\"\xe2\x80\xa8\xe2\x80\xa9\""),
	T("\"a\xcc\x88\""), T("\"\xef\xbb\xbf\""),
	/* their escapes */
	T("\"\\u0000\""), T("\"\\u001f\""), T("\"\\u0041\""),
	T("\"\\u00e9\""), T("\"\\u00E9\""), T("\"\\uabcd\""),
	T("\"\\uABCD\""), T("\"\\uFFFF\""), T("\"\\uFDD0\""),
	T("\"\\ud7ff\""), T("\"\\ue000\""), T("\"\\ud800\\udc00\""),
	T("\"\\uDBFF\\uDFFF\""), T("\"\\ud83d\\ude00\""),
	T("\"x\\ud83d\\ude00\\ud83d\\ude01y\""), T("\"\\u0022\""),
	T("\"\\u005c\""), T("\"\\u005cu0041\""), T("\"\\u2028\""),
	/* halves of a pair (left to the reader: taken, and replaced) */
	T("\"\\ud800\""), T("\"\\uDBFF\""), T("\"\\udc00\""),
	T("\"\\uDFFF\""), T("\"\\ud800x\""), T("\"\\ud800\\n\""),
	T("\"\\ud800\\ud800\""), T("\"\\ud800\\u0041\""),
	T("\"\\udc00\\ud800\""), T("\"\\ud83d\\ude00\\ud83d\""),
	/* arrays and objects */
	T("[]"), T("[ ]"), T("[\n\t\r ]"), T("[1]"), T("[1,2]"),
	T("[ 1 , 2 ]"), T("[[]]"), T("[[],[]]"), T("[[[[1]]]]"),
	T("[null,true,false]"), T("[\"a\",1,{}]"), T("[{},{}]"),
	T("[{\"a\":1},{\"a\":1}]"), T("{}"), T("{ }"), T("{\"a\":1}"),
	T("{ \"a\" : 1 , \"b\" : 2 }"), T("{\"\":0}"), T("{\"a\":{\"a\":1}}"),
	T("{\"a\":[],\"b\":{}}"), T("{\"a\":1,\"A\":1}"),
	T("{\"\xc3\xab\":1,\"e\":1}"), T("{\"\\u0000\":1,\"\":2}"),
	T("{\"a\\nb\":1}"), T("{\"constructor\":1,\"__proto__\":1}"),
	T("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
	    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"),
};

static const struct text bad_values[] = {
	/* no words of JSON's */
	T(""), T("nul"), T("nulll"), T("Null"), T("NULL"), T("tru"),
	T("truth"), T("True"), T("TRUE"), T("fals"), T("False"), T("falsee"),
	T("NaN"), T("nan"), T("-NaN"), T("Infinity"), T("-Infinity"),
	T("inf"), T("undefined"), T("None"), T("a"), T("*"), T("<null>"),
	T("&"), T("\xc3\xa9"), T("\xff"),
	/* no numbers */
	T("+1"), T("-"), T("--1"), T("+-1"), T("- 1"), T("01"), T("-01"),
	T("00"), T("-00"), T("007"), T("00.5"), T(".5"), T("-.5"), T("1."),
	T("-1."), T("1.e1"), T("1.2."), T("1.2.3"), T("1e"), T("1E"),
	T("1e+"), T("1E-"), T("1e+-1"), T("1e1.5"), T("1e1e1"), T("1eE1"),
	T("e1"), T("0x10"), T("0b1"), T("0o7"), T("1_000"), T("1 000"),
	T("1a"), T("1f"), T("0.1.2"), T("-a"), T("1,000."), T("\xef\xbc\x91"),
	T("1\0"), T("1\x0b"),
	/* no strings */
	T("\""), T("\"a"), T("a\""), T("'a'"), T("\"a'"), T("\"\"\""),
	T("\"a\"b"), T("\"a\"\"b\""), T("`a`"),
	T("\xe2\x80\x9c" "a\xe2\x80\x9d"),
	T("\"\\"), T("\"\\\""), T("\"\\\\\\\""),
	T("\"\n\""), T("\"\r\""), T("\"\t\""), T("\"\0\""), T("\"\x01\""),
	T("\"a\x1f\""), T("\"\\\n\""),
	/* no escapes */
	T("\"\\a\""), T("\"\\x41\""), T("\"\\0\""), T("\"\\\0\""),
	T("\"\\'\""), T("\"\\v\""), T("\"\\e\""), T("\"\\ \""),
	T("\"\\U0041\""), T("\"\\N\""), T("\"\\\xc3\xa9\""), T("\"\\u\""),
	T("\"\\u0\""), T("\"\\u00\""), T("\"\\u004\""), T("\"\\u004g\""),
	T("\"\\ug041\""), T("\"\\u 041\""), T("\"\\u+041\""),
	T("\"\\u{41}\""), T("\"\\u00\xc3\xa9\""), T("\"\\u\0\0\0\0\""),
	T("\"\\u004"),
	/* no UTF-8 (left to the reader: refused) */
	T("\"\x80\""), T("\"\xbf\""), T("\"\xc0\x80\""), T("\"\xc1\xbf\""),
	T("\"\xc3\""), T("\"\xc3\x28\""), T("\"\xe0\x80\x80\""),
	T("\"\xe0\x9f\xbf\""), T("\"\xe2\x82\""), T("\"\xe2\x28\xac\""),
	T("\"\xed\xa0\x80\""), T("\"\xed\xbf\xbf\""),
	T("\"\xed\xa0\xbd\xed\xb8\x80\""), T("\"\xf0\x80\x80\x80\""),
	T("\"\xf0\x8f\xbf\xbf\""), T("\"\xf0\x9f\x98\""),
	T("\"\xf4\x90\x80\x80\""), T("\"\xf5\x80\x80\x80\""),
	T("\"\xf8\x88\x80\x80\x80\""), T("\"\xfe\""), T("\"\xff\""),
	T("\"caf\xe9\""),
	/* no arrays */
	T("["), T("]"), T("[1"), T("1]"), T("[1,"), T("[,"), T("[,]"),
	T("[,1]"), T("[1,]"), T("[1,,2]"), T("[1 2]"), T("[1;2]"), T("[1:2]"),
	T("[\"a\":1]"), T("[\"a\" \"b\"]"), T("[1}"), T("[]]"), T("[[]"),
	T("[1]]"), T("[a]"), T("[*]"), T("(1)"), T("<1>"), T("[1]x"),
	T("[\xc2\xa0]"), T("[\x0c]"), T("[\x0b]"), T("[\0]"),
	T("[\xe2\x81\xa0]"), T("[...]"), T("[\"\",]"), T("[1,\n]"),
	/* no objects */
	T("{"), T("}"), T("{]"), T("{\"a\""), T("{\"a\":"), T("{\"a\":1"),
	T("{\"a\":1,"), T("{\"a\"}"), T("{\"a\":}"), T("{:1}"), T("{,}"),
	T("{\"a\":1,}"), T("{,\"a\":1}"), T("{\"a\":1,,\"b\":2}"),
	T("{\"a\" 1}"), T("{\"a\"=1}"), T("{\"a\"::1}"), T("{\"a\",1}"),
	T("{\"a\":1 \"b\":2}"), T("{\"a\":1;\"b\":2}"), T("{\"a\":1:2}"),
	T("{\"a\":1 2}"), T("{a:1}"), T("{'a':1}"), T("{1:1}"), T("{null:1}"),
	T("{[]:1}"), T("{{}:1}"), T("{\"a\":1}}"), T("{\"a\":1]"), T("{{}}"),
	T("{\"a\"\"b\":1}"), T("{\"a\":\"b\",\"c\"}"), T("{\"\\ud80\":1}"),
	T("{\"\n\":1}"), T("{\"\xff\":1}"),
	/* names twice (left to the reader: refused) */
	T("{\"a\":1,\"a\":1}"), T("{\"a\":1,\"a\":2}"), T("{\"\":1,\"\":1}"),
	T("{\"a\":1,\"b\":2,\"\\u0061\":3}"), T("[{\"a\":{},\"a\":{}}]"),
	/* comments, and other dialects */
	T("1//"), T("//\n1"), T("/**/1"), T("1/* */"), T("#\n1"),
	T("[1,/**/2]"), T("{\"a\"/**/:1}"), T("@1"), T("$1"), T("%31"),
	/* deeper than we go (left to the reader: refused) */
	T("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
	    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"),
};

static const struct text good_texts[] = {
	T("{}"), T(" {} "), T("\t\r\n{}\t\r\n "), T("{ }"),
	T("{\"a\":1}\n"), T("{\"a\":\n\n1}"), T("\n{\n\"a\"\n:\n1\n}\n"),
};

static const struct text bad_texts[] = {
	T(""), T(" "), T("\n"), T("\0"),
	/* JSON, and no object: we take nothing else */
	T("null"), T("true"), T("1"), T("\"a\""), T("[]"), T("[{}]"),
	/* more than one */
	T("{}{}"), T("{} {}"), T("{},{}"), T("{},"), T("{}1"), T("{}x"),
	T("{}\""), T("{}]"), T("{}}"), T("{};"), T("{}#"), T("{}//"),
	T("{}/**/"), T("{}\0"), T("{}\x0b"), T("{}\xc2\xa0"),
	/* less than one */
	T("{"), T("}"), T("["), T("{\"a\":1"), T("{\"a\":{}"), T("{\"a\":[}"),
	/* before it (the first left to the reader: refused) */
	T("\xef\xbb\xbf{}"), T("\xef\xbb{}"), T("\xfe\xff\0{\0}"),
	T("\xff\xfe{\0}\0"), T("{\0}\0"), T("\0{\0}"), T("\x0b{}"),
	T("\x0c{}"), T("\xc2\xa0{}"), T("\xe2\x80\xa8{}"), T(")]}'{}"),
	T("//\n{}"), T("/**/{}"), T("a={}"), T("a=1&b=2"), T("<a/>"),
	T("---\na: 1"),
};

/* How a value is put to the test. */
static const struct {
	const char *before;
	const char *behind;
} places[] = {
	{ "{\"v\":", "}" },
	{ "{\"v\":[", "]}" },
	{ "{\"u\":[0,\"x\"],\"v\": ", " ,\"w\":null}" },
};

static void
expect(const char *text, size_t len, bool is_good)
{
	/* Of its very size, so that a look behind it is seen. */
	char *copy = malloc(len + 1);
	struct json_doc doc;
	struct err err = { ST_OK, "" };
	enum status st;

	assert_non_null(copy);
	memcpy(copy, text, len);
	st = json_parse(copy, len, &doc, &err);
	if (st != (is_good ? ST_OK : ST_BAD_INPUT))
		fail_msg("%s: %s %.*s", is_good ? "refused" : "taken",
		    err.msg, (int)len, text);
	assert_int_equal(json_exists(json_root(&doc)), is_good);
	json_clear(&doc);
	free(copy);
}

static void
try_values(const struct text *values, size_t count, bool is_good)
{
	char text[512];

	for (size_t i = 0; i < count * COUNT(places); i++) {
		const struct text *value = &values[i / COUNT(places)];
		const char *before = places[i % COUNT(places)].before;
		const char *behind = places[i % COUNT(places)].behind;
		struct buf b = BUF_FIXED(text);

		/* An array may be empty. */
		if (value->len == 0 && strcmp(behind, "]}") == 0)
			continue;
		buf_puts(&b, before);
		buf_put(&b, value->bytes, value->len);
		buf_puts(&b, behind);
		assert_false(b.failed);
		expect(text, b.len, is_good);
	}
}

static void
values_that_are_json_are_taken(void **state)
{
	(void)state;
	try_values(good_values, COUNT(good_values), true);
}

static void
values_that_are_not_are_refused(void **state)
{
	(void)state;
	try_values(bad_values, COUNT(bad_values), false);
}

static void
whole_texts_are_one_object(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good_texts); i++)
		expect(good_texts[i].bytes, good_texts[i].len, true);
	for (size_t i = 0; i < COUNT(bad_texts); i++)
		expect(bad_texts[i].bytes, bad_texts[i].len, false);
}

/* A good text with any one byte of it changed, left out or said twice is read
 * to its end or refused: nothing behind it is looked at. */
static void
every_slip_has_an_end(void **state)
{
	static const char text[] = "{\"a\":[1,-2.5e3,true,null,\"\\u00e9\"],"
	    "\"b\":{\"c\":\"Zo\xc3\xab \\ud83d\\ude00\",\"d\":\"\"}}";
	const size_t len = sizeof(text) - 1;
	struct json_doc doc;
	struct err err;

	(void)state;
	for (size_t at = 0; at < len; at++) {
		for (int byte = 0; byte < 256; byte++) {
			char *slip = malloc(len + 1);

			assert_non_null(slip);
			memcpy(slip, text, len);
			slip[at] = (char)byte;
			if (json_parse(slip, len, &doc, &err) == ST_OK)
				assert_true(json_count(json_root(&doc)) <= 2);
			json_clear(&doc);
			memmove(slip + at, text + at + 1, len - at - 1);
			(void)!json_parse(slip, len - 1, &doc, &err);
			json_clear(&doc);
			memcpy(slip, text, at + 1);
			memcpy(slip + at + 1, text + at, len - at);
			(void)!json_parse(slip, len + 1, &doc, &err);
			json_clear(&doc);
			free(slip);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_that_are_json_are_taken),
		cmocka_unit_test(values_that_are_not_are_refused),
		cmocka_unit_test(whole_texts_are_one_object),
		cmocka_unit_test(every_slip_has_an_end),
	};

	return cmocka_run_group_tests_name("json corpus", tests, NULL, NULL);
}
