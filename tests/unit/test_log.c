/*
 * Log lines, seen through a datagram socket in the place of standard error:
 * each write(2) arrives as one message, so that a line in two writes shows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"

struct tap {
	int saved_stderr;
	int read_end;
};

static int
tap_open(void **state)
{
	static struct tap tap;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) != 0)
		return -1;
	tap.read_end = ends[0];
	tap.saved_stderr = dup(STDERR_FILENO);
	if (tap.saved_stderr < 0 || dup2(ends[1], STDERR_FILENO) < 0)
		return -1;
	(void)close(ends[1]);
	*state = &tap;
	log_set_level(LOG_INFO);
	log_set_request(NULL);
	return 0;
}

static int
tap_close(void **state)
{
	const struct tap *tap = *state;

	(void)dup2(tap->saved_stderr, STDERR_FILENO);
	(void)close(tap->saved_stderr);
	return close(tap->read_end);
}

/* The next line, or "" when none was written. */
static const char *
next_line(void **state)
{
	static char line[16384];
	const struct tap *tap = *state;
	ssize_t len = recv(tap->read_end, line, sizeof(line) - 1,
	    MSG_DONTWAIT);

	line[len > 0 ? len : 0] = '\0';
	return line;
}

static void
writes_level_event_and_fields(void **state)
{
	log_event(LOG_INFO, "paid", LOG_NUM("order", -7),
	    LOG_TEXT("intent", "pi_1"), LOG_TEXT("why", "two words"),
	    LOG_TEXT("none", NULL), NULL);
	assert_string_equal(next_line(state),
	    "info paid order=-7 intent=pi_1 why=\"two words\" none=\"\"\n");
	log_event(LOG_ERROR, "bare", NULL, NULL);
	assert_string_equal(next_line(state), "error bare\n");
	assert_string_equal(next_line(state), "");
}

/* Once it does it does for good: the last test of all.  The journal dates the
 * lines itself. */
static void
says_when(void **state)
{
	const char *line;

	setenv("JOURNAL_STREAM", "8:1", 1);
	log_as_service();
	log_event(LOG_WARN, "paid", LOG_NUM("order", 7), NULL);
	assert_string_equal(next_line(state), "<4>warn paid order=7\n");
	unsetenv("JOURNAL_STREAM");
	log_as_service();
	log_event(LOG_INFO, "paid", LOG_NUM("order", 7), NULL);
	line = next_line(state);
	assert_int_equal(strlen(line),
	    strlen("info paid order=7 time=2026-11-24T23:20:21Z\n"));
	assert_memory_equal(line, "info paid order=7 time=2", 24);
	assert_string_equal(strchr(line, 'Z'), "Z\n");
}

static void
drops_lines_below_the_level(void **state)
{
	static const char *const lines[LOG_LEVEL_MAX] = {
		"debug x\n", "info x\n", "warn x\n", "error x\n",
	};

	for (int least = 0; least < LOG_LEVEL_MAX; least++) {
		log_set_level((enum log_level)least);
		for (int level = 0; level < LOG_LEVEL_MAX; level++) {
			log_event((enum log_level)level, "x", NULL, NULL);
			assert_string_equal(next_line(state),
			    level < least ? "" : lines[level]);
		}
	}
}

static void
parses_the_names_of_levels(void **state)
{
	(void)state;
	assert_int_equal(log_level_parse("debug"), LOG_DEBUG);
	assert_int_equal(log_level_parse("info"), LOG_INFO);
	assert_int_equal(log_level_parse("warn"), LOG_WARN);
	assert_int_equal(log_level_parse("error"), LOG_ERROR);
	assert_int_equal(log_level_parse("INFO"), LOG_LEVEL_MAX);
	assert_int_equal(log_level_parse(""), LOG_LEVEL_MAX);
}

static void *
log_elsewhere(void *unused)
{
	(void)unused;
	log_event(LOG_INFO, "elsewhere", NULL, NULL);
	return NULL;
}

static void
carries_the_request_of_its_thread(void **state)
{
	char id[] = "req-1";
	pthread_t thread;

	log_set_request(id);
	id[0] = 'X';
	log_event(LOG_INFO, "here", LOG_NUM("n", 1), NULL);
	assert_string_equal(next_line(state), "info here request=req-1 n=1\n");
	assert_int_equal(pthread_create(&thread, NULL, log_elsewhere, NULL),
	    0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_string_equal(next_line(state), "info elsewhere\n");
	log_set_request(NULL);
	log_event(LOG_INFO, "here", NULL, NULL);
	assert_string_equal(next_line(state), "info here\n");
}

/* A value from outside can neither end the line nor forge a field. */
static void
nothing_from_outside_forges_a_line(void **state)
{
	log_set_request("a\nerror forged=1");
	log_event(LOG_WARN, "odd", LOG_TEXT("name", "x\ninfo paid order=1"),
	    NULL);
	assert_string_equal(next_line(state),
	    "warn odd request=\"a\\nerror forged=1\" "
	    "name=\"x\\ninfo paid order=1\"\n");
	assert_string_equal(next_line(state), "");
}

/* At every length about the limit: one write, one newline, a mark if cut. */
static void
cuts_long_lines(void **state)
{
	static char text[9000];

	for (size_t len = 8100; len < 8300; len++) {
		memset(text, 'x', len);
		text[len] = '\0';
		log_event(LOG_INFO, "long", LOG_TEXT("v", text), NULL);

		const char *line = next_line(state);
		size_t whole = strlen("info long v=") + len + 1;
		size_t got = strlen(line);
		assert_true(got <= 8192);
		assert_ptr_equal(strchr(line, '\n'), line + got - 1);
		if (got != whole)
			assert_string_equal(line + got - 7, " [cut]\n");
		assert_string_equal(next_line(state), "");
	}
}

static void
leaves_errno_alone(void **state)
{
	errno = ENOENT;
	log_event(LOG_INFO, "x", NULL, NULL);
	assert_int_equal(errno, ENOENT);
	assert_string_equal(next_line(state), "info x\n");
	(void)close(STDERR_FILENO);
	log_event(LOG_INFO, "x", NULL, NULL);
	assert_int_equal(errno, ENOENT);
}

#define TAPPED(test) cmocka_unit_test_setup_teardown(test, tap_open, tap_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TAPPED(writes_level_event_and_fields),
		TAPPED(drops_lines_below_the_level),
		TAPPED(parses_the_names_of_levels),
		TAPPED(carries_the_request_of_its_thread),
		TAPPED(nothing_from_outside_forges_a_line),
		TAPPED(cuts_long_lines),
		TAPPED(leaves_errno_alone),
		TAPPED(says_when),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
