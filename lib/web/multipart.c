/*
 * The body is copied once and cut in place, as params.c does it: names and
 * values are terminated where their delimiter was.  What a part begins with is
 * read line by line; the first line that is not as browsers write it refuses
 * the whole, because the next program to read such a body may see other fields
 * in it.
 */
#include "web/multipart.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

/* RFC 2046, 5.1.1; a delimiter is CRLF, two hyphens and the boundary. */
enum { BOUNDARY_MAX = 70, DELIMITER_SIZE = 4 + BOUNDARY_MAX + 1 };

static const char form_type[] = "multipart/form-data";
static const char boundary_name[] = "boundary=";

struct body {
	char *at;
	char *end;		/* a NUL */
	char delimiter[DELIMITER_SIZE];
	size_t delimiter_len;
};

/* One part while it is read. */
struct part {
	const char *name;
	const char *file_name;	/* NULL: a field that is no file */
	char *value;
	size_t len;
};

static enum status
malformed(struct err *err, const char *what)
{
	return err_set(err, ST_BAD_INPUT, "the form is broken: %s", what);
}

/*
 * The parameter may be between quotes.  Only letters, digits and the signs that
 * browsers and curl use: a blank or a quote in a boundary is nobody's.
 */
static enum status
read_boundary(struct body *body, const char *content_type, struct err *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'()+_,-./:=?";
	const char *at = content_type + strcspn(content_type, ";");
	bool is_quoted;
	size_t len;

	if (*at == ';')
		at++;
	at += strspn(at, " \t");
	if (strncasecmp(at, boundary_name, sizeof(boundary_name) - 1) != 0)
		return malformed(err, "no boundary");
	at += sizeof(boundary_name) - 1;
	is_quoted = *at == '"';
	at += is_quoted;
	len = strspn(at, allowed);
	if (len == 0 || len > BOUNDARY_MAX ||
	    strcmp(at + len, is_quoted ? "\"" : "") != 0)
		return malformed(err, "an odd boundary");
	memcpy(body->delimiter, "\r\n--", 4);
	memcpy(body->delimiter + 4, at, len);
	body->delimiter_len = 4 + len;
	return ST_OK;
}

static bool
has(const struct body *body, const char *bytes, size_t len)
{
	return (size_t)(body->end - body->at) >= len &&
	    memcmp(body->at, bytes, len) == 0;
}

/* Steps over the bytes when they come next. */
static bool
take(struct body *body, const char *bytes)
{
	size_t len = strlen(bytes);

	if (!has(body, bytes, len))
		return false;
	body->at += len;
	return true;
}

/* The next header line, terminated; NULL when it has no end. */
static char *
take_line(struct body *body)
{
	char *line = body->at;
	char *end = memchr(line, '\r', (size_t)(body->end - line));

	if (end == NULL || end[1] != '\n' ||
	    memchr(line, '\0', (size_t)(end - line)) != NULL)
		return NULL;
	*end = '\0';
	body->at = end + 2;
	return line;
}

/*
 * Reads `; name="value"`, and steps over it.  Browsers write a quote in a value
 * as %22 (the HTML standard, multipart/form-data), older clients as \": that
 * one is refused.  NULL: it is another parameter, or none.
 */
static const char *
take_parameter(char **at, const char *name)
{
	char *value;
	char *end;

	if (strncmp(*at, "; ", 2) != 0 ||
	    strncmp(*at + 2, name, strlen(name)) != 0)
		return NULL;
	value = *at + 2 + strlen(name);
	if (strncmp(value, "=\"", 2) != 0)
		return NULL;
	value += 2;
	end = strchr(value, '"');
	if (end == NULL || end[-1] == '\\')
		return NULL;
	*end = '\0';
	*at = end + 1;
	return value;
}

static enum status
read_disposition(struct part *part, char *line, struct err *err)
{
	static const char disposition[] = "form-data";

	line += strspn(line, " \t");
	if (part->name != NULL ||
	    strncasecmp(line, disposition, sizeof(disposition) - 1) != 0)
		return malformed(err, "a part that is no field");
	line += sizeof(disposition) - 1;
	part->name = take_parameter(&line, "name");
	part->file_name = take_parameter(&line, "filename");
	if (part->name == NULL || *line != '\0')
		return malformed(err, "a field whose name cannot be read");
	return ST_OK;
}

/*
 * The headers of a part, up to the empty line.  Its type is not believed, and
 * so not read: what a file is, its bytes say.
 */
static enum status
read_headers(struct body *body, struct part *part, struct err *err)
{
	for (;;) {
		char *line = take_line(body);
		char *colon = line != NULL ? strchr(line, ':') : NULL;
		enum status st = ST_OK;

		if (line != NULL && *line == '\0')
			break;
		if (colon == NULL)
			return malformed(err, "a header that cannot be read");
		*colon = '\0';
		if (strcasecmp(line, "Content-Disposition") == 0)
			st = read_disposition(part, colon + 1, err);
		else if (strcasecmp(line, "Content-Type") != 0)
			st = malformed(err, "a header that forms do not have");
		if (st != ST_OK)
			return st;
	}
	return ST_OK;
}

/* Up to the next delimiter, whose first byte becomes the value's end. */
static enum status
read_value(struct body *body, struct part *part, struct err *err)
{
	part->value = body->at;
	while (!has(body, body->delimiter, body->delimiter_len)) {
		size_t left = (size_t)(body->end - body->at);
		char *next = left > 1 ? memchr(body->at + 1, '\r', left - 1)
		    : NULL;

		if (next == NULL)
			return malformed(err, "a part without an end");
		body->at = next;
	}
	part->len = (size_t)(body->at - part->value);
	*body->at = '\0';
	body->at += body->delimiter_len;
	return ST_OK;
}

/* What params_parse asks of a name and a value. */
static enum status
add_field(struct params *params, const struct part *part, struct err *err)
{
	if (params->count == PARAMS_MAX)
		return err_set(err, ST_BAD_INPUT, "more than %d parameters",
		    (int)PARAMS_MAX);
	if (memchr(part->value, '\0', part->len) != NULL)
		return err_set(err, ST_BAD_INPUT, "a parameter holds a NUL");
	if (!utf8_is_valid(part->name, strlen(part->name)) ||
	    !utf8_is_valid(part->value, part->len))
		return err_set(err, ST_BAD_INPUT, "a parameter is not UTF-8");
	params->item[params->count++] = (struct param){ part->name,
	    part->value };
	return ST_OK;
}

static enum status
read_part(struct body *body, struct params *params, struct upload *upload,
    struct err *err)
{
	struct part part = { .name = NULL };
	enum status st = read_headers(body, &part, err);

	if (st != ST_OK)
		return st;
	if (part.name == NULL)
		return malformed(err, "a part without a name");
	st = read_value(body, &part, err);
	if (st != ST_OK)
		return st;
	if (part.file_name == NULL)
		return add_field(params, &part, err);
	if (upload->field != NULL)
		return err_set(err, ST_BAD_INPUT, "more than one file");
	*upload = (struct upload){ part.name, part.file_name, part.value,
	    part.len };
	return ST_OK;
}

/* The last delimiter goes on with two hyphens; the line end is optional. */
static bool
has_ended(struct body *body)
{
	if (!take(body, "--"))
		return false;
	return body->at == body->end ||
	    (take(body, "\r\n") && body->at == body->end);
}

enum status
multipart_parse(const char *content_type, const struct buf *sent,
    struct params *params, struct upload *upload, struct err *err)
{
	struct body body = { .at = NULL };
	enum status st;

	*params = (struct params){ .text = BUF_INIT(sent->len) };
	*upload = (struct upload){ .field = NULL };
	if (strncasecmp(content_type, form_type, sizeof(form_type) - 1) != 0)
		return malformed(err, "it is of another kind");
	st = read_boundary(&body, content_type, err);
	if (st != ST_OK)
		return st;
	buf_put(&params->text, sent->data, sent->len);
	st = buf_check(&params->text, "the form", err);
	if (st != ST_OK || sent->len == 0)
		return st != ST_OK ? st : malformed(err, "it is empty");
	body.at = params->text.data;
	body.end = body.at + sent->len;
	/* The first delimiter has no line before it. */
	if (!has(&body, body.delimiter + 2, body.delimiter_len - 2))
		return malformed(err, "no part begins it");
	body.at += body.delimiter_len - 2;
	while (st == ST_OK && take(&body, "\r\n"))
		st = read_part(&body, params, upload, err);
	if (st != ST_OK)
		return st;
	return has_ended(&body) ? ST_OK
	    : malformed(err, "it does not end with its last part");
}
