/*
 * A name stands once in an object, however it is spelled, and finding that out
 * takes work in proportion to the text: the comparisons are counted, which the
 * linker leads through the wrappers below.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/json_parts.h"

enum { TEXT_MAX = 4 * 1024 * 1024, MANY = 40000 };

/* The names are the linker's. */
int __real_memcmp(const void *a, const void *b, size_t len);
int __wrap_memcmp(const void *a, const void *b, size_t len);
int __real_json_next_byte(struct json_spelling *spelling);
int __wrap_json_next_byte(struct json_spelling *spelling);

static size_t steps;

int
__wrap_memcmp(const void *a, const void *b, size_t len)
{
	steps++;
	return __real_memcmp(a, b, len);
}

int
__wrap_json_next_byte(struct json_spelling *spelling)
{
	steps++;
	return __real_json_next_byte(spelling);
}

static enum status
read_text(const char *text, size_t len, struct err *err)
{
	struct json_doc doc;
	enum status st = json_parse(text, len, &doc, err);

	json_clear(&doc);
	return st;
}

static void
expect(const char *text, const char *message)
{
	struct err err = { ST_OK, "" };

	assert_int_equal(read_text(text, strlen(text), &err),
	    message[0] == '\0' ? ST_OK : ST_BAD_INPUT);
	assert_string_equal(err.msg, message);
}

static void
the_same_name_is_refused_at_every_depth(void **state)
{
	(void)state;
	expect("{\"a\":1,\"b\":1,\"a\":1}", "repeated member a");
	expect("{\"a\":{\"b\":1,\"b\":2}}", "repeated member b");
	expect("{\"a\":[{},{\"b\":1,\"c\":[],\"b\":2}]}",
	    "repeated member b");
	expect("{\"\":1,\"\":1}", "repeated member (of an odd name)");
	expect("{\"a\":{\"x\":1},\"b\":{\"x\":1},\"x\":{\"a\":1,\"b\":1}}", "");
	expect("{\"a\":1,\"A\":1,\"aa\":1,\"\":1,\" a\":1}", "");
	/* The same marks, other names. */
	expect("{\"abcd\":1,\"aXcd\":1,\"abcb\":1,\"aecb\":1}", "");
}

static void
the_spelling_makes_no_difference(void **state)
{
	(void)state;
	expect("{\"a\":1,\"\\u0061\":1}", "repeated member (of an odd name)");
	expect("{\"\\u0061\":1,\"a\":1,\"b\":1}",
	    "repeated member a");
	expect("{\"\\u00e9\":1,\"\xc3\xa9\":1}",
	    "repeated member (of an odd name)");
	expect("{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":1}",
	    "repeated member (of an odd name)");
	expect("{\"\\/\":1,\"/\":1}", "repeated member (of an odd name)");
	expect("{\"\\\\u0061\":1,\"a\":1,\"\\u0062\":1,\"\\u0061b\":1}", "");
	expect("{\"\\u0000\":1,\"\":1,\"\\u0000\\u0000\":1}", "");
}

/* Five digits, backwards: what begins alike is no neighbour then. */
static void
put_digits(struct buf *b, int number, bool is_escaped)
{
	for (int i = 0; i < 5; i++, number /= 10) {
		if (is_escaped)
			buf_puts(b, "\\u003");
		buf_putc(b, (char)('0' + number % 10));
	}
}

/* Objects of width names each, count in all. */
static void
write_objects(struct buf *b, bool is_escaped, int width, int count)
{
	buf_reset(b);
	buf_puts(b, "{\"a\":[{");
	for (int i = 0; i < count; i++) {
		if (i > 0)
			buf_puts(b, i % width == 0 ? "},{" : ",");
		buf_putc(b, '"');
		put_digits(b, i % width, is_escaped);
		buf_puts(b, "\":0");
	}
	buf_puts(b, "}]}");
	assert_non_null(buf_str(b));
}

static size_t
steps_for(bool is_escaped, int width, int count)
{
	struct buf b = BUF_INIT(TEXT_MAX);
	struct err err;

	write_objects(&b, is_escaped, width, count);
	steps = 0;
	assert_int_equal(read_text(buf_str(&b), b.len, &err), ST_OK);
	buf_clear(&b);
	return steps;
}

/* Twice as much is little more than twice the work, and no name is compared
 * with more than a few dozen others. */
static void
assert_in_proportion(bool is_escaped, int width, int width_of_more)
{
	size_t some = steps_for(is_escaped, width, MANY);
	size_t more = steps_for(is_escaped, width_of_more, 2 * MANY);

	assert_in_range(more, 0, some * 5 / 2);
	/* Spelled, two names of five bytes and their ends go by. */
	assert_in_range(some, 0, (size_t)MANY * 64 * (is_escaped ? 12 : 1));
}

static void
work_is_in_proportion_to_the_text(void **state)
{
	(void)state;
	assert_in_proportion(false, MANY, 2 * MANY);
	assert_in_proportion(false, 128, 128);
	assert_in_proportion(false, 2, 2);
	assert_in_proportion(true, MANY, 2 * MANY);
	assert_in_proportion(true, 128, 128);
}

static void
one_among_very_many_is_found(void **state)
{
	struct buf b = BUF_INIT(TEXT_MAX);
	struct err err;

	(void)state;
	write_objects(&b, false, MANY, MANY);
	b.len -= strlen("}]}");
	buf_puts(&b, ",\"89310\":0}]}");
	assert_int_equal(read_text(buf_str(&b), b.len, &err), ST_BAD_INPUT);
	assert_string_equal(err.msg, "repeated member 89310");
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_name_is_refused_at_every_depth),
		cmocka_unit_test(the_spelling_makes_no_difference),
		cmocka_unit_test(work_is_in_proportion_to_the_text),
		cmocka_unit_test(one_among_very_many_is_found),
	};

	return cmocka_run_group_tests_name("json names", tests, NULL, NULL);
}
