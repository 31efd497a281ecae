#include "stripe_fixture.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"

static void
set(struct fixture *fixture, enum setting setting, const char *value)
{
	assert_int_equal(secret_set(&fixture->config.value[setting], value,
	    strlen(value), &fixture->err), ST_OK);
}

static void
keep_stderr(struct fixture *fixture)
{
	char path[] = "/tmp/teamdues-test-XXXXXX";

	fixture->log_fd = mkstemp(path);
	assert_true(fixture->log_fd >= 0);
	unlink(path);
	fflush(stderr);
	fixture->stderr_fd = dup(STDERR_FILENO);
	dup2(fixture->log_fd, STDERR_FILENO);
}

void
fixture_open_at(struct fixture *fixture, const char *base, int handles_max)
{
	/* The program's business; libcurl is told to leave signals alone. */
	signal(SIGPIPE, SIG_IGN);
	set(fixture, SETTING_STRIPE_SECRET_KEY, FIXTURE_KEY);
	set(fixture, SETTING_STRIPE_API_BASE, base);
	keep_stderr(fixture);
	assert_int_equal(stripe_open(&fixture->config, handles_max,
	    &fixture->stripe, &fixture->err), ST_OK);
}

void
fixture_open(struct fixture *fixture, const struct scripted_line *script,
    size_t count, int handles_max)
{
	char base[64];

	memset(fixture, 0, sizeof(*fixture));
	fixture->server = scripted_start(script, count, NULL);
	snprintf(base, sizeof(base), "http://127.0.0.1:%d/",
	    scripted_port(fixture->server));
	fixture_open_at(fixture, base, handles_max);
}

const char *
fixture_log(struct fixture *fixture)
{
	ssize_t len;

	fflush(stderr);
	len = pread(fixture->log_fd, fixture->log, sizeof(fixture->log) - 1,
	    0);
	assert_true(len >= 0);
	fixture->log[len] = '\0';
	return fixture->log;
}

/* Whatever a test did: the key is in no log and in no error's text. */
void
fixture_close(struct fixture *fixture)
{
	json_clear(&fixture->object);
	stripe_close(fixture->stripe);
	if (fixture->server != NULL)
		scripted_stop(fixture->server);
	fixture_log(fixture);
	dup2(fixture->stderr_fd, STDERR_FILENO);
	close(fixture->stderr_fd);
	close(fixture->log_fd);
	config_clear(&fixture->config);
	assert_null(strstr(fixture->log, FIXTURE_KEY));
	assert_null(strstr(fixture->err.msg, FIXTURE_KEY));
}

int64_t
fixture_deadline(int within_ms)
{
	return clock_monotonic_ms() + within_ms;
}

enum status
fixture_get(struct fixture *fixture, int within_ms)
{
	json_clear(&fixture->object);
	return stripe_get(fixture->stripe, "/v1/things?limit=1",
	    fixture_deadline(within_ms), &fixture->object, &fixture->reply,
	    &fixture->err);
}

enum status
fixture_post(struct fixture *fixture, int within_ms)
{
	const struct stripe_post post = {
		.path = "/v1/things",
		.form = "a=1",
		.idempotency_key = "key-1",
		.deadline_ms = fixture_deadline(within_ms),
	};

	json_clear(&fixture->object);
	return stripe_post(fixture->stripe, &post, &fixture->object,
	    &fixture->reply, &fixture->err);
}

void
fixture_assert_header(struct fixture *fixture, int nth, const char *name,
    const char *value)
{
	char text[1024];

	scripted_header(fixture->server, nth, name, text, sizeof(text));
	assert_string_equal(text, value);
}

void
fixture_assert_says(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", text, part);
}
