/*
 * Variables are read as nginx sends them (nginx/teamdues.conf) and, where it
 * sends none, as RFC 3875 has them.  A request that fails here can still be
 * answered, so every text begins as "".
 */
#include "web/request.h"

#include <string.h>
#include <strings.h>

#include "base/crypto.h"
#include "web/accept.h"
#include "web/environment.h"

enum {
	REQUEST_ID_MIN = 8,
	REQUEST_ID_BYTES = 16,
	TARGET_MAX = 16 * 1024,		/* twice what nginx lets through */
};

const char *
request_variable(const struct request *request, const char *name)
{
	return environment_get(request->environment, name);
}

static const char *
variable_or_empty(const struct request *request, const char *name)
{
	const char *value = request_variable(request, name);

	return value != NULL ? value : "";
}

static enum method
method_parse(const char *name)
{
	if (strcmp(name, "GET") == 0)
		return METHOD_GET;
	if (strcmp(name, "HEAD") == 0)
		return METHOD_HEAD;
	if (strcmp(name, "POST") == 0)
		return METHOD_POST;
	return METHOD_OTHER;
}

/* nginx's id joins its log with ours.  It goes into every line, so an id that
 * nginx cannot have made is replaced. */
static bool
id_is_fit(const char *id)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
	size_t len = strspn(id, allowed);

	return id[len] == '\0' && len >= REQUEST_ID_MIN &&
	    len <= REQUEST_ID_MAX;
}

static enum status
id_set(struct request *request, struct err *err)
{
	const char *given = variable_or_empty(request, "REQUEST_ID");
	unsigned char random[REQUEST_ID_BYTES];
	struct buf id = BUF_FIXED(request->id_text);
	enum status st = ST_OK;

	if (id_is_fit(given)) {
		buf_puts(&id, given);
	} else {
		st = crypto_random(random, sizeof(random), err);
		if (st == ST_OK)
			buf_put_hex(&id, random, sizeof(random));
	}
	/* Six characters can be read out on the telephone, and find the line in
	 * the log. */
	memcpy(request->reference, request->id_text, REQUEST_REFERENCE_LEN);
	return st;
}

/*
 * nginx gives the path in DOCUMENT_URI.  A plain CGI server splits it at the
 * program's name into SCRIPT_NAME and PATH_INFO (RFC 3875, sections 4.1.5 and
 * 4.1.13).
 */
static enum status
path_set(struct request *request, struct err *err)
{
	const char *document = variable_or_empty(request, "DOCUMENT_URI");
	enum status st = ST_OK;

	if (document[0] != '\0') {
		request->path = document;
		return ST_OK;
	}
	buf_puts(&request->path_text,
	    variable_or_empty(request, "SCRIPT_NAME"));
	buf_puts(&request->path_text, variable_or_empty(request, "PATH_INFO"));
	st = buf_check(&request->path_text, "the path", err);
	if (st == ST_OK)
		request->path = buf_str(&request->path_text);
	return st;
}

/* The query is a part of the same text whose signature is checked, so that no
 * rewriting in between can make the two differ. */
static enum status
target_set(struct request *request, struct err *err)
{
	const char *sent = variable_or_empty(request, "REQUEST_URI");
	const char *query = variable_or_empty(request, "QUERY_STRING");
	const char *mark = NULL;
	enum status st = ST_OK;

	if (sent[0] == '\0') {
		buf_puts(&request->target_text, request->path);
		if (query[0] != '\0') {
			buf_putc(&request->target_text, '?');
			buf_puts(&request->target_text, query);
		}
		st = buf_check(&request->target_text, "the URL", err);
		if (st != ST_OK)
			return st;
		sent = buf_str(&request->target_text);
	}
	request->target = sent;
	mark = strchr(sent, '?');
	request->query = mark != NULL ? mark + 1 : "";
	return ST_OK;
}

enum status
request_init(struct request *request, char *const *environment,
    struct err *err)
{
	enum status st;

	*request = (struct request){
		.path = "",
		.target = "",
		.query = "",
		.environment = environment,
		.body = BUF_INIT(0),
		.path_text = BUF_INIT(TARGET_MAX),
		.target_text = BUF_INIT(TARGET_MAX),
	};
	request->id = request->id_text;
	request->method = method_parse(
	    variable_or_empty(request, "REQUEST_METHOD"));
	request->content_type = variable_or_empty(request, "CONTENT_TYPE");
	request->client = variable_or_empty(request, "REMOTE_ADDR");
	request->wants_html = accept_prefers_html(
	    variable_or_empty(request, "HTTP_ACCEPT"));
	request->is_preview = request_is_preview(request);
	request->is_prefetch = request_is_prefetch(request);
	st = id_set(request, err);
	if (st == ST_OK)
		st = path_set(request, err);
	if (st == ST_OK)
		st = target_set(request, err);
	return st;
}

bool
request_is_type(const struct request *request, const char *type)
{
	const char *rest = request->content_type;

	if (strncasecmp(rest, type, strlen(type)) != 0)
		return false;
	rest += strlen(type);
	rest += strspn(rest, " \t");
	return *rest == '\0' || *rest == ';';
}

void
request_clear(struct request *request)
{
	if (request == NULL)
		return;
	buf_clear(&request->body);
	buf_clear(&request->path_text);
	buf_clear(&request->target_text);
	request->path = "";
	request->target = "";
	request->query = "";
}
