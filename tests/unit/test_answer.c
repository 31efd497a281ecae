/* When a call is tried again, and what the last answer means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stripe/answer.h"

static struct transfer_answer
answered(int http, enum should_retry should_retry)
{
	return (struct transfer_answer){
		.end = TRANSFER_ANSWERED,
		.http = http,
		.should_retry = should_retry,
		.body = BUF_INIT(1024),
	};
}

static bool
is_retried(struct transfer_answer answer, bool is_post, int tries)
{
	return answer_retry_wait_ms(&answer, is_post, tries, 60000) >= 0;
}

static void
status_decides_where_the_header_is_silent(void **state)
{
	static const struct {
		int http;
		bool retried;
	} ROWS[] = {
		{ 200, false }, { 204, false }, { 302, false },
		{ 400, false }, { 401, false }, { 402, false },
		{ 403, false }, { 404, false }, { 409, true },
		{ 424, false }, { 429, false }, { 500, true },
		{ 502, true }, { 503, true }, { 599, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++)
		assert_int_equal(is_retried(answered(ROWS[i].http,
		    SHOULD_RETRY_UNSAID), false, 1), ROWS[i].retried);
}

static void
header_goes_before_the_status(void **state)
{
	(void)state;
	assert_true(is_retried(answered(429, SHOULD_RETRY_YES), true, 1));
	assert_true(is_retried(answered(400, SHOULD_RETRY_YES), true, 1));
	assert_false(is_retried(answered(500, SHOULD_RETRY_NO), true, 1));
	assert_false(is_retried(answered(409, SHOULD_RETRY_NO), true, 1));
	assert_false(is_retried(answered(200, SHOULD_RETRY_YES), true, 1));
}

static void
two_retries_but_for_a_key_in_use(void **state)
{
	(void)state;
	assert_true(is_retried(answered(500, SHOULD_RETRY_UNSAID), true, 2));
	assert_false(is_retried(answered(500, SHOULD_RETRY_UNSAID), true, 3));
	assert_false(is_retried(answered(429, SHOULD_RETRY_YES), true, 3));
	assert_false(is_retried(answered(409, SHOULD_RETRY_UNSAID), false,
	    3));
	assert_true(is_retried(answered(409, SHOULD_RETRY_UNSAID), true, 30));
}

static void
only_what_was_lost_is_sent_again(void **state)
{
	struct transfer_answer answer = { .body = BUF_INIT(1) };

	(void)state;
	answer.end = TRANSFER_LOST;
	assert_true(is_retried(answer, true, 2));
	assert_false(is_retried(answer, true, 3));
	answer.end = TRANSFER_UNTRUSTED;
	assert_false(is_retried(answer, true, 1));
	answer.end = TRANSFER_TOO_LARGE;
	assert_false(is_retried(answer, true, 1));
	answer.end = TRANSFER_NOMEM;
	assert_false(is_retried(answer, true, 1));
	answer.end = TRANSFER_REFUSED;
	assert_false(is_retried(answer, true, 1));
}

static void
expect_wait(int tries, int64_t least_ms, int64_t most_ms)
{
	struct transfer_answer answer = answered(409, SHOULD_RETRY_UNSAID);
	int64_t shortest = INT64_MAX;
	int64_t longest = -1;

	for (int i = 0; i < 2000; i++) {
		int64_t wait_ms = answer_retry_wait_ms(&answer, true, tries,
		    60000);

		if (wait_ms < shortest)
			shortest = wait_ms;
		if (wait_ms > longest)
			longest = wait_ms;
	}
	assert_in_range((uintmax_t)shortest, (uintmax_t)least_ms,
	    (uintmax_t)(least_ms + (most_ms - least_ms) / 10));
	assert_in_range((uintmax_t)longest,
	    (uintmax_t)(most_ms - (most_ms - least_ms) / 10),
	    (uintmax_t)most_ms);
}

static void
waits_double_with_jitter_to_a_cap(void **state)
{
	(void)state;
	expect_wait(1, 500, 500);
	expect_wait(2, 500, 1000);
	expect_wait(3, 1000, 2000);
	expect_wait(4, 2000, 4000);
	expect_wait(5, 2500, 5000);
	expect_wait(1000, 2500, 5000);
}

static int64_t
wait_within(int64_t left_ms, int64_t retry_after_s)
{
	struct transfer_answer answer = answered(503, SHOULD_RETRY_UNSAID);

	answer.retry_after_s = retry_after_s;
	return answer_retry_wait_ms(&answer, true, 1, left_ms);
}

static void
waits_end_before_the_deadline(void **state)
{
	struct transfer_answer late = answered(409, SHOULD_RETRY_UNSAID);

	(void)state;
	assert_true(wait_within(1000, 0) == 500);
	assert_true(wait_within(999, 0) == -1);
	assert_true(wait_within(-5, 0) == -1);
	assert_true(wait_within(60000, 7) == 7000);
	assert_true(wait_within(7500, 7) == 7000);
	assert_true(wait_within(7499, 7) == -1);
	/* A long wait is cut so that a last try still fits. */
	assert_true(answer_retry_wait_ms(&late, true, 9, 1700) == 1200);
}

static enum status
judge(int http, const char *body, struct stripe_reply *reply,
    struct err *err)
{
	struct transfer_answer answer = answered(http, SHOULD_RETRY_UNSAID);
	struct json_doc object = { .text = NULL };
	enum status st;

	*reply = (struct stripe_reply){ 0 };
	buf_puts(&answer.body, body);
	memcpy(answer.request_id, "req_1", 6);
	st = answer_judge(&answer, "POST /v1/things", &object, reply, err);
	assert_int_equal(json_exists(json_root(&object)), st == ST_OK);
	json_clear(&object);
	buf_clear(&answer.body);
	return st;
}

static void
statuses_of_answers(void **state)
{
	static const struct {
		int http;
		const char *body;
		enum status st;
	} ROWS[] = {
		{ 200, "{}", ST_OK }, { 201, "{\"id\":\"x\"}", ST_OK },
		{ 200, "", ST_UPSTREAM }, { 200, "<html>", ST_UPSTREAM },
		{ 200, "[]", ST_UPSTREAM }, { 200, "{", ST_UPSTREAM },
		{ 302, "", ST_UPSTREAM }, { 400, "{}", ST_UPSTREAM },
		{ 401, "{}", ST_UPSTREAM }, { 402, "{}", ST_UPSTREAM },
		{ 403, "{}", ST_UPSTREAM }, { 404, "{}", ST_UPSTREAM },
		{ 409, "{}", ST_UPSTREAM_BUSY },
		{ 429, "{}", ST_UPSTREAM_BUSY },
		{ 400, "{\"error\":{\"code\":\"rate_limit\"}}",
		    ST_UPSTREAM_BUSY },
		{ 500, "<html>", ST_UPSTREAM_BUSY },
		{ 503, "", ST_UPSTREAM_BUSY },
	};
	struct stripe_reply reply;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
		assert_int_equal(judge(ROWS[i].http, ROWS[i].body, &reply,
		    &err), ROWS[i].st);
		assert_int_equal(reply.http, ROWS[i].http);
		assert_string_equal(reply.request_id, "req_1");
	}
}

static void
errors_in_words(void **state)
{
	struct stripe_reply reply;
	struct err err;

	(void)state;
	assert_int_equal(judge(400, "{\"error\":{\"type\":"
	    "\"invalid_request_error\",\"code\":\"parameter_missing\","
	    "\"param\":\"line_items\",\"message\":\"secret\"}}", &reply, &err),
	    ST_UPSTREAM);
	assert_string_equal(reply.type, "invalid_request_error");
	assert_string_equal(reply.code, "parameter_missing");
	assert_string_equal(reply.param, "line_items");
	assert_string_equal(err.msg, "Stripe answered 400 parameter_missing "
	    "(line_items) to POST /v1/things, request req_1");

	assert_int_equal(judge(401, "{\"error\":{\"type\":"
	    "\"invalid_request_error\",\"code\":null}}", &reply, &err),
	    ST_UPSTREAM);
	assert_string_equal(err.msg, "Stripe answered 401 "
	    "invalid_request_error to POST /v1/things, request req_1");

	assert_int_equal(judge(400, "{\"error\":\"no\"}", &reply, &err),
	    ST_UPSTREAM);
	assert_string_equal(reply.type, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_decides_where_the_header_is_silent),
		cmocka_unit_test(header_goes_before_the_status),
		cmocka_unit_test(two_retries_but_for_a_key_in_use),
		cmocka_unit_test(only_what_was_lost_is_sent_again),
		cmocka_unit_test(waits_double_with_jitter_to_a_cap),
		cmocka_unit_test(waits_end_before_the_deadline),
		cmocka_unit_test(statuses_of_answers),
		cmocka_unit_test(errors_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
