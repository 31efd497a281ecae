/* The client before a server that answers by a script. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/version.h"
#include "stripe/transfer.h"
#include "stripe_fixture.h"

static void
request_as_stripe_wants_it(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .body = "{\"id\":\"x_1\"}", .headers = "Request-Id: req_9"
		    "\r\nIdempotent-Replayed: true\r\n" },
		{ .body = "{\"id\":\"x_2\"}" },
	};
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(fixture_post(&f, 5000), ST_OK);
	assert_true(json_text_is(json_root(&f.object), "id", "x_1"));
	assert_int_equal(f.reply.http, 200);
	assert_true(f.reply.replayed);
	assert_string_equal(f.reply.request_id, "req_9");
	assert_memory_equal(scripted_request(f.server, 0),
	    "POST /v1/things HTTP/1.1\r\n", 26);
	fixture_assert_header(&f, 0, "Authorization", "Bearer " FIXTURE_KEY);
	fixture_assert_header(&f, 0, "Stripe-Version", "2026-07-29.dahlia");
	fixture_assert_header(&f, 0, "Idempotency-Key", "key-1");
	fixture_assert_header(&f, 0, "Content-Type",
	    "application/x-www-form-urlencoded");
	fixture_assert_header(&f, 0, "User-Agent",
	    "teamdues/" TEAMDUES_VERSION);
	fixture_assert_says(scripted_request(f.server, 0), "\r\n\r\na=1");

	/* Nothing of a call is left in the handle for the next. */
	assert_int_equal(fixture_get(&f, 5000), ST_OK);
	assert_false(f.reply.replayed);
	assert_string_equal(f.reply.request_id, "");
	assert_memory_equal(scripted_request(f.server, 1),
	    "GET /v1/things?limit=1 HTTP/1.1\r\n", 33);
	fixture_assert_header(&f, 1, "Authorization", "Bearer " FIXTURE_KEY);
	fixture_assert_header(&f, 1, "Idempotency-Key", "");
	fixture_assert_header(&f, 1, "Content-Length", "");
	assert_string_equal(fixture_log(&f), "");
	fixture_close(&f);
}

static void
connection_is_kept(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ 0 }, { .status = 404 }, { 0 }, { .status = 400 }, { 0 },
	};
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(fixture_get(&f, 5000), ST_OK);
	assert_int_equal(fixture_get(&f, 5000), ST_UPSTREAM);
	assert_int_equal(f.reply.http, 404);
	assert_int_equal(fixture_post(&f, 5000), ST_OK);
	assert_int_equal(fixture_post(&f, 5000), ST_UPSTREAM);
	assert_int_equal(fixture_get(&f, 5000), ST_OK);
	assert_int_equal(scripted_requests(f.server), 5);
	assert_int_equal(scripted_connections(f.server), 1);
	fixture_close(&f);
}

static void
size_of_answers_is_capped(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .padded_to = TRANSFER_ANSWER_MAX },
		{ .padded_to = TRANSFER_ANSWER_MAX + 1 },
		{ 0 },
	};
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(fixture_get(&f, 10000), ST_OK);
	assert_int_equal(fixture_get(&f, 10000), ST_UPSTREAM);
	assert_string_equal(f.err.msg,
	    "Stripe's answer to GET /v1/things is too large");
	assert_false(json_exists(json_root(&f.object)));
	assert_int_equal(scripted_requests(f.server), 2);
	assert_int_equal(fixture_get(&f, 10000), ST_OK);
	fixture_close(&f);
}

static void
nonsense_is_not_asked_for_again(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .body = "<html>a proxy speaks</html>" },
		{ .body = "[]" },
		{ .status = 302, .headers = "Location: /elsewhere\r\n" },
	};
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	for (int i = 1; i <= 3; i++) {
		assert_int_equal(fixture_post(&f, 5000), ST_UPSTREAM);
		assert_int_equal(scripted_requests(f.server), i);
		assert_false(json_exists(json_root(&f.object)));
	}
	assert_int_equal(f.reply.http, 302);
	fixture_close(&f);
}

static void
refused_keys_call_a_person(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .status = 401, .body = "{\"error\":{\"type\":"
		    "\"invalid_request_error\",\"message\":\"Invalid API Key "
		    "provided: " FIXTURE_KEY "\"}}" },
		{ .status = 403 },
		{ .status = 404 },
	};
	struct fixture f;
	const char *second;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(fixture_get(&f, 5000), ST_UPSTREAM);
	fixture_assert_says(fixture_log(&f), "error stripe_failed");
	assert_int_equal(fixture_get(&f, 5000), ST_UPSTREAM);
	second = strstr(fixture_log(&f), "error stripe_failed");
	assert_non_null(second);
	fixture_assert_says(second + 1, "error stripe_failed");
	assert_int_equal(fixture_get(&f, 5000), ST_UPSTREAM);
	fixture_assert_says(fixture_log(&f), "warn stripe_failed");
	fixture_close(&f);
}

static enum status
post_with_key(struct fixture *f, const char *key)
{
	const struct stripe_post post = {
		.path = "/v1/things",
		.form = "",
		.idempotency_key = key,
		.deadline_ms = fixture_deadline(5000),
	};

	json_clear(&f->object);
	return stripe_post(f->stripe, &post, &f->object, &f->reply, &f->err);
}

static void
keys_are_checked(void **state)
{
	static const struct scripted_line SCRIPT[] = { { 0 } };
	char longest[257];
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	memset(longest, 'k', 256);
	longest[256] = '\0';
	assert_int_equal(post_with_key(&f, NULL), ST_BUG);
	assert_int_equal(post_with_key(&f, ""), ST_BUG);
	assert_int_equal(post_with_key(&f, longest), ST_BUG);
	assert_int_not_equal(post_with_key(&f, "a\r\nX-Evil: 1"), ST_OK);
	assert_int_equal(scripted_requests(f.server), 0);
	longest[255] = '\0';
	assert_int_equal(post_with_key(&f, longest), ST_OK);
	fixture_assert_header(&f, 0, "Idempotency-Key", longest);
	fixture_assert_header(&f, 0, "Content-Length", "0");
	fixture_close(&f);
}

struct caller {
	pthread_t thread;
	struct stripe *stripe;
	int within_ms;
	enum status st;
	char msg[ERR_MSG_MAX];
};

static void *
call_once(void *caller_)
{
	struct caller *caller = caller_;
	struct json_doc object;
	struct stripe_reply reply;
	struct err err = { 0 };

	caller->st = stripe_get(caller->stripe, "/v1/things",
	    fixture_deadline(caller->within_ms), &object, &reply, &err);
	memcpy(caller->msg, err.msg, sizeof(caller->msg));
	json_clear(&object);
	return NULL;
}

static void
start(struct caller *caller, struct fixture *f, int within_ms)
{
	caller->stripe = f->stripe;
	caller->within_ms = within_ms;
	assert_int_equal(pthread_create(&caller->thread, NULL, call_once,
	    caller), 0);
}

static void
callers_share_the_handles(void **state)
{
	static const struct scripted_line SCRIPT[20] = {
		{ .delay_ms = 20 }, { .delay_ms = 20 }, { .delay_ms = 20 },
		{ .delay_ms = 20 }, { .delay_ms = 20 }, { .delay_ms = 20 },
	};
	struct caller callers[20];
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	for (size_t i = 0; i < 20; i++)
		start(&callers[i], &f, 5000);
	for (size_t i = 0; i < 20; i++) {
		pthread_join(callers[i].thread, NULL);
		assert_int_equal(callers[i].st, ST_OK);
	}
	assert_int_equal(scripted_requests(f.server), 20);
	assert_in_range(scripted_connections(f.server), 1, 4);
	fixture_close(&f);
}

static void
waiting_for_a_handle_ends_at_the_deadline(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .delay_ms = 800 }, { 0 },
	};
	struct caller holder;
	struct caller hasty;
	struct caller patient;
	struct fixture f;

	(void)state;
	fixture_open(&f, SCRIPT, 2, 1);
	start(&holder, &f, 5000);
	while (scripted_requests(f.server) == 0)
		continue;
	start(&hasty, &f, 100);
	start(&patient, &f, 5000);
	pthread_join(hasty.thread, NULL);
	pthread_join(patient.thread, NULL);
	pthread_join(holder.thread, NULL);
	assert_int_equal(hasty.st, ST_UPSTREAM_BUSY);
	assert_string_equal(hasty.msg,
	    "all 1 calls to Stripe were busy until the deadline");
	assert_int_equal(patient.st, ST_OK);
	assert_int_equal(holder.st, ST_OK);
	assert_int_equal(scripted_connections(f.server), 1);
	fixture_close(&f);
}

/* Another's call may go on while one waits to be tried again. */
static void
handle_is_free_between_tries(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .status = 503, .headers = "Retry-After: 1\r\n" }, { 0 },
		{ 0 },
	};
	struct caller retrying;
	struct fixture f;
	int64_t start_ms;

	(void)state;
	fixture_open(&f, SCRIPT, 3, 1);
	start(&retrying, &f, 5000);
	while (strstr(fixture_log(&f), "stripe_retry") == NULL)
		continue;
	start_ms = clock_monotonic_ms();
	assert_int_equal(fixture_get(&f, 5000), ST_OK);
	assert_in_range(clock_monotonic_ms() - start_ms, 0, 700);
	pthread_join(retrying.thread, NULL);
	assert_int_equal(retrying.st, ST_OK);
	fixture_close(&f);
}

static void
ids_are_told_from_paths(void **state)
{
	char longest[STRIPE_ID_SIZE + 1];

	(void)state;
	assert_true(stripe_id_ok("cs_test_a1B2"));
	assert_false(stripe_id_ok(""));
	assert_false(stripe_id_ok("cs/../x"));
	assert_false(stripe_id_ok("cs?x"));
	assert_false(stripe_id_ok("cs-1"));
	assert_false(stripe_id_ok("cs\xc3\xa9"));
	memset(longest, 'x', STRIPE_ID_SIZE);
	longest[STRIPE_ID_SIZE] = '\0';
	assert_false(stripe_id_ok(longest));
	longest[STRIPE_ID_SIZE - 1] = '\0';
	assert_true(stripe_id_ok(longest));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_as_stripe_wants_it),
		cmocka_unit_test(connection_is_kept),
		cmocka_unit_test(size_of_answers_is_capped),
		cmocka_unit_test(nonsense_is_not_asked_for_again),
		cmocka_unit_test(refused_keys_call_a_person),
		cmocka_unit_test(keys_are_checked),
		cmocka_unit_test(callers_share_the_handles),
		cmocka_unit_test(waiting_for_a_handle_ends_at_the_deadline),
		cmocka_unit_test(handle_is_free_between_tries),
		cmocka_unit_test(ids_are_told_from_paths),
	};

	/* A proxy of the environment would see the key: it is passed by. */
	setenv("http_proxy", "http://127.0.0.1:9", 1);
	setenv("all_proxy", "http://127.0.0.1:9", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
