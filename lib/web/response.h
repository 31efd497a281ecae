/*
 * The answer is built whole before a byte is sent, so that a late failure can
 * still be a clean one.
 */
#ifndef TEAMDUES_WEB_RESPONSE_H
#define TEAMDUES_WEB_RESPONSE_H

#include "base/buf.h"
#include "base/json.h"
#include "base/status.h"
#include "web/request.h"

struct response {
	int http;		/* 0: nothing decided yet */
	struct buf headers;	/* whole lines, each ended by CR LF */
	struct buf body;
};

/* name must be a literal; a value with a control character is refused. */
NODISCARD enum status response_header(struct response *response,
    const char *name, const char *value, struct err *err);

NODISCARD enum status response_json(struct response *response, int http,
    struct json_object *object, struct err *err);

/* Takes a copy of html's text.  Sets text/html; charset=utf-8. */
NODISCARD enum status response_html(struct response *response, int http,
    const struct buf *html, struct err *err);

NODISCARD enum status response_text(struct response *response, int http,
    const char *text, struct err *err);

/* 303 See Other to an absolute URL, with Cache-Control: no-store. */
NODISCARD enum status response_redirect(struct response *response,
    const char *url, struct err *err);

/*
 * Replaces whatever was built by the answer to a failed request: a plain page
 * when the client prefers HTML, else application/problem+json (RFC 9457).
 * Statuses of our own faults (ST_DB, ST_BUG, ST_NOMEM, ST_CONFIG) show no
 * detail; the log has it.  Never fails: out of memory gives a fixed text.
 */
void response_error(struct response *response, const struct request *request,
    const struct err *err);

void response_clear(struct response *response);

#endif
