/* Days of the calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/date.h"

/* Every day of 400 years, which is one period of the calendar, against the C
 * library's own reckoning. */
static void
every_day_of_the_calendar(void **state)
{
	/* 2000-01-01 to 2399-12-31 */
	const time_t first = 946684800;
	const int days = 146097;

	(void)state;
	for (int i = 0; i < days; i++) {
		time_t at = first + (time_t)i * 86400;
		struct tm tm;
		char text[16];
		struct date date;

		assert_non_null(gmtime_r(&at, &tm));
		assert_int_equal(strftime(text, sizeof(text), "%Y-%m-%d",
		    &tm), 10);
		assert_true(date_parse(text, &date));
		assert_int_equal(date.year, tm.tm_year + 1900);
		assert_int_equal(date.month, tm.tm_mon + 1);
		assert_int_equal(date.day, tm.tm_mday);
	}
}

static void
no_day(void **state)
{
	static const char *const TEXTS[] = {
		"", "2026", "2026-04", "2026-4-15", "2026-04-15 ",
		" 2026-04-15",
		"2026-04-1\n", "2026/04/15", "20260415", "2026-00-10",
		"2026-13-01", "2026-04-00", "2026-04-31", "2026-02-29",
		"1900-02-29", "2100-02-29", "0000-01-01", "-026-01-01",
		"2026-0a-01", "2026-04-+1", "12026-04-15",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
		struct date date;

		if (date_parse(TEXTS[i], &date))
			fail_msg("\"%s\" is taken for a day", TEXTS[i]);
	}
}

static void
in_words(void **state)
{
	char text[32];
	struct buf b = BUF_FIXED(text);
	struct date date;

	(void)state;
	assert_true(date_parse("2028-02-29", &date));
	date_put(&b, &date);
	assert_string_equal(buf_str(&b), "29 February 2028");
	assert_string_equal(date_month_name(1), "January");
	assert_string_equal(date_month_name(12), "December");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_of_the_calendar),
		cmocka_unit_test(no_day),
		cmocka_unit_test(in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
