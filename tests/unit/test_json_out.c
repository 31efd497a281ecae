/* JSON as it goes out: what is written, and what fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_out.h"
#include "base/utf8.h"

enum { TEXT_MAX = 64 * 1024 };

static struct buf text = BUF_INIT(TEXT_MAX);
static struct err err;

/* Into the text, emptied. */
static struct json_out
fresh(void)
{
	buf_reset(&text);
	return JSON_OUT(&text);
}

static void
assert_written(const struct json_out *json, const char *expected)
{
	assert_int_equal(json_out_check(json, "it", &err), ST_OK);
	assert_string_equal(buf_str(json->text), expected);
}

static int
teardown(void **state)
{
	(void)state;
	buf_clear(&text);
	return 0;
}

static void
values_are_written(void **state)
{
	struct json_out json = fresh();

	(void)state;
	json_out_object(&json, NULL);
	json_out_text(&json, "t", "a\"/</");
	json_out_i64(&json, "least", INT64_MIN);
	json_out_i64(&json, "most", INT64_MAX);
	json_out_bool(&json, "yes", true);
	json_out_bool(&json, "no", false);
	json_out_null(&json, "none");
	json_out_text(&json, "empty", "");
	json_out_end(&json);
	assert_written(&json, "{\"t\":\"a\\\"/</\","
	    "\"least\":-9223372036854775808,\"most\":9223372036854775807,"
	    "\"yes\":true,\"no\":false,\"none\":null,\"empty\":\"\"}");
}

static void
values_hold_values(void **state)
{
	struct json_out json = fresh();

	(void)state;
	json_out_object(&json, NULL);
	json_out_array(&json, "none");
	json_out_end(&json);
	json_out_array(&json, "some");
	json_out_object(&json, NULL);
	json_out_end(&json);
	json_out_object(&json, NULL);
	json_out_i64(&json, "n", 1);
	json_out_array(&json, "m");
	json_out_i64(&json, NULL, 2);
	json_out_text(&json, NULL, "[");
	json_out_text(&json, NULL, "{");
	json_out_null(&json, NULL);
	json_out_end(&json);
	json_out_end(&json);
	json_out_end(&json);
	json_out_name(&json, "last");
	json_out_object(&json, NULL);
	json_out_text(&json, ":", ":");
	json_out_i64(&json, "n", 3);
	json_out_end(&json);
	json_out_end(&json);
	assert_written(&json, "{\"none\":[],\"some\":[{},{\"n\":1,"
	    "\"m\":[2,\"[\",\"{\",null]}],\"last\":{\":\":\":\",\"n\":3}}");
}

static void
texts_may_be_left_out(void **state)
{
	struct json_out json = fresh();

	(void)state;
	json_out_object(&json, NULL);
	json_out_optional(&json, "a", NULL);
	json_out_optional(&json, "b", "");
	json_out_optional(&json, "c", "0");
	json_out_end(&json);
	assert_written(&json, "{\"c\":\"0\"}");
}

/* Numbers, escapes and spaces of what was read stay what they are. */
static void
what_was_read_is_copied(void **state)
{
	static const char read[] = "{\"n\": 1.50, \"\\u00e9\":[\"/\" , null],"
	    "\"s\":\"\\u00e9\",\"z\":null,\"o\":{}}";
	struct json_out json = fresh();
	struct json_doc doc;

	(void)state;
	assert_int_equal(json_parse(read, strlen(read), &doc, &err), ST_OK);
	struct json_node root = json_root(&doc);

	json_out_object(&json, NULL);
	json_out_members(&json, root);
	json_out_node(&json, "again", json_at(root, "s"));
	json_out_node(&json, "missing", JSON_NONE);
	json_out_end(&json);
	assert_written(&json, "{\"n\":1.50,\"\\u00e9\":[\"/\" , null],"
	    "\"s\":\"\\u00e9\",\"z\":null,\"o\":{},\"again\":\"\\u00e9\","
	    "\"missing\":null}");
	json_clear(&doc);
}

/* Elements that came one by one become an array's. */
static void
elements_are_gathered(void **state)
{
	char kept[64];
	struct buf elements = BUF_FIXED(kept);
	struct json_out json = fresh();

	(void)state;
	json_out_array(&json, NULL);
	json_out_source(&json, NULL, &elements);
	json_out_end(&json);
	assert_written(&json, "[]");

	for (int i = 0; i < 3; i++) {
		struct json_out one = JSON_OUT(&elements);

		json_out_object(&one, NULL);
		json_out_i64(&one, "i", i);
		json_out_end(&one);
		assert_int_equal(json_out_check(&one, "it", &err), ST_OK);
	}
	json = fresh();
	json_out_object(&json, NULL);
	json_out_array(&json, "rows");
	json_out_source(&json, NULL, &elements);
	json_out_end(&json);
	json_out_i64(&json, "next", 3);
	json_out_end(&json);
	assert_written(&json,
	    "{\"rows\":[{\"i\":0},{\"i\":1},{\"i\":2}],\"next\":3}");
}

/* What stands at t of a text that is an object. */
static void
read_back(const struct json_out *json, char *out, size_t size)
{
	struct json_doc doc;

	assert_int_equal(json_out_parse(json, "it", &doc, &err), ST_OK);
	assert_int_equal(json_get_text(json_root(&doc), "t", out, size, &err),
	    ST_OK);
	json_clear(&doc);
}

static void
texts_come_back(void **state)
{
	static const char *const texts[] = { "", "a", "Zo\xc3\xab",
		"\xf0\x9f\x98\x80\xf0\x9f\x91\xa8\xe2\x80\x8d",
		"\"\\/\b\f\n\r\t", "\x01\x1f\x7f \xc2\x80\xef\xbf\xbd",
		"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf", "\\u00e9" };
	char out[64];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct json_out json = fresh();

		json_out_object(&json, NULL);
		json_out_text(&json, "t", texts[i]);
		json_out_end(&json);
		read_back(&json, out, sizeof(out));
		assert_string_equal(out, texts[i]);
	}
}

/* Each pair of bytes: itself when it is UTF-8, else still JSON. */
static void
any_bytes_make_json(void **state)
{
	(void)state;
	for (int first = 1; first < 256; first++) {
		for (int second = 1; second < 256; second++) {
			const char pair[] = { (char)first, (char)second, 0 };
			struct json_out json = fresh();
			char out[8];

			json_out_object(&json, NULL);
			json_out_text(&json, "t", pair);
			json_out_end(&json);
			read_back(&json, out, sizeof(out));
			if (utf8_is_valid(pair, 2))
				assert_string_equal(out, pair);
			else
				assert_non_null(strstr(out, "\xef\xbf\xbd"));
		}
	}
}

static void
failure_sticks(void **state)
{
	char small[8];
	struct buf full = BUF_FIXED(small);
	struct json_out json = JSON_OUT(&full);

	(void)state;
	json_out_object(&json, NULL);
	json_out_text(&json, "t", "long");
	json_out_i64(&json, "n", 1);
	json_out_end(&json);
	assert_int_equal(json_out_check(&json, "the list", &err),
	    ST_BAD_INPUT);
	assert_string_equal(err.msg, "the list is too long");
	assert_null(buf_str(&full));

	/* And into what the failed text becomes a part of. */
	json = fresh();
	json_out_array(&json, NULL);
	json_out_source(&json, NULL, &full);
	json_out_end(&json);
	assert_int_equal(json_out_check(&json, "the answer", &err),
	    ST_BAD_INPUT);
	assert_null(buf_str(&text));
}

static void
brackets_must_match(void **state)
{
	struct json_out json = fresh();

	(void)state;
	json_out_object(&json, NULL);
	assert_int_equal(json_out_check(&json, "it", &err), ST_BUG);
	json_out_end(&json);
	assert_int_equal(json_out_check(&json, "it", &err), ST_OK);
	json_out_end(&json);
	assert_int_equal(json_out_check(&json, "it", &err), ST_BUG);
	assert_string_equal(err.msg, "it: a bracket too few or too many");

	struct json_doc doc;

	assert_int_equal(json_out_parse(&json, "it", &doc, &err), ST_BUG);
	assert_false(json_exists(json_root(&doc)));
	json_clear(&doc);
}

static void
depth_has_a_limit(void **state)
{
	(void)state;
	for (int depth = 1; depth <= JSON_OUT_DEPTH_MAX + 1; depth++) {
		struct json_out json = fresh();

		for (int i = 0; i < depth; i++)
			json_out_array(&json, NULL);
		for (int i = 0; i < depth; i++)
			json_out_end(&json);
		assert_int_equal(json_out_check(&json, "it", &err),
		    depth <= JSON_OUT_DEPTH_MAX ? ST_OK : ST_BUG);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_written),
		cmocka_unit_test(values_hold_values),
		cmocka_unit_test(texts_may_be_left_out),
		cmocka_unit_test(what_was_read_is_copied),
		cmocka_unit_test(elements_are_gathered),
		cmocka_unit_test(texts_come_back),
		cmocka_unit_test(any_bytes_make_json),
		cmocka_unit_test(failure_sticks),
		cmocka_unit_test(brackets_must_match),
		cmocka_unit_test(depth_has_a_limit),
	};

	return cmocka_run_group_tests_name("json out", tests, NULL, teardown);
}
