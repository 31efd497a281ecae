/*
 * A request, whichever gateway it came through (FastCGI or plain CGI).  All
 * text is borrowed from the gateway or lies in the request itself: it lives
 * until the answer is sent, and the struct must not be copied.
 */
#ifndef TEAMDUES_WEB_REQUEST_H
#define TEAMDUES_WEB_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

enum method {
	METHOD_GET = 1,
	METHOD_HEAD = 2,
	METHOD_POST = 4,
	METHOD_OTHER = 8,
};

enum { REQUEST_ID_MAX = 64, REQUEST_REFERENCE_LEN = 6 };

struct request {
	enum method method;
	const char *path;	/* what routes are matched against, no query */
	const char *target;	/* path and query as sent: what is signed */
	const char *query;	/* raw, "" when there is none */
	const char *content_type;	/* "" when there is none */
	const char *id;		/* request id, as in nginx's and our log */
	char reference[REQUEST_REFERENCE_LEN + 1];	/* how the id begins:
				 * for people, who write it or say it */
	const char *client;	/* REMOTE_ADDR, for the log */
	const char *contact;	/* whom to ask, for error pages; NULL: nobody */
	bool is_for_staff;	/* who asks keeps the club's books: error pages
				 * speak to them and not to a family */
	struct buf body;	/* raw bytes */
	bool wants_html;	/* Accept prefers text/html to JSON */
	bool is_preview;	/* HEAD or a link-preview agent */
	bool is_prefetch;	/* a browser's GET ahead of its user */
	char *const *environment;	/* NAME=value, NULL-ended */
	char id_text[REQUEST_ID_MAX + 1];	/* what id points to */
	struct buf path_text;	/* what path points into when it was joined */
	struct buf target_text;	/* and target */
};

/*
 * Reads the variables of a gateway; the body is left to it.  After a failure
 * (ST_NOMEM, ST_BUG, ST_BAD_INPUT) the request is still fit to be answered with
 * response_error.  Free with request_clear, always.
 */
NODISCARD enum status request_init(struct request *request,
    char *const *environment, struct err *err);

void request_clear(struct request *request);

/* A CGI variable such as HTTP_STRIPE_SIGNATURE; NULL when absent. */
const char *request_variable(const struct request *request, const char *name);

/*
 * True for HEAD and the agents that fetch links to show a preview of them (mail
 * scanners, chat programs): they must not mint anything.  preview.c has the
 * list.
 */
bool request_is_preview(const struct request *request);

/* True for a GET with `Sec-Purpose: prefetch` (or `Purpose:`).  It has to fail:
 * a browser shows a good answer later, to whoever then follows the link. */
bool request_is_prefetch(const struct request *request);

/*
 * Whether the body is of a media type, "application/json": its name in any
 * case, with any parameters (RFC 9110, 8.3.1).
 */
bool request_is_type(const struct request *request, const char *type);

/*
 * True when a browser says that a page of another origin than site_url's sent
 * this: a stranger's page that posts to us.  A client that is no browser says
 * nothing and is not foreign.
 */
bool request_is_foreign(const struct request *request, const char *site_url);

/* Decoded name=value pairs of a query string or a form. */
enum { PARAMS_MAX = 32 };

struct param {
	const char *name;
	const char *value;
};

struct params {
	struct param item[PARAMS_MAX];
	size_t count;
	struct buf text;	/* what item points into */
};

/*
 * Decodes application/x-www-form-urlencoded.  ST_BAD_INPUT for a broken escape,
 * a NUL, invalid UTF-8 or more than PARAMS_MAX pairs.  Free with params_clear.
 */
NODISCARD enum status params_parse(struct params *params, const char *text,
    size_t len, struct err *err);

/*
 * Refuses, naming it, a parameter that is not in names (NULL-ended) or that is
 * repeated.  ST_BAD_INPUT.
 */
NODISCARD enum status params_accept(const struct params *params,
    const char *const *names, struct err *err);

/* The value; NULL when absent; "" then; NULL when absent or empty. */
const char *params_text(const struct params *params, const char *name);
const char *params_text_or_empty(const struct params *params,
    const char *name);
const char *params_filled(const struct params *params, const char *name);

/*
 * A decimal integer in min..max; ST_BAD_INPUT names the parameter when it is
 * absent, outside or no integer (no sign but '-', no spaces, no leading zeros).
 */
NODISCARD enum status params_i64(const struct params *params,
    const char *name, int64_t min, int64_t max, int64_t *value,
    struct err *err);

/* Removes the spaces from both ends of every value, as people leave them. */
void params_trim(struct params *params);

void params_clear(struct params *params);

#endif
