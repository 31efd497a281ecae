/* Amounts in and out, and the currencies that a club may bill in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/money.h"

static void
parses_amounts(void **state)
{
	static const struct {
		const char *text;
		int64_t cents;
	} table[] = {
		{ "0", 0 }, { "150", 15000 }, { "150.5", 15050 },
		{ "150.00", 15000 }, { "0.01", 1 }, { "1.1", 110 },
		{ "007", 700 }, { "999999.99", AMOUNT_MAX_CENTS },
		{ "0000000000000000000000001.29", 129 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		int64_t cents = -1;
		struct err err;

		assert_int_equal(money_parse(table[i].text, &cents, &err),
		    ST_OK);
		assert_int_equal(cents, table[i].cents);
	}
}

static void
refuses_what_is_no_amount(void **state)
{
	static const char *const table[] = {
		"", ".", ".5", "5.", "1.234", "1,50", "-1", "+1", " 1", "1 ",
		"1e3", "0x10", "1.5.0", "1.-5", "1. 5", "$1", "1000000",
		"1000000.00", "99999999999999999999999999", "abc", "1.a",
		"18446744073709551617.00", "184467440737095517",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		int64_t cents = -1;
		struct err err;

		assert_int_equal(money_parse(table[i], &cents, &err),
		    ST_BAD_INPUT);
		assert_int_equal(cents, -1);
	}
}

static void
writes_amounts(void **state)
{
	static const struct {
		int64_t cents;
		const char *currency;
		const char *text;
		const char *plain;
	} table[] = {
		{ 15000, "usd", "$150.00", "150.00" },
		{ 5, "eur", "\xe2\x82\xac" "0.05", "0.05" },
		{ 99, "gbp", "\xc2\xa3" "0.99", "0.99" },
		{ 100, "cad", "CAD 1.00", "1.00" },
		{ -1250, "usd", "-$12.50", "-12.50" },
		{ 99999, "usd", "$999.99", "999.99" },
		{ 100000, "eur", "\xe2\x82\xac" "1,000.00", "1000.00" },
		{ -1234567, "usd", "-$12,345.67", "-12345.67" },
		{ INT64_MAX, "usd", "$92,233,720,368,547,758.07",
			"92233720368547758.07" },
		{ INT64_MIN, "nok", "-NOK 92,233,720,368,547,758.08",
			"-92233720368547758.08" },
	};
	char storage[64];
	struct buf b = BUF_FIXED(storage);

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		buf_reset(&b);
		money_put(&b, table[i].cents, table[i].currency);
		assert_string_equal(buf_str(&b), table[i].text);
		buf_reset(&b);
		money_put_plain(&b, table[i].cents);
		assert_string_equal(buf_str(&b), table[i].plain);
	}
}

static void
takes_only_two_decimals(void **state)
{
	static const char *const good[] = {
		"usd", "eur", "gbp", "cad", "huf", "twd", "mxn", "zar",
	};
	static const char *const bad[] = {
		"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg",
		"rwf", "vnd", "vuv", "xaf", "xof", "xpf", "bhd", "jod", "kwd",
		"omr", "tnd", "isk", "ugx",
		"", "us", "usdx", "USD", "Usd", "u$d", "us ", "12a",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(money_currency_ok(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(money_currency_ok(bad[i]));
}

static void
knows_the_least_charge(void **state)
{
	static const struct {
		const char *currency;
		int64_t cents;
	} table[] = {
		{ "usd", 50 }, { "aed", 200 }, { "gbp", 30 }, { "czk", 1500 },
		{ "dkk", 250 }, { "hkd", 400 }, { "huf", 17500 },
		{ "mxn", 1000 }, { "nok", 300 }, { "thb", 1000 },
		{ "twd", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char text[64];
		struct buf words = BUF_FIXED(text);

		assert_true(money_is_chargeable(table[i].cents,
		    table[i].currency, &words));
		assert_int_equal(words.len, 0);
		assert_false(money_is_chargeable(table[i].cents - 1,
		    table[i].currency, &words));
		assert_true(words.len > 0);
	}
	assert_true(money_minimum_is_known("usd"));
	assert_false(money_minimum_is_known("twd"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_amounts),
		cmocka_unit_test(refuses_what_is_no_amount),
		cmocka_unit_test(writes_amounts),
		cmocka_unit_test(takes_only_two_decimals),
		cmocka_unit_test(knows_the_least_charge),
	};

	return cmocka_run_group_tests_name("money", tests, NULL, NULL);
}
