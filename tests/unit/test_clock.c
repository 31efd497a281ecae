/* Times as text, and clocks that run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"

static void
writes_rfc_3339(void **state)
{
	static const struct {
		int64_t unix_s;
		const char *text;
	} table[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ 951782399, "2000-02-28T23:59:59Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },
		{ 1795562421, "2026-11-24T23:20:21Z" },
		{ 253402300799, "9999-12-31T23:59:59Z" },
		{ INT64_MAX, "9223372036854775807" },
		{ INT64_MIN, "-9223372036854775808" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char storage[64];
		struct buf b = BUF_FIXED(storage);

		clock_put_utc(&b, table[i].unix_s);
		assert_string_equal(buf_str(&b), table[i].text);
	}
}

static void
clocks_run(void **state)
{
	int64_t before_ms = clock_monotonic_ms();

	(void)state;
	assert_true(clock_now_s() > 1700000000);
	assert_true(clock_now_s() - (int64_t)time(NULL) <= 1);
	clock_sleep_ms(20);
	assert_true(clock_monotonic_ms() - before_ms >= 19);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_rfc_3339),
		cmocka_unit_test(clocks_run),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
