/*
 * One request, whichever way it came in: route, body, handler, answer, log.
 * The order matters: nothing of the body is read before a route is found, whose
 * limit holds for it, and the log line is written when the answer has gone.
 */
#include "web/gateway.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "web/response_parts.h"

enum {
	READ_AT_ONCE = 4096,
	HEAD_MAX = RESPONSE_HEADERS_MAX + 256,
	PATH_LOGGED_MAX = 256,
	METHODS_MAX = 64,
	LENGTH_DIGITS_MAX = 18,		/* what an int64_t surely holds */
};

static const struct method_name {
	unsigned method;
	const char *name;
} method_names[] = {
	{ METHOD_GET, "GET" },
	{ METHOD_HEAD, "HEAD" },
	{ METHOD_POST, "POST" },
};

/* What every program answers about itself.  Its own routes come first. */
static const struct route own_routes[] = {
	{ HEALTH_PATH, false, METHOD_GET, 0, watch_answer },
	{ .path = NULL },
};

/* Whoever may GET may HEAD (RFC 9110, 9.3.2). */
static unsigned
route_methods(const struct route *route)
{
	return route->methods |
	    (route->methods & METHOD_GET ? (unsigned)METHOD_HEAD : 0);
}

static bool
route_fits(const struct route *route, const char *path)
{
	if (route->is_prefix)
		return strncmp(path, route->path, strlen(route->path)) == 0;
	return strcmp(path, route->path) == 0;
}

/* The route for path and method, or NULL.  The methods of routes that fit the
 * path only are added to *allowed. */
static const struct route *
route_find(const struct route *routes, const struct request *request,
    unsigned *allowed)
{
	for (const struct route *route = routes; route->path != NULL;
	    route++) {
		if (!route_fits(route, request->path))
			continue;
		if ((route_methods(route) & (unsigned)request->method) != 0)
			return route;
		*allowed |= route_methods(route);
	}
	return NULL;
}

/* Says why no route was found. */
static enum status
route_refuse(unsigned allowed, struct response *response, struct err *err)
{
	char list_text[METHODS_MAX + 1] = "";
	struct buf list = BUF_FIXED(list_text);
	enum status st;

	if (allowed == 0)
		return err_set(err, ST_NOT_FOUND,
		    "there is nothing at this address");
	for (size_t i = 0; i < sizeof(method_names) / sizeof(method_names[0]);
	    i++) {
		if ((allowed & method_names[i].method) == 0)
			continue;
		if (list.len > 0)
			buf_puts(&list, ", ");
		buf_puts(&list, method_names[i].name);
	}
	st = buf_check(&list, "the list of methods", err);
	if (st == ST_OK)
		st = response_header(response, "Allow", buf_str(&list), err);
	if (st != ST_OK)
		return st;
	return err_set(err, ST_METHOD,
	    "this address does not take that method");
}

/* CONTENT_LENGTH, checked against the route's limit; absent or empty is 0. */
static enum status
body_len_get(const struct request *request, const struct route *route,
    size_t *len, struct err *err)
{
	const char *text = request_variable(request, "CONTENT_LENGTH");
	uint64_t value = 0;
	size_t digits = 0;

	*len = 0;
	if (text == NULL || text[0] == '\0')
		return ST_OK;
	digits = strspn(text, "0123456789");
	if (text[digits] != '\0')
		return err_set(err, ST_BAD_INPUT,
		    "the body's length is no number");
	for (size_t i = 0; i < digits && i < LENGTH_DIGITS_MAX; i++)
		value = value * 10 + (uint64_t)(text[i] - '0');
	if (digits > LENGTH_DIGITS_MAX || value > route->body_max)
		return err_set(err, ST_TOO_LARGE,
		    "the body is longer than %zu bytes", route->body_max);
	*len = (size_t)value;
	return ST_OK;
}

static enum status
body_read(struct request *request, const struct route *route,
    const struct gateway *gateway, struct err *err)
{
	char piece[READ_AT_ONCE];
	size_t left = 0;
	enum status st;

	st = body_len_get(request, route, &left, err);
	if (st != ST_OK)
		return st;
	/* The client's length is the limit, so that it cannot make us reserve
	 * more than it sends. */
	request->body = (struct buf)BUF_INIT(left);
	while (left > 0) {
		size_t wanted = left < sizeof(piece) ? left : sizeof(piece);
		size_t got = gateway->read(gateway->handle, piece, wanted);

		buf_put(&request->body, piece, got);
		if (got < wanted)
			return err_set(err, ST_BAD_INPUT,
			    "the body ended %zu bytes early", left - got);
		left -= got;
	}
	return buf_check(&request->body, "the body", err);
}

static enum status
handle(const struct service *service, const struct gateway *gateway,
    struct request *request, struct response *response, struct err *err)
{
	unsigned allowed = 0;
	void *context = service->context;
	const struct route *route = route_find(service->routes, request,
	    &allowed);
	enum status st = ST_OK;

	if (route == NULL && gateway->watch != NULL) {
		route = route_find(own_routes, request, &allowed);
		context = gateway->watch;
	}
	if (route == NULL)
		return route_refuse(allowed, response, err);
	/* Before any handler: a browser would show later what it fetched ahead,
	 * and a session may have ended meanwhile. */
	if (request->is_prefetch)
		return err_set(err, ST_PREFETCH, "ahead of its user");
	if (request->method == METHOD_POST) {
		st = body_read(request, route, gateway, err);
		if (st != ST_OK)
			return st;
	}
	st = route->handle(context, request, response, err);
	if (st == ST_OK && response->http == 0)
		return err_set(err, ST_BUG, "the handler gave no answer");
	return st;
}

/* False when the client is gone. */
static bool
answer_send(const struct gateway *gateway, const struct request *request,
    const struct response *response)
{
	const char *body = response->body.data;
	size_t body_len = response->body.len;
	char head_text[HEAD_MAX + 1] = "";
	struct buf head = BUF_FIXED(head_text);
	const char *text = NULL;

	/* Without headers there was no memory, not even for
	 * response_error(). */
	if (response->headers.len > 0) {
		/* An id that nginx gave is on its answer already. */
		if (gateway->names_request &&
		    request_variable(request, "REQUEST_ID") == NULL)
			buf_putf(&head, "X-Request-Id: %s\r\n", request->id);
		response_put_head(response, &head);
		text = buf_str(&head);
	}
	if (text == NULL) {
		text = response_last_head;
		body = response_last_body;
		body_len = strlen(body);
	}
	if (request->method == METHOD_HEAD)
		body_len = 0;
	return gateway->write(gateway->handle, text, strlen(text), body,
	    body_len);
}

/* The path without its query, which may hold a signature: whoever reads the log
 * could pay, or look, in a family's name. */
static void
answer_log(const struct request *request, const struct response *response,
    const struct err *err, int64_t duration_ms)
{
	enum log_level level = response->http >= 500 && err->st != ST_PREFETCH
	    ? LOG_ERROR : LOG_INFO;
	const char *method = request_variable(request, "REQUEST_METHOD");
	char path_text[PATH_LOGGED_MAX + 1] = "";
	struct buf path = BUF_FIXED(path_text);

	buf_put(&path, request->path,
	    strnlen(request->path, PATH_LOGGED_MAX));
	log_event(level, "request", LOG_TEXT("ref", request->reference),
	    LOG_TEXT("method", method),
	    LOG_TEXT("path", buf_str(&path)),
	    LOG_NUM("status", response->http),
	    LOG_NUM("duration_ms", duration_ms),
	    LOG_TEXT("client", request->client),
	    err->msg[0] != '\0' ? LOG_TEXT("reason", err->msg) : NULL, NULL);
}

bool
gateway_answer(const struct service *service, const struct gateway *gateway)
{
	int64_t started_ms = clock_monotonic_ms();
	struct response response = RESPONSE_INIT;
	struct err err = { ST_OK, "" };
	struct request request;
	struct watched watched;
	bool sent = false;
	enum status st;

	st = request_init(&request, gateway->environment, &err);
	/* Also after a failure: the error page needs it. */
	request.contact = service->contact;
	request.is_for_staff = service->is_for_staff;
	log_set_request(request.id);
	if (gateway->watch != NULL)
		watch_begin(gateway->watch, &watched, &request, started_ms);
	if (st == ST_OK)
		st = handle(service, gateway, &request, &response, &err);
	if (st != ST_OK) {
		err.st = st;
		response_error(&response, &request, &err);
	}
	sent = answer_send(gateway, &request, &response);
	if (gateway->watch != NULL)
		watch_end(gateway->watch, &watched);
	/* The handler's own failure is the better reason. */
	if (!sent && err.msg[0] == '\0')
		err_set(&err, st, "the client left before the answer");
	answer_log(&request, &response, &err,
	    clock_monotonic_ms() - started_ms);
	log_set_request(NULL);
	response_clear(&response);
	request_clear(&request);
	return sent;
}
