/* JSON from outside: what is refused, and that nothing is converted. */
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
	json_clear(&doc);
	json_clear(NULL);
	return 0;
}

static void
refuse(const char *text, size_t len, const char *message)
{
	struct json_doc none;

	assert_int_equal(json_parse(text, len, &none, &err), ST_BAD_INPUT);
	assert_false(json_exists(json_root(&none)));
	assert_string_equal(err.msg, message);
}

static void
says_what_is_wrong(void **state)
{
	static const struct {
		const char *text;
		const char *message;
	} table[] = {
		{ "", "not one JSON object" },
		{ "mode=payment", "not one JSON object" },
		{ "[{}]", "not one JSON object" },
		{ "{} {}", "not one JSON object" },
		{ "{\"a\" 1}", "not JSON: no colon at byte 5" },
		{ "{\"a\":1 \"b\":2}", "not JSON: no comma at byte 7" },
		{ "{\"a\":1,}", "not JSON: no name at byte 7" },
		{ "{\"a\":NaN}", "not JSON: no value at byte 5" },
		{ "{\"a\":1.}", "not JSON: no value at byte 7" },
		{ "{\"a\":\"\\x\"}", "not JSON: no escape at byte 6" },
		{ "{\"a\":\"\xff\"}", "not JSON: not UTF-8 at byte 6" },
		{ "{\"a\":\"\n\"}",
		    "not JSON: a control character at byte 6" },
		{ "{\"a\":\"b",
		    "not JSON: a string without an end at byte 7" },
		{ "{\"a\":1,\"a\":1}", "repeated member a" },
		{ "{\"b\":{\"<\":1,\"<\":1}}",
		    "repeated member (of an odd name)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		refuse(table[i].text, strlen(table[i].text),
		    table[i].message);
	refuse("{}\0", 3, "not one JSON object");
	assert_int_equal(json_parse(NULL, 0, &doc, &err), ST_BAD_INPUT);
}

/* Every way to break off a good text is an error. */
static void
refuses_every_truncation(void **state)
{
	const char *text = "{\"a\":[1,-2.5e3,true,null,\"\\ud83d\\ude00x\"],"
	    "\"b\":{\"\xc3\xa9\":\"\xf0\x9f\x98\x80\"}}";

	(void)state;
	for (size_t len = 0; len < strlen(text); len++) {
		/* Of its very size, so that a look behind it is seen. */
		char *part = malloc(len + 1);
		struct json_doc none;

		assert_non_null(part);
		memcpy(part, text, len);
		assert_int_equal(json_parse(part, len, &none, &err),
		    ST_BAD_INPUT);
		free(part);
	}
	parse(text);
}

static void
put_nested(struct buf *b, const char *open, const char *close, int depth)
{
	buf_reset(b);
	buf_puts(b, "{\"a\":");
	for (int i = 0; i < depth; i++)
		buf_puts(b, open);
	buf_puts(b, "1");
	for (int i = 0; i < depth; i++)
		buf_puts(b, close);
	buf_puts(b, "}");
}

static void
refuses_deep_nesting(void **state)
{
	struct buf b = BUF_INIT(1 << 20);

	(void)state;
	put_nested(&b, "[", "]", JSON_DEPTH_MAX - 1);
	parse(buf_str(&b));
	put_nested(&b, "[", "]", JSON_DEPTH_MAX);
	refuse(buf_str(&b), b.len, "not JSON: nesting too deep at byte 68");
	put_nested(&b, "[", "]", 100000);
	refuse(buf_str(&b), b.len, "not JSON: nesting too deep at byte 68");
	put_nested(&b, "{\"a\":", "}", JSON_DEPTH_MAX - 1);
	parse(buf_str(&b));
	put_nested(&b, "{\"a\":", "}", 100000);
	refuse(buf_str(&b), b.len, "not JSON: nesting too deep at byte 320");
	json_clear(&doc);
	buf_clear(&b);
}

/* What a body may be at most, with as many tokens as fit. */
static void
reads_a_megabyte(void **state)
{
	struct buf b = BUF_INIT(1 << 20);

	(void)state;
	buf_puts(&b, "{\"a\":[0");
	while (b.len < (1 << 20) - 100)
		buf_puts(&b, ",0");
	buf_puts(&b, "],\"b\":7}");
	assert_int_equal(json_count(json_at(parse(buf_str(&b)), "a")),
	    (b.len - strlen("{\"a\":[],\"b\":7}") + 1) / 2);
	assert_int_equal(json_i64_or_0(json_root(&doc), "b"), 7);
	json_clear(&doc);
	buf_clear(&b);
}

static void
finds_by_path(void **state)
{
	static const char *const absent[] = { "a.b.d", "a.b.c.d", "n", "n.x",
		"s.x", "l.0", "l", "x", "a.", "" };
	struct json_node root = parse("{\"a\":{\"b\":{\"c\":7}},\"n\":null,"
	    "\"s\":\"x\",\"l\":null,\"\":{\"\":5,\"x\":[]},"
	    "\"\\u0065\\u0301\":6}");

	(void)state;
	assert_int_equal(json_i64_or_0(root, "a.b.c"), 7);
	assert_int_equal(json_i64_or_0(root, "."), 5);
	assert_int_equal(json_i64_or_0(root, "e\xcc\x81"), 6);
	assert_int_equal(json_i64_or_0(root, "e\xcc\x82"), 0);
	assert_int_equal(json_i64_or_0(root, "s"), 0);
	for (size_t i = 0; i + 1 < sizeof(absent) / sizeof(absent[0]); i++)
		assert_false(json_exists(json_at(root, absent[i])));
	assert_true(json_is(json_at(root, ""), JSON_OBJECT));
	assert_false(json_exists(json_at(JSON_NONE, "a")));
	assert_true(json_has(root, "n"));
	assert_true(json_has(root, "a"));
	assert_false(json_has(root, "a.b"));
	assert_false(json_has(JSON_NONE, "a"));
	assert_true(json_text_is(root, "s", "x"));
	assert_false(json_text_is(root, "s", "xy"));
	assert_false(json_text_is(root, "s", ""));
	assert_false(json_text_is(root, "n", "null"));
}

/* What json_put_chars makes of each child, with its name where it has one. */
static void
assert_children(struct json_node parent, const char *expected)
{
	char text[256];
	struct buf b = BUF_FIXED(text);

	for (struct json_node child = json_first(parent); json_exists(child);
	    child = json_next(parent, child)) {
		if (json_is(parent, JSON_OBJECT)) {
			json_put_name(&b, child);
			buf_putc(&b, '=');
		}
		json_put_chars(&b, child);
		buf_putc(&b, ';');
	}
	assert_string_equal(buf_str(&b), expected);
}

static void
children_come_in_their_order(void **state)
{
	struct json_node root = parse("{ \"l\": [ 1, [2, {\"x\" : 3}], \"\", "
	    "{}, null, -0.5e1 ], \"o\": {\"b\\n\":[ ], \"a\":{\"c\":true}, "
	    "\"\":false}, \"e\":[], \"f\":{}, \"s\":\"a\\tb\" }");
	struct json_node o = json_at(root, "o");

	(void)state;
	assert_children(json_at(root, "l"),
	    "1;[2, {\"x\" : 3}];;{};null;-0.5e1;");
	assert_children(o, "b\n=[ ];a={\"c\":true};=false;");
	assert_children(json_at(root, "e"), "");
	assert_children(json_at(root, "f"), "");
	assert_children(json_at(root, "s"), "");
	assert_children(JSON_NONE, "");
	assert_int_equal(json_count(json_at(root, "l")), 6);
	assert_int_equal(json_count(root), 5);
	assert_int_equal(json_count(json_at(root, "e")), 0);
	assert_true(json_is_named(json_first(o), "b\n"));
	assert_false(json_is_named(json_first(o), "b\\n"));
}

static void
values_stand_as_they_stood(void **state)
{
	static const char text[] = "{\"s\":\"a\\u00e9\",\"n\":1.50,\"o\": "
	    "{ \"x\":[1 ,2] } ,\"e\":\"\"}";
	struct json_node root = parse(text);
	size_t len;

	(void)state;
	assert_memory_equal(json_source(root, &len), text, strlen(text));
	assert_int_equal(len, strlen(text));
	assert_memory_equal(json_source(json_at(root, "s"), &len),
	    "\"a\\u00e9\"", 9);
	assert_int_equal(len, 9);
	assert_memory_equal(json_source(json_at(root, "n"), &len), "1.50", 4);
	assert_int_equal(len, 4);
	assert_memory_equal(json_source(json_at(root, "o"), &len),
	    "{ \"x\":[1 ,2] }", 14);
	assert_int_equal(len, 14);
	assert_memory_equal(json_source(json_at(root, "e"), &len), "\"\"", 2);
	assert_int_equal(len, 2);
	assert_memory_equal(json_source(JSON_NONE, &len), "null", 4);
	assert_int_equal(len, 4);
}

static void
a_copy_outlives_the_text(void **state)
{
	char text[] = "{\"a\":\"b\"}";
	struct json_doc copy;

	(void)state;
	assert_int_equal(json_parse_copy(text, strlen(text), &copy, &err),
	    ST_OK);
	memset(text, 'x', sizeof(text));
	assert_true(json_text_is(json_root(&copy), "a", "b"));
	json_clear(&copy);
	assert_int_equal(json_parse_copy(text, sizeof(text), &copy, &err),
	    ST_BAD_INPUT);
	assert_false(json_exists(json_root(&copy)));
	assert_null(copy.copy);
	assert_int_equal(json_parse_copy(NULL, 0, &copy, &err), ST_BAD_INPUT);
}

/* No text, fraction, truth or null becomes a number. */
static void
integers_are_not_made_of_anything_else(void **state)
{
	static const struct {
		const char *text;
		enum status st;
		int64_t value;
	} table[] = {
		{ "{\"n\":0}", ST_OK, 0 },
		{ "{\"n\":-5}", ST_OK, -5 },
		{ "{\"n\":10}", ST_OK, 10 },
		{ "{\"n\":11}", ST_BAD_INPUT, 99 },
		{ "{\"n\":-6}", ST_BAD_INPUT, 99 },
		{ "{\"n\":\"1\"}", ST_BAD_INPUT, 99 },
		{ "{\"n\":1.0}", ST_BAD_INPUT, 99 },
		{ "{\"n\":1e0}", ST_BAD_INPUT, 99 },
		{ "{\"n\":true}", ST_BAD_INPUT, 99 },
		{ "{\"n\":[1]}", ST_BAD_INPUT, 99 },
		{ "{\"n\":{}}", ST_BAD_INPUT, 99 },
		{ "{\"n\":null}", ST_NOT_FOUND, 99 },
		{ "{}", ST_NOT_FOUND, 99 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct json_node root = parse(table[i].text);
		int64_t value = 99;

		assert_int_equal(json_get_i64(root, "n", -5, 10, &value, &err),
		    table[i].st);
		assert_int_equal(value, table[i].value);
	}
}

/* What int64 cannot hold has no nearest number. */
static void
integers_fit_or_are_refused(void **state)
{
	static const char *const table[] = {
		"{\"n\":9223372036854775808}", "{\"n\":18446744073709551615}",
		"{\"n\":18446744073709551616}",
		"{\"n\":99999999999999999999999999}",
		"{\"n\":-9223372036854775809}",
		"{\"n\":-99999999999999999999999999}",
	};
	static const struct {
		const char *text;
		int64_t value;
	} good[] = {
		{ "{\"n\":9223372036854775807}", INT64_MAX },
		{ "{\"n\":-9223372036854775808}", INT64_MIN },
		{ "{\"n\":-0}", 0 },
		{ "{\"n\":10 }", 10 },
	};
	int64_t value = 99;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(json_get_i64(parse(table[i]), "n", INT64_MIN,
		    INT64_MAX, &value, &err), ST_BAD_INPUT);
		assert_string_equal(err.msg, "n is out of range");
		assert_int_equal(value, 99);
		assert_int_equal(json_i64_or_0(json_root(&doc), "n"), 0);
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(json_get_i64(parse(good[i].text), "n",
		    INT64_MIN, INT64_MAX, &value, &err), ST_OK);
		assert_true(value == good[i].value);
	}
}

static void
truths_are_only_true_and_false(void **state)
{
	struct json_node root = parse("{\"t\":true,\"f\":false,\"i\":1,"
	    "\"s\":\"true\",\"n\":null}");
	bool value = false;

	(void)state;
	assert_int_equal(json_get_bool(root, "t", &value, &err), ST_OK);
	assert_true(value);
	assert_int_equal(json_get_bool(root, "f", &value, &err), ST_OK);
	assert_false(value);
	assert_int_equal(json_get_bool(root, "i", &value, &err), ST_BAD_INPUT);
	assert_int_equal(json_get_bool(root, "s", &value, &err), ST_BAD_INPUT);
	assert_int_equal(json_get_bool(root, "n", &value, &err), ST_NOT_FOUND);
	assert_string_equal(err.msg, "n is missing");
}

static void
members_are_known_or_refused(void **state)
{
	static const char *const names[] = { "a", "player_id", NULL };
	static const char *const good[] = { "{}", "{\"a\":1}",
	    " { \"player_id\" : {\"x\":1}, \"a\":\"b\\\"c\" } ",
	    "{\"a\":[{\"b\":1},\"b\"]}", "{\"a\":null}",
	    "{\"\\u0061\":\"\\\\\",\"player_id\":2}" };
	static const struct {
		const char *text;
		const char *message;
	} bad[] = {
		{ "{\"a\":{},\"b\":1}", "unknown member b" },
		{ "{\"A\":1}", "unknown member A" },
		{ "{\"\":1}", "unknown member (of an odd name)" },
		{ "{\"<b>\":1}", "unknown member (of an odd name)" },
		{ "{\"\\u0062\":1}", "unknown member (of an odd name)" },
		{ "{\"player_idx\":[],\"a\":1}",
		    "unknown member player_idx" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(json_accept(parse(good[i]), names, &err),
		    ST_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(json_accept(parse(bad[i].text), names, &err),
		    ST_BAD_INPUT);
		assert_string_equal(err.msg, bad[i].message);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(refuses_every_truncation),
		cmocka_unit_test(refuses_deep_nesting),
		cmocka_unit_test(reads_a_megabyte),
		cmocka_unit_test(finds_by_path),
		cmocka_unit_test(children_come_in_their_order),
		cmocka_unit_test(values_stand_as_they_stood),
		cmocka_unit_test(a_copy_outlives_the_text),
		cmocka_unit_test(integers_are_not_made_of_anything_else),
		cmocka_unit_test(integers_fit_or_are_refused),
		cmocka_unit_test(truths_are_only_true_and_false),
		cmocka_unit_test(members_are_known_or_refused),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, teardown);
}
