/*
 * Whether a comma is due is read from the text's last byte, not remembered: so
 * a text that one writer began can be continued by another.
 */
#include "base/json_out.h"

#include <string.h>

#include "base/json_parts.h"

/* Writes the comma between values, and the name.  A bracket or colon at the end
 * is never a string's, whose last byte is its quote. */
static void
begin(struct json_out *json, const char *name)
{
	struct buf *text = json->text;

	if (text->len > 0 && strchr("{[:", text->data[text->len - 1]) == NULL)
		buf_putc(text, ',');
	if (name == NULL)
		return;
	buf_putc(text, '"');
	buf_puts(text, name);
	buf_puts(text, "\":");
}

static void
put_bracket(struct json_out *json, const char *name, char first, char last)
{
	begin(json, name);
	buf_putc(json->text, first);
	/* A mistake of our code, not of the data: json_out_check() reports it
	 * as ST_BUG. */
	if (json->depth == JSON_OUT_DEPTH_MAX)
		json->is_misused = true;
	else
		json->ends[json->depth++] = last;
}

void
json_out_object(struct json_out *json, const char *name)
{
	put_bracket(json, name, '{', '}');
}

void
json_out_array(struct json_out *json, const char *name)
{
	put_bracket(json, name, '[', ']');
}

void
json_out_end(struct json_out *json)
{
	if (json->depth == 0)
		json->is_misused = true;
	else
		buf_putc(json->text, json->ends[--json->depth]);
}

void
json_out_name(struct json_out *json, const char *name)
{
	begin(json, name);
}

void
json_out_text(struct json_out *json, const char *name, const char *text)
{
	begin(json, name);
	buf_put_json(json->text, text, strlen(text));
}

void
json_out_i64(struct json_out *json, const char *name, int64_t value)
{
	begin(json, name);
	buf_put_i64(json->text, value);
}

void
json_out_bool(struct json_out *json, const char *name, bool value)
{
	begin(json, name);
	buf_puts(json->text, value ? "true" : "false");
}

void
json_out_null(struct json_out *json, const char *name)
{
	begin(json, name);
	buf_puts(json->text, "null");
}

void
json_out_optional(struct json_out *json, const char *name,
    const char *text)
{
	if (text != NULL && text[0] != '\0')
		json_out_text(json, name, text);
}

void
json_out_source(struct json_out *json, const char *name,
    const struct buf *source)
{
	begin(json, name);
	/* The first reason is kept, as for any failure of a buffer. */
	if (source->failed && !json->text->failed) {
		json->text->failed = true;
		json->text->why = source->why;
	}
	buf_put(json->text, source->data, source->len);
}

static void
put_node(struct buf *text, struct json_node node)
{
	size_t len;
	const char *source = json_source(node, &len);

	buf_put(text, source, len);
}

void
json_out_node(struct json_out *json, const char *name, struct json_node node)
{
	begin(json, name);
	put_node(json->text, node);
}

void
json_out_member(struct json_out *json, struct json_node member)
{
	begin(json, NULL);
	put_node(json->text, (struct json_node){ member.text,
	    member.token - 1 });
	buf_putc(json->text, ':');
	put_node(json->text, member);
}

void
json_out_members(struct json_out *json, struct json_node object)
{
	for (struct json_node member = json_first(object);
	    json_exists(member); member = json_next(object, member))
		json_out_member(json, member);
}

enum status
json_out_check(const struct json_out *json, const char *what,
    struct err *err)
{
	if (json->is_misused || json->depth > 0)
		return err_set(err, ST_BUG, "%s: a bracket too few or too many",
		    what);
	return buf_check(json->text, what, err);
}

enum status
json_out_parse(const struct json_out *json, const char *what,
    struct json_doc *doc, struct err *err)
{
	enum status st = json_out_check(json, what, err);

	*doc = (struct json_doc){ .text = NULL };
	/* Read back by the pass for foreign text: the getters need its
	 * tokens. */
	return st != ST_OK ? st : json_parse(buf_str(json->text),
	    json->text->len, doc, err);
}
