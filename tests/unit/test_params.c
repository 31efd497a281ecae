/* Query strings and forms: what is decoded, and what is refused and how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "web/request.h"

static enum status
parse(struct params *params, const char *text, struct err *err)
{
	return params_parse(params, text, strlen(text), err);
}

static void
pairs_are_decoded(void **state)
{
	struct params params;
	struct err err;

	(void)state;
	assert_int_equal(parse(&params,
	    "name=J%C3%BCrgen+O%27Neil&empty=&bare&a%3Db=1%262&x=y=z&&", &err),
	    ST_OK);
	assert_int_equal(params.count, 5);
	assert_string_equal(params_text(&params, "name"),
	    "J\xc3\xbcrgen O'Neil");
	assert_string_equal(params_text(&params, "empty"), "");
	assert_string_equal(params_text(&params, "bare"), "");
	assert_string_equal(params_text(&params, "a=b"), "1&2");
	assert_string_equal(params_text(&params, "x"), "y=z");
	assert_null(params_text(&params, "absent"));
	params_clear(&params);
	params_clear(&params);
}

static void
nothing_is_no_parameter(void **state)
{
	struct params params;
	struct err err;

	(void)state;
	assert_int_equal(params_parse(&params, NULL, 0, &err), ST_OK);
	assert_int_equal(params.count, 0);
	params_clear(&params);
	assert_int_equal(parse(&params, "&&&", &err), ST_OK);
	assert_int_equal(params.count, 0);
	params_clear(&params);
	params_clear(NULL);
}

static void
malformed_text_is_refused(void **state)
{
	static const char *const bad[] = {
		"a=%", "a=%4", "a=%4g", "a=%g4", "%=1", "a=%%30",
		"a=%00", "%00=1", "a=\xff", "a=%C3", "a=%ED%A0%80",
		"a=%C0%AF", "a=%F4%90%80%80", "a=%E2%82", NULL,
	};
	struct params params;
	struct err err;

	(void)state;
	for (size_t i = 0; bad[i] != NULL; i++) {
		assert_int_equal(parse(&params, bad[i], &err), ST_BAD_INPUT);
		assert_int_equal(params.count, 0);
		assert_null(params.text.data);
	}
	assert_int_equal(params_parse(&params, "a\0b", 3, &err), ST_BAD_INPUT);
	assert_string_equal(err.msg, "a parameter holds a NUL");
}

static void
every_byte_survives_its_escape(void **state)
{
	char text[] = "a=%xx";
	struct params params;
	struct err err;

	(void)state;
	for (unsigned byte = 1; byte < 0x80; byte++) {
		static const char upper[] = "0123456789ABCDEF";
		static const char lower[] = "0123456789abcdef";

		text[3] = upper[byte >> 4];
		text[4] = lower[byte & 15];
		assert_int_equal(parse(&params, text, &err), ST_OK);
		assert_int_equal((unsigned char)params.item[0].value[0], byte);
		assert_int_equal(params.item[0].value[1], 0);
		params_clear(&params);
	}
}

static void
the_thirty_third_is_refused(void **state)
{
	char text[2 * (PARAMS_MAX + 1) + 1] = "";
	struct params params;
	struct err err;

	(void)state;
	for (size_t i = 0; i < PARAMS_MAX; i++)
		memcpy(text + 2 * i, "a&", 3);
	assert_int_equal(parse(&params, text, &err), ST_OK);
	assert_int_equal(params.count, PARAMS_MAX);
	params_clear(&params);
	memcpy(text + 2 * (size_t)PARAMS_MAX, "a", 2);
	assert_int_equal(parse(&params, text, &err), ST_BAD_INPUT);
	assert_string_equal(err.msg, "more than 32 parameters");
}

static void
unknown_and_repeated_are_named(void **state)
{
	static const char *const names[] = { "order_id", "expires", NULL };
	struct params params;
	struct err err;

	(void)state;
	assert_int_equal(parse(&params, "expires=1&order_id=2", &err), ST_OK);
	assert_int_equal(params_accept(&params, names, &err), ST_OK);
	params_clear(&params);

	assert_int_equal(parse(&params, "order_id=2&amount=3", &err), ST_OK);
	assert_int_equal(params_accept(&params, names, &err), ST_BAD_INPUT);
	assert_string_equal(err.msg, "unknown parameter amount");
	params_clear(&params);

	assert_int_equal(parse(&params, "order_id=2&order%5Fid=2", &err),
	    ST_OK);
	assert_int_equal(params_accept(&params, names, &err), ST_BAD_INPUT);
	assert_string_equal(err.msg, "repeated parameter order_id");
	params_clear(&params);

	assert_int_equal(parse(&params, "%3Cscript%3E=1", &err), ST_OK);
	assert_int_equal(params_accept(&params, names, &err), ST_BAD_INPUT);
	assert_string_equal(err.msg, "unknown parameter (of an odd name)");
	params_clear(&params);
}

static void
integers_have_one_spelling(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
	} good[] = {
		{ "n=0", 0 },
		{ "n=7", 7 },
		{ "n=-12", -12 },
		{ "n=9223372036854775807", INT64_MAX },
		{ "n=-9223372036854775808", INT64_MIN },
	};
	static const char *const bad[] = {
		"n=", "n=-", "n=-0", "n=00", "n=01", "n=%2B1", "n=+1", "n=1+",
		"n=1e3", "n=0x1", "n=1.0", "n=9223372036854775808",
		"n=-9223372036854775809", "n=99999999999999999999999", "n=--1",
		"n=%C2%B2", NULL,
	};
	struct params params;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		int64_t value = 99;

		assert_int_equal(parse(&params, good[i].text, &err), ST_OK);
		assert_int_equal(params_i64(&params, "n", INT64_MIN, INT64_MAX,
		    &value, &err), ST_OK);
		assert_true(value == good[i].value);
		params_clear(&params);
	}
	for (size_t i = 0; bad[i] != NULL; i++) {
		int64_t value = 99;

		assert_int_equal(parse(&params, bad[i], &err), ST_OK);
		assert_int_equal(params_i64(&params, "n", INT64_MIN, INT64_MAX,
		    &value, &err), ST_BAD_INPUT);
		assert_true(value == 99);
		params_clear(&params);
	}
}

static void
integers_keep_to_their_range(void **state)
{
	struct params params;
	struct err err;
	int64_t value = 0;

	(void)state;
	assert_int_equal(parse(&params, "n=5", &err), ST_OK);
	assert_int_equal(params_i64(&params, "n", 5, 5, &value, &err), ST_OK);
	assert_int_equal(params_i64(&params, "n", 6, 9, &value, &err),
	    ST_BAD_INPUT);
	assert_string_equal(err.msg,
	    "parameter n must be a whole number from 6 to 9");
	assert_int_equal(params_i64(&params, "n", 1, 4, &value, &err),
	    ST_BAD_INPUT);
	assert_int_equal(params_i64(&params, "m", 1, 4, &value, &err),
	    ST_BAD_INPUT);
	assert_string_equal(err.msg, "parameter m is missing");
	params_clear(&params);
}

static void
utf8_is_checked_to_its_edges(void **state)
{
	static const char *const good[] = {
		"", "a", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
		"\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
		"\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", NULL,
	};
	static const char *const bad[] = {
		"\x80", "\xbf", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf",
		"\xed\xa0\x80", "\xe1\x80", "\xe1\x80\x41", "\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf1\x80\x80", NULL,
	};

	(void)state;
	for (size_t i = 0; good[i] != NULL; i++)
		assert_true(utf8_is_valid(good[i], strlen(good[i])));
	for (size_t i = 0; bad[i] != NULL; i++)
		assert_false(utf8_is_valid(bad[i], strlen(bad[i])));
}

static void
spaces_around_values_are_taken_away(void **state)
{
	struct params params;
	struct err err;

	(void)state;
	assert_int_equal(parse(&params, "a=++b+c++&d=+++&e&f=g", &err), ST_OK);
	params_trim(&params);
	assert_string_equal(params_text(&params, "a"), "b c");
	assert_string_equal(params_text(&params, "d"), "");
	assert_string_equal(params_text(&params, "e"), "");
	assert_string_equal(params_text(&params, "f"), "g");
	params_clear(&params);
	params_trim(&params);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_are_decoded),
		cmocka_unit_test(nothing_is_no_parameter),
		cmocka_unit_test(malformed_text_is_refused),
		cmocka_unit_test(every_byte_survives_its_escape),
		cmocka_unit_test(the_thirty_third_is_refused),
		cmocka_unit_test(unknown_and_repeated_are_named),
		cmocka_unit_test(integers_have_one_spelling),
		cmocka_unit_test(integers_keep_to_their_range),
		cmocka_unit_test(utf8_is_checked_to_its_edges),
		cmocka_unit_test(spaces_around_values_are_taken_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
