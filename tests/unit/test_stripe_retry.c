/* Which failures the client tries again, how often and until when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "stripe_fixture.h"

static void
retries_keep_their_key(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .status = 500 }, { .status = 503, .body = "<html>" }, { 0 },
	};
	int64_t start_ms = clock_monotonic_ms();
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(fixture_post(&f, 10000), ST_OK);
	assert_true(clock_monotonic_ms() - start_ms >= 1000);
	assert_int_equal(scripted_requests(f.server), 3);
	for (int i = 0; i < 3; i++) {
		fixture_assert_header(&f, i, "Idempotency-Key", "key-1");
		fixture_assert_says(scripted_request(f.server, i),
		    "\r\n\r\na=1");
	}
	fixture_assert_says(fixture_log(&f), "info stripe_retry");
	fixture_assert_says(f.log, "POST /v1/things");
	assert_null(strstr(f.log, "stripe_failed"));
	assert_null(strstr(f.log, "a=1"));
	fixture_close(&f);
}

static void
two_retries_and_no_more(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .status = 500 }, { .status = 500 },
		{ .status = 502, .headers = "Request-Id: req_last\r\n" },
	};
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(fixture_get(&f, 10000), ST_UPSTREAM_BUSY);
	assert_int_equal(scripted_requests(f.server), 3);
	assert_int_equal(f.reply.http, 502);
	assert_string_equal(f.err.msg, "Stripe answered 502 to "
	    "GET /v1/things, request req_last");
	fixture_assert_says(fixture_log(&f), "warn stripe_failed");
	assert_null(strstr(f.log, "limit=1"));
	fixture_close(&f);
}

static void
stripe_should_retry(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .status = 429, .headers = "Stripe-Should-Retry: true\r\n" },
		{ .status = 500, .headers = "stripe-should-retry: false\r\n" },
		{ .status = 429 },
	};
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(fixture_post(&f, 10000), ST_UPSTREAM_BUSY);
	assert_int_equal(f.reply.http, 500);
	assert_int_equal(scripted_requests(f.server), 2);
	assert_int_equal(fixture_post(&f, 10000), ST_UPSTREAM_BUSY);
	assert_int_equal(f.reply.http, 429);
	assert_int_equal(scripted_requests(f.server), 3);
	fixture_close(&f);
}

static void
key_in_use_is_waited_for(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .status = 409 }, { .status = 409 }, { .status = 409 },
		{ .headers = "Idempotent-Replayed: true\r\n" },
	};
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(fixture_post(&f, 10000), ST_OK);
	assert_int_equal(scripted_requests(f.server), 4);
	assert_true(f.reply.replayed);
	fixture_assert_header(&f, 3, "Idempotency-Key", "key-1");
	fixture_close(&f);
}

static void
key_in_use_until_the_deadline(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .status = 409 }, { .status = 409 }, { .status = 409 },
		{ .status = 409 },
	};
	int64_t start_ms = clock_monotonic_ms();
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(fixture_post(&f, 1600), ST_UPSTREAM_BUSY);
	assert_true(clock_monotonic_ms() - start_ms <= 1700);
	assert_int_equal(f.reply.http, 409);
	assert_in_range(scripted_requests(f.server), 2, 3);
	fixture_close(&f);
}

static void
dropped_connections(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .how = SCRIPT_DROP_BEFORE }, { .how = SCRIPT_DROP_AFTER },
		{ 0 },
	};
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(fixture_post(&f, 10000), ST_OK);
	assert_int_equal(scripted_requests(f.server), 2);
	fixture_assert_header(&f, 0, "Idempotency-Key", "key-1");
	fixture_assert_header(&f, 1, "Idempotency-Key", "key-1");
	fixture_close(&f);
}

/* Half an answer is none, even where its half says 200 or 400. */
static void
truncated_answers(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .how = SCRIPT_TRUNCATE, .body = "{\"id\":\"x\"}" },
		{ .how = SCRIPT_TRUNCATE, .status = 400 },
		{ .how = SCRIPT_TRUNCATE, .headers = "Request-Id: r\r\n" },
	};
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(fixture_post(&f, 10000), ST_UPSTREAM_BUSY);
	assert_int_equal(scripted_requests(f.server), 3);
	assert_int_equal(f.reply.http, 0);
	assert_string_equal(f.reply.request_id, "");
	assert_false(json_exists(json_root(&f.object)));
	fixture_assert_says(f.err.msg,
	    "Stripe gave no answer to POST /v1/things");
	fixture_close(&f);
}

static void
slow_answers_end_at_the_deadline(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .delay_ms = 1500 },
	};
	struct fixture f;
	int64_t start_ms;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	start_ms = clock_monotonic_ms();
	assert_int_equal(fixture_post(&f, 400), ST_UPSTREAM_BUSY);
	assert_in_range(clock_monotonic_ms() - start_ms, 380, 800);
	assert_int_equal(f.reply.http, 0);
	assert_int_equal(scripted_requests(f.server), 1);
	assert_int_equal(fixture_post(&f, -1), ST_UPSTREAM_BUSY);
	assert_string_equal(f.err.msg, "no time is left for POST /v1/things");
	assert_int_equal(scripted_requests(f.server), 1);
	fixture_close(&f);
}

static void
retry_after_is_heeded(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .status = 503, .headers = "Retry-After: 1\r\n" },
		{ .status = 503, .headers = "Retry-After: 60\r\n" },
	};
	int64_t start_ms = clock_monotonic_ms();
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(fixture_get(&f, 10000), ST_UPSTREAM_BUSY);
	assert_in_range(clock_monotonic_ms() - start_ms, 1000, 1900);
	assert_int_equal(scripted_requests(f.server), 2);
	fixture_close(&f);
}

static void
nobody_listens(void **state)
{
	static const struct scripted_line SCRIPT[] = { { 0 } };
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	scripted_stop(f.server);
	f.server = NULL;
	assert_int_equal(fixture_post(&f, 5000), ST_UPSTREAM_BUSY);
	assert_int_equal(f.reply.http, 0);
	fixture_assert_says(fixture_log(&f), "tries=3");
	fixture_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(retries_keep_their_key),
		cmocka_unit_test(two_retries_and_no_more),
		cmocka_unit_test(stripe_should_retry),
		cmocka_unit_test(key_in_use_is_waited_for),
		cmocka_unit_test(key_in_use_until_the_deadline),
		cmocka_unit_test(dropped_connections),
		cmocka_unit_test(truncated_answers),
		cmocka_unit_test(slow_answers_end_at_the_deadline),
		cmocka_unit_test(retry_after_is_heeded),
		cmocka_unit_test(nobody_listens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
