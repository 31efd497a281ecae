/* Secrets: copied whole, terminated, replaced and cleared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/secret.h"

static void
copies_any_bytes(void **state)
{
	char source[] = "key\0with nul";
	struct secret s = { NULL, 0 };
	struct err err;

	(void)state;
	assert_int_equal(secret_set(&s, source, sizeof(source) - 1, &err),
	    ST_OK);
	source[0] = 'X';
	assert_int_equal(s.len, 12);
	assert_memory_equal(secret_bytes(&s), "key\0with nul", 13);
	secret_clear(&s);
	assert_null(secret_bytes(&s));
	assert_int_equal(s.len, 0);
	secret_clear(&s);
}

static void
setting_again_replaces(void **state)
{
	struct secret s = { NULL, 0 };
	struct err err;

	(void)state;
	assert_int_equal(secret_set(&s, "a long first key", 16, &err), ST_OK);
	assert_int_equal(secret_set(&s, "second", 6, &err), ST_OK);
	assert_string_equal(secret_bytes(&s), "second");
	/* From itself: what a rotation might do. */
	assert_int_equal(secret_set(&s, secret_bytes(&s), 3, &err), ST_OK);
	assert_string_equal(secret_bytes(&s), "sec");
	assert_int_equal(secret_set(&s, "", 0, &err), ST_OK);
	assert_null(secret_bytes(&s));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_any_bytes),
		cmocka_unit_test(setting_again_replaces),
	};

	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
