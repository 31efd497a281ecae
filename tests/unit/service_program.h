/* A program for the tests of lib/web: each route shows one thing. */
#ifndef TEAMDUES_TESTS_SERVICE_PROGRAM_H
#define TEAMDUES_TESTS_SERVICE_PROGRAM_H

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "web/service.h"

enum { BIG_LEN = 2 * 1024 * 1024, ECHO_MAX = 100 * 1000 };

static inline enum status
hello_get(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	(void)context;
	(void)request;
	return response_text(response, 200, "hello", err);
}

/* What the request looks like from inside. */
static inline enum status
show_get(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	struct buf text = BUF_INIT(4096);
	enum status st;

	(void)context;
	buf_putf(&text, "path=%s target=%s query=%s id=%s preview=%d html=%d "
	    "body=%zu", request->path, request->target, request->query,
	    request->id, request->is_preview, request->wants_html,
	    request->body.len);
	st = buf_check(&text, "the text", err);
	if (st == ST_OK)
		st = response_text(response, 200, buf_str(&text), err);
	buf_clear(&text);
	return st;
}

static inline enum status
echo_post(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	(void)context;
	return response_html(response, 200, &request->body, err);
}

/* Sleeps for as many milliseconds as the query says. */
static inline enum status
slow_get(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	long ms = strtol(request->query, NULL, 10);
	const struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	(void)context;
	nanosleep(&pause, NULL);
	return response_text(response, 200, "late", err);
}

/* Makes the file that the query names, and hangs until it is removed. */
static inline enum status
hang_get(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	const struct timespec pause = { 0, 1000000 };
	int fd = open(request->query, O_CREAT | O_WRONLY, 0600);

	(void)context;
	(void)close(fd);
	while (access(request->query, F_OK) == 0)
		(void)nanosleep(&pause, NULL);
	return response_text(response, 200, "released", err);
}

static inline enum status
big_get(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	static const char line[] = "0123456789abcdef0123456789abcdef";
	struct buf html = BUF_INIT(BIG_LEN);
	enum status st;

	(void)context;
	(void)request;
	while (html.len < BIG_LEN)
		buf_puts(&html, line);
	st = response_html(response, 200, &html, err);
	buf_clear(&html);
	return st;
}

/* Fails with the status whose number ends the path, half way. */
static inline enum status
fail_get(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	long st = strtol(request->path + strlen("/fail/"), NULL, 10);
	enum status built = response_text(response, 200, "half", err);

	(void)context;
	if (built != ST_OK)
		return built;
	return err_set(err, (enum status)st, "cause %s", "of it");
}

static inline enum status
silent_get(void *context, const struct request *request,
    struct response *response, struct err *err)
{
	(void)context;
	(void)request;
	(void)response;
	(void)err;
	return ST_OK;
}

static const struct route program_routes[] = {
	{ .path = "/hello", .methods = METHOD_GET, .handle = hello_get },
	{ .path = "/hello", .methods = METHOD_POST, .body_max = 10,
	    .handle = show_get },
	{ .path = "/show", .methods = METHOD_GET, .handle = show_get },
	{ .path = "/echo", .methods = METHOD_POST, .body_max = ECHO_MAX,
	    .handle = echo_post },
	{ .path = "/slow", .methods = METHOD_GET, .handle = slow_get },
	{ .path = "/hang", .methods = METHOD_GET, .handle = hang_get },
	{ .path = "/big", .methods = METHOD_GET, .handle = big_get },
	{ .path = "/fail/", .is_prefix = true, .methods = METHOD_GET,
	    .handle = fail_get },
	{ .path = "/silent", .methods = METHOD_GET, .handle = silent_get },
	{ .path = NULL },
};

#endif
