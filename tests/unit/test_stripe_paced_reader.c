/* Reading much from Stripe: the pace that is kept, and what is waited out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "billing/repair/paced_reader.h"
#include "stripe_fixture.h"

enum { PACE_MS = 50, WAIT_MS = 1000 };

static void
twenty_a_second(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .body = "{\"data\":[]}" }, { .body = "{\"data\":[]}" },
		{ .body = "{\"data\":[]}" }, { .body = "{\"data\":[]}" },
		{ .body = "{\"data\":[]}" },
	};
	struct fixture f;
	int64_t start_ms;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	struct paced_reader reader = { .stripe = f.stripe };
	start_ms = clock_monotonic_ms();
	for (int i = 0; i < 5; i++) {
		struct json_doc page;

		assert_int_equal(i % 2 == 0 ? paced_reader_refunds(&reader,
		    "pi_1", &page, &f.err) : paced_reader_disputes(&reader,
		    "pi_1", &page, &f.err), ST_OK);
		json_clear(&page);
	}
	assert_true(clock_monotonic_ms() - start_ms >= 4 * PACE_MS);
	fixture_close(&f);
}

static void
limit_is_waited_out(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .status = 429, .body = "{}" },
		{ .body = "{\"data\":[]}" },
	};
	struct json_doc page;
	struct fixture f;
	int64_t start_ms;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	struct paced_reader reader = { .stripe = f.stripe };
	start_ms = clock_monotonic_ms();
	assert_int_equal(paced_reader_refunds(&reader, "pi_1", &page, &f.err),
	    ST_OK);
	assert_true(clock_monotonic_ms() - start_ms >= WAIT_MS);
	json_clear(&page);
	fixture_close(&f);
}

/* What will not get better by waiting is told at once. */
static void
refusal_is_final(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .status = 404, .body = "{}" },
		{ .status = 403, .body = "{}" },
	};
	struct stripe_session session;
	struct json_doc page;
	struct fixture f;
	int64_t start_ms;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	struct paced_reader reader = { .stripe = f.stripe };
	start_ms = clock_monotonic_ms();
	assert_int_equal(paced_reader_session(&reader, "cs_1", &session,
	    &f.err), ST_NOT_FOUND);
	stripe_session_clear(&session);
	assert_int_equal(paced_reader_refunds(&reader, "pi_1", &page, &f.err),
	    ST_UPSTREAM);
	assert_false(json_exists(json_root(&page)));
	assert_true(clock_monotonic_ms() - start_ms < WAIT_MS);
	fixture_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(twenty_a_second),
		cmocka_unit_test(limit_is_waited_out),
		cmocka_unit_test(refusal_is_final),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
