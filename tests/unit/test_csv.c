/* CSV: RFC 4180's rules, what is forgiven, and what is refused by line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"

/* Records as "a|b" with "/" after each, or the message of the failure. */
static void
assert_reads(const char *text, size_t len, const char *expected)
{
	struct csv_record record = CSV_RECORD_INIT;
	struct buf seen = BUF_INIT(4096);
	struct csv csv;
	struct err err;
	enum status st;

	assert_int_equal(csv_init(&csv, text, len, &err), ST_OK);
	for (;;) {
		st = csv_next(&csv, &record, &err);
		if (st != ST_OK)
			break;
		for (size_t i = 0; i < record.count; i++) {
			if (i > 0)
				buf_putc(&seen, '|');
			buf_put(&seen, record.fields[i].text,
			    record.fields[i].len);
			assert_int_equal(record.fields[i].text[
			    record.fields[i].len], 0);
		}
		buf_putf(&seen, "/%zu/", record.line);
	}
	if (st != ST_NOT_FOUND)
		buf_puts(&seen, err.msg);
	assert_string_equal(buf_str(&seen), expected);
	buf_clear(&seen);
	csv_record_clear(&record);
}

static void
records(void **state)
{
	static const struct {
		const char *text, *expected;
	} CASES[] = {
		{ "", "" },
		{ "a,b\nc,d\n", "a|b/1/c|d/2/" },
		{ "a,b\r\nc,d", "a|b/1/c|d/2/" },
		{ "\xef\xbb\xbf" "a\n", "a/1/" },
		{ "\n\r\na,,\n\n,b\n", "a||/3/|b/5/" },
		{ "\"a,b\",\"c\"\"d\"\"\"\n", "a,b|c\"d\"/1/" },
		{ "\"\",\"\"\n", "" },
		{ "a,b\n,\n , \n,,,,\nc,d\n", "a|b/1/c|d/5/" },
		{ "\"two\nlines\r\nthree\",x\ny\n",
		    "two\nlines\r\nthree|x/1/y/4/" },
		{ "a\rb,c\n", "a\rb|c/1/" },
		{ " a , b \n", " a | b /1/" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		assert_reads(CASES[i].text, strlen(CASES[i].text),
		    CASES[i].expected);
}

static void
malformed(void **state)
{
	static const struct {
		const char *text, *expected;
	} CASES[] = {
		{ "a\n\"b\nc\n", "a/1/line 2: a quote is not closed" },
		{ "\"", "line 1: a quote is not closed" },
		{ "\"\"\"", "line 1: a quote is not closed" },
		{ "\"a\"b\n", "line 1: text after a closing quote" },
		{ "\"a\nb\" \n", "line 2: text after a closing quote" },
		{ "x\na\"b\n",
		    "x/1/line 2: a quote inside a field without quotes" },
		{ ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n",
		    "line 1: too many fields" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
		assert_reads(CASES[i].text, strlen(CASES[i].text),
		    CASES[i].expected);
}

static void
a_nul_is_a_byte(void **state)
{
	struct csv_record record = CSV_RECORD_INIT;
	struct csv csv;
	struct err err;

	(void)state;
	assert_int_equal(csv_init(&csv, "a\0b,c", 5, &err), ST_OK);
	assert_int_equal(csv_next(&csv, &record, &err), ST_OK);
	assert_int_equal(record.count, 2);
	assert_int_equal(record.fields[0].len, 3);
	assert_memory_equal(record.fields[0].text, "a\0b", 4);
	assert_string_equal(record.fields[1].text, "c");
	csv_record_clear(&record);
	csv_record_clear(&record);
}

static void
limits(void **state)
{
	size_t len = (size_t)CSV_LEN_MAX + 1;
	char *text = malloc(len);
	struct csv_record record = CSV_RECORD_INIT;
	struct csv csv;
	struct err err;
	enum status st;

	(void)state;
	assert_non_null(text);
	memset(text, '\n', len);
	assert_int_equal(csv_init(&csv, text, len, &err), ST_TOO_LARGE);
	for (size_t i = 0; i + 1 < 2 * (size_t)CSV_LINES_MAX + 2; i += 2)
		text[i] = 'a';
	assert_int_equal(csv_init(&csv, text, len - 1, &err), ST_OK);
	size_t count = 0;
	while ((st = csv_next(&csv, &record, &err)) == ST_OK)
		count++;
	assert_int_equal(count, CSV_LINES_MAX);
	assert_int_equal(st, ST_BAD_INPUT);
	assert_string_equal(err.msg, "more than 100000 lines");
	/* One field of the greatest length. */
	memset(text, 'a', len);
	assert_int_equal(csv_init(&csv, text, len - 2, &err), ST_OK);
	assert_int_equal(csv_next(&csv, &record, &err), ST_OK);
	assert_int_equal(record.fields[0].len, len - 2);
	csv_record_clear(&record);
	free(text);
}

/* What a spreadsheet leaves, and what it writes elsewhere than in the US. */
static void
traces_of_spreadsheets(void **state)
{
	static const struct {
		const char *header, *msg;
	} CASES[] = {
		{ "a;b", "semicolons" }, { "a\tb", "tabs" }, { "a|b", "bars" },
	};
	struct csv_record record = CSV_RECORD_INIT;
	struct csv csv;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		assert_int_equal(csv_init(&csv, CASES[i].header,
		    strlen(CASES[i].header), &err), ST_OK);
		assert_int_equal(csv_next(&csv, &record, &err), ST_OK);
		assert_int_equal(csv_check_separator(&record, &err),
		    ST_BAD_INPUT);
		assert_non_null(strstr(err.msg, CASES[i].msg));
	}
	assert_int_equal(csv_init(&csv, "a,b, ,,", 7, &err), ST_OK);
	assert_int_equal(csv_next(&csv, &record, &err), ST_OK);
	assert_int_equal(csv_check_separator(&record, &err), ST_OK);
	assert_int_equal(record.count, 5);
	csv_record_shorten(&record, 4);
	assert_int_equal(record.count, 4);
	csv_record_shorten(&record, 0);
	assert_int_equal(record.count, 2);
	csv_record_clear(&record);
	assert_int_equal(csv_init(&csv, "\xff\xfe" "a\0", 4, &err),
	    ST_BAD_INPUT);
	assert_non_null(strstr(err.msg, "UTF-16"));
	assert_int_equal(csv_init(&csv, "\xfe\xff\0a", 4, &err),
	    ST_BAD_INPUT);
}

/* Which sign of the first line comes first, and that it holds for all lines. */
static void
other_separators(void **state)
{
	static const struct {
		const char *text;
		size_t count;		/* of the second record's fields */
	} CASES[] = {
		{ "a;b\n1;\"2;\"\"3\"\n", 2 },
		{ "\r\n\"a\"\t\"b\"\r\n1\t2;3\r\n", 2 },
		{ "a,b;c\n1,2;3,4\n", 3 },
		{ "a\n1;2,3\n", 2 },
	};
	struct csv_record record = CSV_RECORD_INIT;
	struct csv csv;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		assert_int_equal(csv_init(&csv, CASES[i].text,
		    strlen(CASES[i].text), &err), ST_OK);
		csv_take_separator(&csv);
		assert_int_equal(csv_next(&csv, &record, &err), ST_OK);
		assert_int_equal(csv_next(&csv, &record, &err), ST_OK);
		assert_int_equal(record.count, CASES[i].count);
		assert_int_equal(csv_next(&csv, &record, &err), ST_NOT_FOUND);
	}
	csv_record_clear(&record);
	assert_int_equal(csv_init(&csv, "", 0, &err), ST_OK);
	csv_take_separator(&csv);
	assert_int_equal(csv.separator, ',');
}

static void
formulas(void **state)
{
	static const char *const run[] = { "=1+1", "+1", "-2+3", "@SUM(A1)",
		"\t=1", "\r=1", "\n=1", "=", " =1", "\u00a0 =1",
		"\uff1d1", "\uff0b1", "\uff0d1", "\uff20A" };
	static const char *const shown[] = { "", "a=1", "'=1", "1-2", " 1",
		"\"=1\"", "\uff11", "\u00a9=" };

	(void)state;
	for (size_t i = 0; i < sizeof(run) / sizeof(run[0]); i++)
		assert_true(csv_is_formula(run[i]));
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		assert_false(csv_is_formula(shown[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records),
		cmocka_unit_test(malformed),
		cmocka_unit_test(a_nul_is_a_byte),
		cmocka_unit_test(limits),
		cmocka_unit_test(traces_of_spreadsheets),
		cmocka_unit_test(other_separators),
		cmocka_unit_test(formulas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
