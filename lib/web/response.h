/* The answer is built whole before a byte is sent, so that a failure can
 * replace it even at the end. */
#ifndef TEAMDUES_WEB_RESPONSE_H
#define TEAMDUES_WEB_RESPONSE_H

#include "base/buf.h"
#include "base/json.h"
#include "base/json_out.h"
#include "base/status.h"
#include "web/request.h"

struct response {
	int http;		/* 0: nothing decided yet */
	struct buf headers;	/* whole lines, each ended by CR LF */
	struct buf body;
};

enum {
	RESPONSE_HEADERS_MAX = 8 * 1024,
	/* A file of all payments of a big club's years. */
	RESPONSE_BODY_MAX = 32 * 1024 * 1024,
};

#define RESPONSE_INIT \
	{ 0, BUF_INIT(RESPONSE_HEADERS_MAX), BUF_INIT(RESPONSE_BODY_MAX) }

/*
 * name must be a literal; a value with a control character is refused
 * (ST_BAD_INPUT).  Content-Length and, unless given here, Cache-Control:
 * no-store are added when the answer is sent.
 */
NODISCARD enum status response_header(struct response *response,
    const char *name, const char *value, struct err *err);

/*
 * An answer that is one JSON object: what is written between the two are its
 * members.
 */
struct json_out response_json_begin(struct response *response);
NODISCARD enum status response_json_end(struct response *response, int http,
    struct json_out *json, struct err *err);

/* One of these ends any other answer; a second end in a request is ST_BUG. */
/* Takes a copy of html's text.  Sets text/html; charset=utf-8. */
NODISCARD enum status response_html(struct response *response, int http,
    const struct buf *html, struct err *err);

NODISCARD enum status response_text(struct response *response, int http,
    const char *text, struct err *err);
/* 200, to be kept as a file of that name (a literal of ours: no quotes). */
NODISCARD enum status response_csv(struct response *response,
    const char *name, const struct buf *csv, struct err *err);

/* 303 See Other to an absolute URL, with Cache-Control: no-store. */
NODISCARD enum status response_redirect(struct response *response,
    const char *url, struct err *err);

/*
 * Replaces whatever was built (an Allow header stays) by the answer to a failed
 * request: a plain page when the client prefers HTML, else
 * application/problem+json (RFC 9457).  err->msg is shown for ST_BAD_INPUT,
 * ST_NOT_FOUND, ST_METHOD, ST_CONFLICT and ST_GONE alone: it must be fit for
 * the outside there.  All others show a fixed text; the log has the message.
 * Never fails: out of memory gives a fixed text.
 */
void response_error(struct response *response, const struct request *request,
    const struct err *err);

/*
 * Appends the whole head as CGI wants it (RFC 3875, section 6): Status, the
 * headers, those that every answer has, and the empty line.
 */
void response_put_head(const struct response *response, struct buf *head);

/* "Not Found" for 404; "" for a number that this house does not send. */
const char *response_reason(int http);

void response_clear(struct response *response);

#endif
