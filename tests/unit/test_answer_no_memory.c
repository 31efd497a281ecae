/*
 * A request on a machine that runs out of memory at its first allocation, its
 * second, ... (one that fails, or all from there on): there is one answer, it
 * is whole, and nothing leaks (which a run under AddressSanitizer shows).  The
 * linker puts the wrappers in the place of the calls; unit.mk lists them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service_program.h"
#include "web/gateway.h"

enum { ANSWER_MAX = 8192, CALLS_MAX = 200 };

/* The names are the linker's. */
void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);

/* Calls until one fails; below zero: none does. */
static int calls_left = -1;
static bool all_fail_then;

static bool
fails_now(void)
{
	if (calls_left < 0)
		return false;
	if (calls_left > 0) {
		calls_left--;
		return false;
	}
	if (!all_fail_then)
		calls_left = -1;
	return true;
}

void *
__wrap_realloc(void *old, size_t size)
{
	return fails_now() ? NULL : __real_realloc(old, size);
}

/* What was written, and how often. */
struct sink {
	char text[ANSWER_MAX];
	size_t len;
	int count;
};

static size_t
body_give(void *handle, char *bytes, size_t len)
{
	(void)handle;
	memset(bytes, 'b', len);
	return len;
}

static bool
sink_write(void *handle, const char *head, size_t head_len, const char *body,
    size_t body_len)
{
	struct sink *sink = handle;

	assert_true(head_len + body_len < sizeof(sink->text));
	memcpy(sink->text, head, head_len);
	if (body_len > 0)
		memcpy(sink->text + head_len, body, body_len);
	sink->len = head_len + body_len;
	sink->text[sink->len] = '\0';
	sink->count++;
	return true;
}

static void
answer_check(const struct sink *sink)
{
	const char *length = strstr(sink->text, "Content-Length: ");
	const char *body = strstr(sink->text, "\r\n\r\n");

	assert_int_equal(sink->count, 1);
	assert_non_null(strstr(sink->text, "Status: "));
	assert_non_null(length);
	assert_non_null(body);
	assert_int_equal(strtol(length + strlen("Content-Length: "), NULL, 10),
	    strlen(body + 4));
}

/* Answers until no call fails any more; the last answer is the wanted one. */
static void
answer_all(char *const *environment, bool all_fail, const char *wanted)
{
	const struct service service = { .routes = program_routes };
	int calls = 0;
	bool failed = true;

	for (; failed && calls < CALLS_MAX; calls++) {
		struct sink sink = { .count = 0 };
		const struct gateway gateway = {
			.handle = &sink,
			.environment = environment,
			.read = body_give,
			.write = sink_write,
			.names_request = true,
		};

		calls_left = calls;
		all_fail_then = all_fail;
		(void)gateway_answer(&service, &gateway);
		failed = all_fail ? calls_left == 0 : calls_left < 0;
		calls_left = -1;
		answer_check(&sink);
		assert_true(failed || strstr(sink.text, wanted) != NULL);
	}
	assert_true(calls > 3 && calls < CALLS_MAX);
}

static void
every_request_is_answered(void **state)
{
	char post[] = "REQUEST_METHOD=POST";
	char get[] = "REQUEST_METHOD=GET";
	char echo[] = "SCRIPT_NAME=/echo";
	char nowhere[] = "SCRIPT_NAME=/nowhere";
	char len[] = "CONTENT_LENGTH=5000";
	char html[] = "HTTP_ACCEPT=text/html";
	char *echoed[] = { post, echo, len, NULL };
	char *refused[] = { get, echo, NULL };
	char *missing[] = { get, nowhere, html, NULL };

	(void)state;
	for (int all_fail = 0; all_fail < 2; all_fail++) {
		answer_all(echoed, all_fail, "Status: 200 ");
		answer_all(refused, all_fail, "Status: 405 ");
		answer_all(missing, all_fail, "Status: 404 ");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_request_is_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
