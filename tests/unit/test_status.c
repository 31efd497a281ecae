/* The table of what each status means outside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/status.h"

/* The names and codes are an interface: each is written down here again. */
static void
each_status_has_its_name_and_codes(void **state)
{
	static const struct {
		const char *name;
		int http;
		bool retried;
	} wanted[ST_MAX] = {
		[ST_OK] = { "ok", 200, false },
		[ST_BAD_INPUT] = { "bad_input", 400, false },
		[ST_UNAUTHENTICATED] = { "unauthenticated", 401, false },
		[ST_DENIED] = { "denied", 403, false },
		[ST_EXPIRED] = { "denied", 403, false },
		[ST_FOREIGN] = { "foreign", 403, false },
		[ST_NOT_FOUND] = { "not_found", 404, false },
		[ST_METHOD] = { "method_not_allowed", 405, false },
		[ST_CONFLICT] = { "conflict", 409, false },
		[ST_GONE] = { "gone", 410, false },
		[ST_TOO_LARGE] = { "too_large", 413, false },
		[ST_DUPLICATE] = { "duplicate", 409, false },
		[ST_PREFETCH] = { "prefetch", 503, false },
		[ST_UPSTREAM] = { "upstream", 502, false },
		[ST_UPSTREAM_BUSY] = { "upstream_busy", 503, true },
		[ST_DB] = { "database", 503, true },
		[ST_DB_BUSY] = { "database_busy", 503, true },
		[ST_NOMEM] = { "no_memory", 503, true },
		[ST_CONFIG] = { "config", 500, false },
		[ST_BUG] = { "bug", 500, false },
	};

	(void)state;
	for (int i = 0; i < ST_MAX; i++) {
		const struct status_info *info = status_info((enum status)i);

		assert_string_equal(info->name, wanted[i].name);
		assert_int_equal(info->http, wanted[i].http);
		assert_int_equal(info->retry_after_s > 0, wanted[i].retried);
		assert_true(strlen(info->title) > 0);
	}
}

static void
unknown_values_are_bugs(void **state)
{
	const struct status_info *bug = status_info(ST_BUG);

	(void)state;
	assert_ptr_equal(status_info(ST_MAX), bug);
	assert_ptr_equal(status_info((enum status)(-1)), bug);
	assert_ptr_equal(status_info((enum status)9999), bug);
}

static void
err_set_formats_and_returns(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(err_set(&err, ST_DB, "%s %d", "lost", 7), ST_DB);
	assert_int_equal(err.st, ST_DB);
	assert_string_equal(err.msg, "lost 7");
}

static void
err_set_cuts_what_is_too_long(void **state)
{
	char text[2 * ERR_MSG_MAX];
	struct err err;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(err_set(&err, ST_BUG, "%s", text), ST_BUG);
	assert_int_equal(strlen(err.msg), ERR_MSG_MAX - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_status_has_its_name_and_codes),
		cmocka_unit_test(unknown_values_are_bugs),
		cmocka_unit_test(err_set_formats_and_returns),
		cmocka_unit_test(err_set_cuts_what_is_too_long),
	};

	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
