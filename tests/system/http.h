/*
 * Requests as a browser, Stripe or a load balancer makes them: over TLS, with
 * the stack's own authority, never following a redirect.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_HTTP_H
#define TEAMDUES_TESTS_SYSTEM_HTTP_H

#include <stdbool.h>

#include "stack.h"

enum { HTTP_HEADERS_MAX = 8, HTTP_VALUE_SIZE = 4096 };

struct http_request {
	const char *method;	/* NULL: GET */
	const char *target;	/* under SITE_URL, or a whole address */
	const char *from;	/* the client's address; NULL: any */
	const char *headers[HTTP_HEADERS_MAX + 1];	/* NULL ends them */
	const char *body;	/* NULL: none */
	size_t len;
};

struct http_answer {
	long status;		/* 0: none came */
	char *headers;
	char *body;
	size_t header_len;
	size_t body_len;
	int64_t ms;
};

/* The caller clears the answer. */
void http_send(struct stack *stack, const struct http_request *request,
    struct http_answer *answer);
void http_get(struct stack *stack, const char *target,
    struct http_answer *answer);

/* All at once, each over a connection of its own. */
void http_send_all(struct stack *stack, const struct http_request *requests,
    size_t count, struct http_answer *answers);

/* A header's value, "" when it is absent; how often the header occurs. */
int http_header(const struct http_answer *answer, const char *name,
    char value[HTTP_VALUE_SIZE]);

/* Status, and exactly this header; or a part of the body. */
void http_assert_status(const struct http_answer *answer, long status);
void http_assert_header(const struct http_answer *answer, const char *name,
    const char *value);
void http_assert_body_has(const struct http_answer *answer,
    const char *part);

/* What every answer carries: the security headers and the request's id. */
void http_assert_guarded(const struct http_answer *answer);

void http_answer_clear(struct http_answer *answer);

/* One GET whose status is all that matters. */
long http_status_of(struct stack *stack, const char *target);

#endif
