/*
 * Query and body become one query string, which params.c parses, so that the
 * same rules (no repeated field, no unknown one) hold wherever a field is.
 */
#include "endpoint/fields.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/signed_url.h"
#include "base/text.h"
#include "billing/pay_link.h"
#include "web/service.h"

/* Every byte of a body may become three (%XX). */
enum { TEXT_MAX = 4 * BODY_MAX, SIGNATURE_SIZE = 128 };

/* Appends &name=value. plain holds either before it is encoded. */
static enum status
put_field(struct buf *text, struct json_node field, struct buf *plain,
    struct err *err)
{
	buf_reset(plain);
	json_put_name(plain, field);
	if (json_is(field, JSON_OBJECT) || json_is(field, JSON_ARRAY) ||
	    json_is(field, JSON_NULL))
		return err_set(err, ST_BAD_INPUT,
		    "%s must be text, a number or a boolean", buf_str(plain));
	buf_putc(text, '&');
	buf_put_urlenc(text, plain->data, plain->len);
	buf_putc(text, '=');
	buf_reset(plain);
	json_put_chars(plain, field);
	buf_put_urlenc(text, plain->data, plain->len);
	return buf_check(plain, "a field", err);
}

static enum status
put_json(struct buf *text, const struct buf *body, const char *const *names,
    struct err *err)
{
	struct buf plain = BUF_INIT(BODY_MAX);
	struct json_doc doc;
	struct json_node json;
	struct json_node field;
	enum status st;

	st = json_parse(buf_str(body), body->len, &doc, err);
	json = json_root(&doc);
	if (st == ST_OK)
		st = json_accept(json, names, err);
	field = json_first(json);
	while (st == ST_OK && json_exists(field)) {
		st = put_field(text, field, &plain, err);
		field = json_next(json, field);
	}
	json_clear(&doc);
	buf_clear(&plain);
	return st;
}

static enum status
put_body(struct buf *text, const struct request *request,
    const char *const *names, struct err *err)
{
	if (request->body.len == 0)
		return ST_OK;
	if (request_is_type(request, "application/json"))
		return put_json(text, &request->body, names, err);
	if (!request_is_type(request, "application/x-www-form-urlencoded"))
		return err_set(err, ST_BAD_INPUT, "the body must be JSON "
		    "or a form");
	buf_putc(text, '&');
	buf_put(text, request->body.data, request->body.len);
	return ST_OK;
}

enum status
fields_read(const struct request *request, const char *const *names,
    struct params *params, struct err *err)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	enum status st;

	memset(params, 0, sizeof(*params));
	buf_puts(&text, request->query);
	st = put_body(&text, request, names, err);
	if (st == ST_OK)
		st = buf_check(&text, "the request", err);
	if (st == ST_OK && text.len > 0) {
		/*
		 * Without a query the first field begins with the "&" of the
		 * body.
		 */
		const char *first = text.data + (text.data[0] == '&');

		st = params_parse(params, first,
		    text.len - (size_t)(first - text.data), err);
	}
	if (st == ST_OK)
		st = params_accept(params, names, err);
	buf_clear(&text);
	return st;
}

/* Only the two words: "yes" or "1" would be a guess at what a script means. */
enum status
fields_bool(const struct params *params, const char *name, bool *value,
    struct err *err)
{
	const char *text = params_text(params, name);

	*value = text != NULL && strcmp(text, "true") == 0;
	if (text == NULL || *value || strcmp(text, "false") == 0)
		return ST_OK;
	return err_set(err, ST_BAD_INPUT, "%s must be true or false", name);
}

enum status
fields_id_of_path(const char *path, const char *prefix, int64_t *id,
    struct err *err)
{
	size_t len = strlen(prefix);

	if (strncmp(path, prefix, len) == 0 &&
	    text_parse_id(path + len, strlen(path + len), id))
		return ST_OK;
	return err_set(err, ST_NOT_FOUND, "there is nothing at this address");
}

/*
 * Any fault of a field is answered as a wrong signature: whoever does not hold
 * a signed link is told nothing about how one is made.
 */
enum status
fields_signed_player(const struct app *app, const char *path,
    struct json_node body, struct err *err)
{
	char signature[SIGNATURE_SIZE];
	char word[SIGNED_WORD_SIZE];
	struct signed_fields fields = { .word = word, .signature = signature };
	struct err ignored;
	enum status st;

	if (json_get_i64(body, "player_id", 1, INT64_MAX, &fields.player_id,
	    &ignored) != ST_OK ||
	    json_get_i64(body, "expires", 1, INT64_MAX, &fields.expires,
	    &ignored) != ST_OK ||
	    json_get_text_or_empty(body, "word", word, sizeof(word),
	    &ignored) != ST_OK ||
	    json_get_text(body, "signature", signature, sizeof(signature),
	    &ignored) != ST_OK)
		return err_set(err, ST_DENIED, "signature");
	st = signed_url_verify_fields(&app->config, path, &fields,
	    clock_now_s(), err);
	if (st != ST_OK)
		return st;
	return pay_link_check_player(app->store, fields.player_id, word,
	    err);
}
