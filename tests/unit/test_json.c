/* JSON from outside: what is refused, and that nothing is converted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"

static struct json_object *
parse(const char *text)
{
	struct json_object *root = NULL;
	struct err err;

	assert_int_equal(json_parse(text, strlen(text), &root, &err), ST_OK);
	return root;
}

static void
refuse(const char *text, size_t len)
{
	struct json_object *root = NULL;
	struct err err;

	assert_int_equal(json_parse(text, len, &root, &err), ST_BAD_INPUT);
	assert_null(root);
	assert_memory_equal(err.msg, "not ", 4);
}

static void
takes_one_object(void **state)
{
	static const char *const table[] = {
		"{}", " {} ", "{\"a\":1}\r\n\t ", "{\"a\":{\"b\":[null]}}",
		"{\"\xc3\xa9\":\"\\u00e9\\n\"}", "{\"a\":1e5,\"b\":-0.5}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		json_object_put(parse(table[i]));
}

static void
refuses_all_else(void **state)
{
	static const char *const table[] = {
		"", " ", "null", "1", "\"a\"", "[]", "[{}]", "true", "{", "}",
		"{} {}", "{}x", "{},", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
		"{a:1}", "{'a':1}", "{\"a\":'b'}", "{\"a\":1 \"b\":2}",
		"{\"a\":01}", "{\"a\":.1}", "{\"a\":+1}", "{\"a\":True}",
		"{\"a\":nul}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}",
		"{\"a\":\"b}", "/**/{}", "{}//", "{\"a\":\"\xff\"}",
		"{\"a\":\"\xc0\x80\"}", "{\"a\":\"\xed\xa0\x80\"}",
		"\xef\xbb\xbf{}", "mode=payment", "{\"a\":NaN}",
		"{\"a\":-Infinity}", "{\"a\":\"\n\"}", "{\"a\":\"\x01\"}",
		"\v{}", "{\"a\\\":1}", "{\"a\":\"\\\n\"}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		refuse(table[i], strlen(table[i]));
	refuse("{}\0", 3);
	refuse("{}\0garbage", 10);
	refuse("{\"a\":\"b\0c\"}", 11);
	refuse("{\"a\":\"b\\\0c\"}", 12);
}

/* Every way to break off a good text is an error. */
static void
refuses_every_truncation(void **state)
{
	const char *text = "{\"a\":[1,-2.5e3,true,null,\"\\u00e9x\"],\"b\":{}}";

	(void)state;
	for (size_t len = 0; len < strlen(text); len++)
		refuse(text, len);
	json_object_put(parse(text));
}

static void
put_nested(struct buf *b, const char *open, const char *close, int depth)
{
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
	int64_t start_ms = clock_monotonic_ms();

	(void)state;
	put_nested(&b, "[", "]", JSON_DEPTH_MAX - 2);
	json_object_put(parse(buf_str(&b)));
	buf_reset(&b);
	put_nested(&b, "[", "]", JSON_DEPTH_MAX);
	refuse(buf_str(&b), b.len);
	buf_reset(&b);
	put_nested(&b, "[", "]", 10000);
	refuse(buf_str(&b), b.len);
	buf_reset(&b);
	put_nested(&b, "{\"a\":", "}", 10000);
	refuse(buf_str(&b), b.len);
	assert_true(clock_monotonic_ms() - start_ms < 1000);
	buf_clear(&b);
}

/* What a body may be at most is read well within a request's time. */
static void
reads_a_megabyte_quickly(void **state)
{
	struct buf b = BUF_INIT(1 << 20);
	int64_t start_ms = clock_monotonic_ms();

	(void)state;
	buf_puts(&b, "{\"k0\":0");
	for (int i = 1; b.len < (1 << 20) - 100; i++)
		buf_putf(&b, ",\"k%d\":%d", i, i);
	buf_puts(&b, "}");
	assert_non_null(buf_str(&b));
	json_object_put(parse(buf_str(&b)));
	assert_true(clock_monotonic_ms() - start_ms < 2000);
	buf_clear(&b);
}

static void
finds_by_path(void **state)
{
	struct json_object *root = parse("{\"a\":{\"b\":{\"c\":7}},\"n\":null,"
	    "\"s\":\"x\",\"l\":[1],\"\":{\"\":5}}");
	char long_path[300];

	(void)state;
	assert_int_equal(json_object_get_int(json_at(root, "a.b.c")), 7);
	assert_int_equal(json_object_get_int(json_at(root, ".")), 5);
	assert_null(json_at(root, "a.b.d"));
	assert_null(json_at(root, "a.b.c.d"));
	assert_null(json_at(root, "n"));
	assert_null(json_at(root, "n.x"));
	assert_null(json_at(root, "s.x"));
	assert_null(json_at(root, "l.0"));
	assert_null(json_at(NULL, "a"));
	memset(long_path, 'a', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 1] = '\0';
	assert_null(json_at(root, long_path));
	json_object_put(root);
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
		struct json_object *root = parse(table[i].text);
		int64_t value = 99;
		struct err err;

		assert_int_equal(json_get_i64(root, "n", -5, 10, &value, &err),
		    table[i].st);
		assert_int_equal(value, table[i].value);
		json_object_put(root);
	}
}

/* json-c makes the nearest extreme of what int64 cannot hold. */
static void
integers_are_not_clamped(void **state)
{
	static const char *const table[] = {
		"{\"n\":9223372036854775808}", "{\"n\":18446744073709551615}",
		"{\"n\":18446744073709551616}",
		"{\"n\":99999999999999999999999999}",
		"{\"n\":-9223372036854775809}",
		"{\"n\":-99999999999999999999999999}",
	};
	struct err err;
	int64_t value = 99;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct json_object *root = parse(table[i]);

		assert_int_equal(json_get_i64(root, "n", INT64_MIN, INT64_MAX,
		    &value, &err), ST_BAD_INPUT);
		json_object_put(root);
	}
	struct json_object *root = parse("{\"n\":9223372036854775806}");
	assert_int_equal(json_get_i64(root, "n", INT64_MIN, INT64_MAX, &value,
	    &err), ST_OK);
	assert_int_equal(value, INT64_MAX - 1);
	json_object_put(root);
}

static void
truths_are_only_true_and_false(void **state)
{
	struct json_object *root = parse("{\"t\":true,\"f\":false,\"i\":1,"
	    "\"s\":\"true\",\"n\":null}");
	struct err err;
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
	json_object_put(root);
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
		{ "none", ST_OK, "" },
		{ "nul", ST_BAD_INPUT, "" },
		{ "number", ST_BAD_INPUT, "" },
		{ "null", ST_NOT_FOUND, "" },
		{ "absent", ST_NOT_FOUND, "" },
	};
	struct json_object *root = parse("{\"four\":\"abcd\","
	    "\"five\":\"abcde\",\"none\":\"\",\"nul\":\"a\\u0000b\","
	    "\"number\":5,\"null\":null}");

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char out[5] = "xxxx";
		struct err err;
		enum status st = table[i].st;

		assert_int_equal(json_get_text(root, table[i].path, out,
		    sizeof(out), &err), st);
		assert_string_equal(out, table[i].text);
		memcpy(out, "xxxx", sizeof(out));
		assert_int_equal(json_get_text_or_empty(root, table[i].path,
		    out, sizeof(out), &err), st == ST_NOT_FOUND ? ST_OK : st);
		assert_string_equal(out, table[i].text);
	}
	json_object_put(root);
}

static void
builds_objects(void **state)
{
	struct json_object *object = json_object_new_object();
	struct err err;

	(void)state;
	assert_int_equal(json_put_text(object, "t", "a\"b", &err), ST_OK);
	assert_int_equal(json_put_i64(object, "n", INT64_MIN, &err), ST_OK);
	assert_int_equal(json_put_bool(object, "b", true, &err), ST_OK);
	assert_string_equal(json_object_to_json_string_ext(object,
	    JSON_C_TO_STRING_PLAIN),
	    "{\"t\":\"a\\\"b\",\"n\":-9223372036854775808,\"b\":true}");
	json_object_put(object);
}

static enum status
accept_members(const char *text, struct err *err)
{
	static const char *const names[] = { "a", "player_id", NULL };

	json_object_put(parse(text));
	return json_accept(text, strlen(text), names, err);
}

/* json-c would keep the last of two and say nothing. */
static void
outermost_names_are_known_and_once_there(void **state)
{
	static const char *const good[] = { "{}", "{\"a\":1}",
	    " { \"player_id\" : {\"x\":1,\"x\":2}, \"a\":\"b\\\"c\" } ",
	    "{\"a\":[{\"a\":1},{\"a\":1},\"a\"]}", "{\"a\":\"player_id\"}",
	    "{\"a\":\"\\\\\",\"player_id\":2}" };
	static const struct {
		const char *text;
		const char *message;
	} bad[] = {
		{ "{\"a\":1,\"a\":1}", "repeated member a" },
		{ "{\"a\":{},\"b\":1}", "unknown member b" },
		{ "{\"A\":1}", "unknown member A" },
		{ "{\"\":1}", "unknown member (of an odd name)" },
		{ "{\"<b>\":1}", "unknown member (of an odd name)" },
		{ "{\"\\u0061\":1}", "unknown member (of an odd name)" },
		{ "{\"player_id\":[],\"player_id\"\n:2}",
		    "repeated member player_id" },
	};
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(accept_members(good[i], &err), ST_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(accept_members(bad[i].text, &err),
		    ST_BAD_INPUT);
		assert_string_equal(err.msg, bad[i].message);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_one_object),
		cmocka_unit_test(refuses_all_else),
		cmocka_unit_test(refuses_every_truncation),
		cmocka_unit_test(refuses_deep_nesting),
		cmocka_unit_test(reads_a_megabyte_quickly),
		cmocka_unit_test(finds_by_path),
		cmocka_unit_test(integers_are_not_made_of_anything_else),
		cmocka_unit_test(integers_are_not_clamped),
		cmocka_unit_test(truths_are_only_true_and_false),
		cmocka_unit_test(texts_fit_and_hold_no_nul),
		cmocka_unit_test(builds_objects),
		cmocka_unit_test(outermost_names_are_known_and_once_there),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
