/* What is remembered of locked payments, and for how long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/held.h"

enum { NOW_MS = 1000 };

static void
each_is_remembered_for_a_while(void **state)
{
	struct held held = HELD_NONE;
	uint64_t one = held_key("pi_1", "cs_1");
	uint64_t other = held_key("", "pi_2");

	(void)state;
	assert_true(one != other);
	assert_false(held_has(&held, one, NOW_MS));
	held_put(&held, one, NOW_MS);
	assert_true(held_has(&held, one, NOW_MS));
	assert_true(held_has(&held, one, NOW_MS + HELD_MS - 1));
	assert_false(held_has(&held, one, NOW_MS + HELD_MS));
	assert_false(held_has(&held, other, NOW_MS));
	/* Said again, it is remembered anew. */
	held_put(&held, one, NOW_MS + HELD_MS);
	assert_true(held_has(&held, one, NOW_MS + HELD_MS));
}

static void
only_the_last_few_are_remembered(void **state)
{
	struct held held = HELD_NONE;

	(void)state;
	for (uint64_t key = 1; key <= HELD_MAX + 1; key++)
		held_put(&held, key, NOW_MS);
	assert_false(held_has(&held, 1, NOW_MS));
	for (uint64_t key = 2; key <= HELD_MAX + 1; key++)
		assert_true(held_has(&held, key, NOW_MS));
}

static void
nothing_is_known_of_no_payment(void **state)
{
	struct held held = HELD_NONE;

	(void)state;
	held_put(&held, held_key(NULL, NULL), NOW_MS);
	assert_false(held_has(&held, held_key(NULL, NULL), NOW_MS));
	assert_int_equal(held.next, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_remembered_for_a_while),
		cmocka_unit_test(only_the_last_few_are_remembered),
		cmocka_unit_test(nothing_is_known_of_no_payment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
