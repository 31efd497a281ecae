/* The first month's fee: every day of every length of month, both rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/money.h"
#include "billing/proration.h"

static enum status
quote_for(int64_t fee_cents, const char *quoted, bool prorate,
    int64_t *cents, struct err *err)
{
	const struct proration_terms terms = { fee_cents, quoted, prorate,
		"usd" };

	return proration_quote(&terms, cents, err);
}

static int64_t
amount(int64_t fee_cents, const char *quoted, bool prorate)
{
	int64_t cents;
	struct err err;

	if (quote_for(fee_cents, quoted, prorate, &cents, &err) != ST_OK)
		fail_msg("%s: %s", quoted, err.msg);
	return cents;
}

/* What the club's treasurer would write by hand. */
static void
by_hand(void **state)
{
	static const struct {
		int64_t fee_cents;
		const char *quoted;
		int64_t prorated_cents;
	} CASES[] = {
		{ 15000, "2026-04-15", 8000 },	/* 16 of 30 */
		{ 15000, "2026-04-01", 15000 },
		{ 15000, "2026-04-30", 500 },
		{ 15000, "2026-01-31", 484 },	/* 483.87 */
		{ 15000, "2026-02-28", 536 },	/* 535.71 */
		{ 15000, "2028-02-28", 1034 },	/* 2 of 29: 1034.48 */
		{ 15000, "2028-02-29", 517 },	/* 517.24 */
		{ 15000, "2026-02-15", 7500 },	/* half of 28 */
		{ 12345, "2026-04-16", 6173 },	/* 6172.5: half up */
		{ 12343, "2026-04-16", 6172 },	/* 6171.5: up, not to even */
		{ 9999, "2026-12-17", 4838 },	/* 15 of 31: 4838.2 */
		{ AMOUNT_MAX_CENTS, "2026-01-01", AMOUNT_MAX_CENTS },
		{ AMOUNT_MAX_CENTS, "2026-01-02", 96774193 },	/* .7, .54 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		assert_int_equal(amount(CASES[i].fee_cents, CASES[i].quoted,
		    true), CASES[i].prorated_cents);
		assert_int_equal(amount(CASES[i].fee_cents, CASES[i].quoted,
		    false), CASES[i].fee_cents);
	}
}

/* Within half a cent of the true share, and a tie goes up. */
static void
assert_nearest(int64_t cents, int64_t fee_cents, int days, int month_days)
{
	int64_t twice_off = 2 * (cents * month_days - fee_cents * days);

	assert_true(twice_off > -month_days);
	assert_true(twice_off <= month_days);
}

static void
check_month(int year, int month, int month_days, int64_t fee_cents)
{
	int64_t last = INT64_MAX;

	for (int day = 1; day <= month_days; day++) {
		char quoted[40];
		int64_t cents;
		struct err err;

		(void)snprintf(quoted, sizeof(quoted), "%04d-%02d-%02d", year,
		    month, day);
		assert_int_equal(quote_for(fee_cents, quoted, true, &cents,
		    &err), ST_OK);
		assert_nearest(cents, fee_cents,
		    month_days - day + 1, month_days);
		assert_true(cents < last);
		last = cents;
	}
}

static void
every_day_of_every_month(void **state)
{
	static const int LENGTHS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	static const int64_t FEES[] = { 15000, 9999, 12345, 4501, 100003 };
	static const int YEARS[] = { 2026, 2028, 2000, 2100 };

	(void)state;
	for (size_t y = 0; y < 4; y++)
		for (int month = 1; month <= 12; month++)
			for (size_t f = 0; f < 5; f++)
				check_month(YEARS[y], month,
				    LENGTHS[month - 1] + (month == 2 &&
				    (YEARS[y] == 2028 || YEARS[y] == 2000)),
				    FEES[f]);
}

/* On the first the fee is whole under both rules; the flat rule always. */
static void
whole_or_not(void **state)
{
	(void)state;
	assert_int_equal(amount(15000, "2026-04-01", true), 15000);
	assert_int_equal(amount(15000, "2026-04-15", false), 15000);
	assert_int_equal(amount(15000, "2026-04-15", true), 8000);
}

static void
less_than_stripe_takes(void **state)
{
	static const struct {
		int64_t fee_cents;
		const char *quoted;
		bool prorate;
		const char *words;
	} CASES[] = {
		{ 0, "2026-04-15", true, "the April fee would be $0.00, and "
		    "Stripe charges $0.50 or more" },
		{ 0, "2026-04-15", false, "the April fee would be $0.00, and "
		    "Stripe charges $0.50 or more" },
		{ 49, "2026-05-01", false, "the May fee would be $0.49, and "
		    "Stripe charges $0.50 or more" },
		{ 1484, "2026-04-30", true, "the April fee would be $0.49, and "
		    "Stripe charges $0.50 or more" },
	};
	int64_t cents;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		assert_int_equal(quote_for(CASES[i].fee_cents,
		    CASES[i].quoted, CASES[i].prorate, &cents, &err),
		    ST_CONFLICT);
		assert_string_equal(err.msg, CASES[i].words);
	}
	assert_int_equal(amount(1485, "2026-04-30", true), 50);
	assert_int_equal(amount(50, "2026-04-30", false), 50);
}

static void
no_such_day_and_no_such_fee(void **state)
{
	static const char *const DAYS[] = { "", "2026-02-29", "2026-04-31",
		"15 April 2026", "2026-04-15T00:00:00" };
	int64_t cents;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(DAYS) / sizeof(DAYS[0]); i++)
		assert_int_equal(quote_for(15000, DAYS[i], true, &cents,
		    &err), ST_BAD_INPUT);
	assert_string_equal(err.msg,
	    "there is no day \"2026-04-15T00:00:00\"");
	assert_int_equal(quote_for(-1, "2026-04-15", false, &cents, &err),
	    ST_BAD_INPUT);
	assert_int_equal(quote_for(AMOUNT_MAX_CENTS + 1, "2026-04-15", true,
	    &cents, &err), ST_BAD_INPUT);
	assert_int_equal(quote_for(INT64_MAX, "2026-04-15", true, &cents,
	    &err), ST_BAD_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_hand),
		cmocka_unit_test(every_day_of_every_month),
		cmocka_unit_test(whole_or_not),
		cmocka_unit_test(less_than_stripe_takes),
		cmocka_unit_test(no_such_day_and_no_such_fee),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
