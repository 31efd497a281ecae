/* A client of lib/stripe before a scripted server, and its log. */
#ifndef TESTS_UNIT_STRIPE_FIXTURE_H
#define TESTS_UNIT_STRIPE_FIXTURE_H

#include <stdint.h>

#include "scripted_server.h"
#include "stripe/client.h"

#define FIXTURE_KEY "sk_test_fixture_0123456789abcdef"

struct fixture {
	struct config config;
	struct scripted_server *server;
	struct stripe *stripe;
	struct json_doc object;	/* of the last call; cleared by the next */
	struct stripe_reply reply;
	struct err err;
	char log[65536];
	int log_fd;
	int stderr_fd;
};

/* From here on standard error is kept for fixture_log. */
void fixture_open(struct fixture *fixture, const struct scripted_line *script,
    size_t count, int handles_max);
void fixture_open_at(struct fixture *fixture, const char *base,
    int handles_max);
void fixture_close(struct fixture *fixture);

/* What was logged since fixture_open. */
const char *fixture_log(struct fixture *fixture);

/* GET /v1/things, POST a=1 to it under the key "key-1". */
enum status fixture_get(struct fixture *fixture, int within_ms);
enum status fixture_post(struct fixture *fixture, int within_ms);

int64_t fixture_deadline(int within_ms);

/* value "": the nth request has no such header. */
void fixture_assert_header(struct fixture *fixture, int nth, const char *name,
    const char *value);
void fixture_assert_says(const char *text, const char *part);

#define FIXTURE_OPEN(fixture, script) \
	fixture_open((fixture), (script), \
	    sizeof(script) / sizeof((script)[0]), 4)

#endif
