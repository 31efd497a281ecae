/*
 * Every way to answer ends in finish(), which refuses a second answer and one
 * that failed on the way: no client gets half a page.
 */
#include "web/response_parts.h"

#include <string.h>
#include <strings.h>

#include "base/crypto.h"

static const struct reason {
	int http;
	const char *text;
} reasons[] = {
	{ 200, "OK" },
	{ 202, "Accepted" },
	{ 303, "See Other" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 413, "Content Too Large" },
	{ 500, "Internal Server Error" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
};

/* Sent when memory is gone, so both are constants; the length is counted by
 * hand. */
const char response_last_head[] =
    "Status: 503 Service Unavailable\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Length: 30\r\n"
    "Cache-Control: no-store\r\n"
    "Retry-After: 10\r\n\r\n";
const char response_last_body[] = "Please try again in a minute.\n";

const char *
response_reason(int http)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].http == http)
			return reasons[i].text;
	return "";
}

const char *
response_find_header(const struct response *response, const char *name)
{
	size_t len = strlen(name);
	const char *line = buf_str(&response->headers);

	while (line != NULL && *line != '\0') {
		const char *end = strchr(line, '\n');

		if (strncasecmp(line, name, len) == 0 && line[len] == ':')
			return line;
		line = end != NULL ? end + 1 : NULL;
	}
	return NULL;
}

enum status
response_header(struct response *response, const char *name,
    const char *value, struct err *err)
{
	buf_puts(&response->headers, name);
	buf_puts(&response->headers, ": ");
	buf_put_header(&response->headers, value, strlen(value));
	buf_puts(&response->headers, "\r\n");
	return buf_check(&response->headers, "the header", err);
}

/* Sets the status, once; the body is complete. */
static enum status
finish(struct response *response, int http, const char *content_type,
    struct err *err)
{
	enum status st;

	if (response->http != 0)
		return err_set(err, ST_BUG, "a second answer (%d after %d)",
		    http, response->http);
	st = response_header(response, "Content-Type", content_type, err);
	if (st != ST_OK)
		return st;
	st = buf_check(&response->body, "the answer", err);
	if (st == ST_OK)
		response->http = http;
	/* A body or header that is too long is our mistake, not the
	 * client's. */
	return st == ST_BAD_INPUT ? err_set(err, ST_BUG, "the answer is longer "
	    "than %zu bytes", response->body.max) : st;
}

static enum status
answer(struct response *response, int http, const char *content_type,
    const struct bytes *body, struct err *err)
{
	buf_put(&response->body, body->data, body->len);
	return finish(response, http, content_type, err);
}

struct json_out
response_json_begin(struct response *response)
{
	struct json_out json = JSON_OUT(&response->body);

	json_out_object(&json, NULL);
	return json;
}

enum status
response_json_end_as(struct response *response, int http,
    const char *content_type, struct json_out *json, struct err *err)
{
	enum status st;

	json_out_end(json);
	st = json_out_check(json, "the answer", err);
	/* finish() reports a lack of memory and a body that is too long, in its
	 * own words. */
	return st == ST_BUG ? st
	    : finish(response, http, content_type, err);
}

enum status
response_json_end(struct response *response, int http, struct json_out *json,
    struct err *err)
{
	return response_json_end_as(response, http, "application/json", json,
	    err);
}

enum status
response_html(struct response *response, int http, const struct buf *html,
    struct err *err)
{
	struct bytes body = { html->data, html->len };
	enum status st = buf_check(html, "the page", err);

	if (st != ST_OK)
		return st;
	return answer(response, http, "text/html; charset=utf-8", &body, err);
}

enum status
response_csv(struct response *response, const char *name,
    const struct buf *csv, struct err *err)
{
	char text[128];
	struct buf disposition = BUF_FIXED(text);
	struct bytes body = { csv->data, csv->len };
	enum status st;

	buf_putf(&disposition, "attachment; filename=\"%s\"", name);
	st = response_header(response, "Content-Disposition", text, err);
	if (st == ST_OK)
		st = buf_check(csv, "the list", err);
	if (st != ST_OK)
		return st;
	return answer(response, 200, "text/csv; charset=utf-8", &body, err);
}

enum status
response_text(struct response *response, int http, const char *text,
    struct err *err)
{
	struct bytes body = { text, strlen(text) };

	return answer(response, http, "text/plain; charset=utf-8", &body, err);
}

/* 303, so that the browser follows with GET after a POST, too (RFC 9110,
 * section 15.4.4); a cached redirect would lead to a session that has ended. */
enum status
response_redirect(struct response *response, const char *url,
    struct err *err)
{
	enum status st = response_header(response, "Location", url, err);

	if (st == ST_OK)
		st = response_header(response, "Cache-Control", "no-store",
		    err);
	if (st == ST_OK)
		st = response_text(response, 303, "", err);
	return st;
}

void
response_put_head(const struct response *response, struct buf *head)
{
	buf_putf(head, "Status: %d %s\r\n", response->http,
	    response_reason(response->http));
	buf_put(head, response->headers.data, response->headers.len);
	/* The default forbids caches: answers have a family's data. */
	if (response_find_header(response, "Cache-Control") == NULL)
		buf_puts(head, "Cache-Control: no-store\r\n");
	buf_putf(head, "Content-Length: %zu\r\n\r\n", response->body.len);
}

void
response_clear(struct response *response)
{
	if (response == NULL)
		return;
	response->http = 0;
	buf_clear(&response->headers);
	buf_clear(&response->body);
}
