/*
 * The running stack beside which a system test runs: TEAMDUES_RUN_DIR names it
 * (tests/stack/with-stack.sh sets it).  A test is given the stack as its state;
 * a helper that fails ends the test with a message, so that none returns an
 * error.  Tests share a stack and so must not depend on each other: each makes
 * its own rows (club.h).
 */
#ifndef TEAMDUES_TESTS_SYSTEM_STACK_H
#define TEAMDUES_TESTS_SYSTEM_STACK_H

/* cmocka wants these before its own header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <curl/curl.h>
#include <libpq-fe.h>

enum { STACK_SETTINGS_MAX = 40, STACK_PATH_SIZE = 256 };

struct stack_setting {
	char *name;
	char *value;
};

struct stack {
	const char *run_dir;
	const char *build;	/* where the programs were built */
	struct stack_setting settings[STACK_SETTINGS_MAX];
	size_t setting_count;
	CURL *curl;		/* for one request at a time */
	PGconn *owner;		/* as superuser; opened on need */
};

/*
 * cmocka's group fixtures: *state becomes the stack.  Set-up fails loudly when
 * the webhook's secret is not the one that the stand-in signs with.
 */
int stack_setup(void **state);
int stack_teardown(void **state);

/* What the stack's env file says; the test fails when it says nothing. */
const char *stack_setting(const struct stack *stack, const char *name);

/* The first of several, comma-separated; the caller frees it. */
char *stack_first_secret(const struct stack *stack, const char *name);

/* `state/socket/healthz.sock` and so on, under the run's folder. */
void stack_path(const struct stack *stack, const char *name,
    char path[STACK_PATH_SIZE]);

/* A file's whole content, terminated; the caller frees it. */
char *stack_read_file(const char *path);

/* How often the log of a server of the stack holds text. */
int stack_count_logged(const struct stack *stack, const char *server,
    const char *text);

/* prefix and a number that no other call, in no other run, gives. */
enum { UNIQUE_SIZE = 64 };
void unique_name(const char *prefix, char name[UNIQUE_SIZE]);

int64_t now_s(void);
int64_t monotonic_ms(void);

/* Waits a moment; fails the test once the deadline (monotonic_ms) is over. */
void wait_a_moment(int64_t deadline_ms, const char *what);

/* Waits for a condition, which is evaluated again and again. */
#define WAIT_UNTIL(seconds, condition) do { \
	int64_t deadline_ms_ = monotonic_ms() + (seconds) * 1000; \
	while (!(condition)) \
		wait_a_moment(deadline_ms_, #condition); \
} while (0)

/* A test that is run with the stack as its state. */
#define SYSTEM_TEST(function) cmocka_unit_test(function)

#endif
