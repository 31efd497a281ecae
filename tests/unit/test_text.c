/* Short texts from outside: lines, ids, days. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static void
lines(void **state)
{
	static const struct {
		const char *text, *reason;
		size_t len;
	} CASES[] = {
		{ "", NULL, 0 },
		{ "M\xc3\xbcller", NULL, 7 },
		{ "12345678", NULL, 8 },
		{ "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac", NULL, 9 },
		{ "123456789", "x: longer than 8 characters", 9 },
		{ "a\xff", "x: not UTF-8", 2 },
		{ "a\0b", "x: has a control character or a line end", 3 },
		{ "a\n", "x: has a control character or a line end", 2 },
		{ "\x7f", "x: has a control character or a line end", 1 },
		{ "\xc2\x85", "x: has a control character or a line end", 2 },
		{ "\xc2\xa0", NULL, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct err err;
		enum status st = text_check("x", CASES[i].text, CASES[i].len,
		    8, &err);

		assert_int_equal(st, CASES[i].reason != NULL ? ST_BAD_INPUT
		    : ST_OK);
		if (CASES[i].reason != NULL)
			assert_string_equal(err.msg, CASES[i].reason);
	}
}

/* In place, byte by byte: a table's columns stay. */
static void
disarmed(void **state)
{
	static const char *const CASES[][2] = {
		{ "Jo \u00e9\u05d0\u200d\u0301 \U0001f600", NULL },
		{ "a\x1b[2Jb\r\n\t\x7f", "a?[2Jb????" },
		{ "\xc2\x80\xc2\x9f\u00a0", "????\u00a0" },
		{ "\u202a\u202e\u202f", "??????\u202f" },
		{ "\u2066\u2069\u2065", "??????\u2065" },
		{ "\u2028\u2029\u200e\u200f\u061c\ufeff",
		    "?????????????" "????" },
		{ "\xe2\x80", NULL }, { "\xc2", NULL }, { "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		char text[64];

		strcpy(text, CASES[i][0]);
		text_disarm(text, strlen(text));
		assert_string_equal(text, CASES[i][CASES[i][1] != NULL]);
	}
}

static void
ids(void **state)
{
	static const struct {
		const char *text;
		int64_t id;
	} CASES[] = {
		{ "1", 1 }, { "42", 42 },
		{ "9223372036854775807", INT64_MAX },
		{ "9223372036854775808", 0 }, { "99999999999999999999", 0 },
		{ "", 0 }, { "0", 0 }, { "01", 0 }, { "-1", 0 }, { "+1", 0 },
		{ " 1", 0 }, { "1 ", 0 }, { "1.0", 0 }, { "0x1", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		int64_t id = 0;

		assert_int_equal(text_parse_id(CASES[i].text,
		    strlen(CASES[i].text), &id), CASES[i].id != 0);
		assert_int_equal(id, CASES[i].id);
	}
}

static void
days(void **state)
{
	static const char *const GOOD[] = { "2026-11-24", "2028-02-29",
	    "2000-02-29", "0001-01-01", "9999-12-31" };
	static const char *const BAD[] = { "", "2026-11-31", "2027-02-29",
	    "1900-02-29", "2026-00-01", "2026-13-01", "2026-01-00",
	    "0000-01-01", "2026-1-01", "2026/01/01", "2026-01-011",
	    "26-01-01", "2026-01-0x", " 2026-01-01" };

	(void)state;
	for (size_t i = 0; i < sizeof(GOOD) / sizeof(GOOD[0]); i++)
		assert_true(text_is_date(GOOD[i]));
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
		assert_false(text_is_date(BAD[i]));
}

static void
parts(void **state)
{
	static const struct {
		const char *text;
		const char *first;
		const char *second;
		const char *third;
	} table[] = {
		{ "", NULL, NULL, NULL },
		{ "S", "S", NULL, NULL },
		{ "S,M", "S", "M", NULL },
		{ "S,,M,L", "S", "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *found[3] = { "?", "?", "?" };
		char text[16];

		snprintf(text, sizeof(text), "%s", table[i].text);
		text_split(text, found, 2);
		for (size_t n = 0; n < 3; n++) {
			const char *want = n == 0 ? table[i].first : n == 1
			    ? table[i].second : table[i].third;

			if (want == NULL) {
				assert_null(found[n]);
				break;
			}
			assert_string_equal(found[n], want);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(disarmed),
		cmocka_unit_test(ids),
		cmocka_unit_test(days),
		cmocka_unit_test(parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
