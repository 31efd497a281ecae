/*
 * Documents, and what is read of their values.  A getter converts nothing:
 * money that was read as 0 because it came as text would be believed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_parts.h"

enum status
json_parse(const char *text, size_t len, struct json_doc *doc, struct err *err)
{
	*doc = (struct json_doc){ .text = text };
	return json_scan(text, len, &doc->tokens, err);
}

enum status
json_parse_copy(const char *text, size_t len, struct json_doc *doc,
    struct err *err)
{
	char *copy = malloc(len + 1);
	enum status st;

	*doc = (struct json_doc){ NULL, NULL, NULL };
	if (copy == NULL)
		return err_set(err, ST_NOMEM, "no memory to read JSON");
	if (len > 0)
		memcpy(copy, text, len);
	st = json_parse(copy, len, doc, err);
	if (st == ST_OK)
		doc->copy = copy;
	else
		free(copy);
	return st;
}

void
json_clear(struct json_doc *doc)
{
	if (doc == NULL)
		return;
	free(doc->tokens);
	free(doc->copy);
	*doc = (struct json_doc){ NULL, NULL, NULL };
}

/* The member when it is of the wanted kind, else a status. */
static enum status
get_kind(struct json_node object, const char *path, enum json_kind kind,
    struct json_node *member, struct err *err)
{
	static const char *const words[] = {
		[JSON_BOOLEAN] = "boolean",
		[JSON_NUMBER] = "int",
		[JSON_STRING] = "string",
	};

	*member = json_at(object, path);
	if (!json_exists(*member))
		return err_set(err, ST_NOT_FOUND, "%s is missing", path);
	if (!json_is(*member, kind))
		return err_set(err, ST_BAD_INPUT, "%s is not of type %s", path,
		    words[kind]);
	return ST_OK;
}

/* 1.0 and 1e2 are refused, too: whoever sends an amount so means something else
 * by it. */
static bool
is_integer(struct json_node number)
{
	const char *at = number.text + number.token->start;
	const char *end = at + number.token->len;

	while (at < end && *at != '.' && *at != 'e' && *at != 'E')
		at++;
	return at == end;
}

/* The text has no NUL behind a number, but a comma or a bracket, where
 * strtoll() stops. */
static bool
read_integer(struct json_node number, int64_t *value)
{
	errno = 0;
	*value = strtoll(number.text + number.token->start, NULL, 10);
	return errno == 0;
}

enum status
json_get_i64(struct json_node object, const char *path, int64_t min,
    int64_t max, int64_t *value, struct err *err)
{
	struct json_node member;
	int64_t number;
	enum status st = get_kind(object, path, JSON_NUMBER, &member, err);

	if (st != ST_OK)
		return st;
	if (!is_integer(member))
		return err_set(err, ST_BAD_INPUT, "%s is not of type int",
		    path);
	if (!read_integer(member, &number) || number < min || number > max)
		return err_set(err, ST_BAD_INPUT, "%s is out of range", path);
	*value = number;
	return ST_OK;
}

int64_t
json_i64_or_0(struct json_node object, const char *path)
{
	struct json_node member = json_at(object, path);
	int64_t number;

	return json_is(member, JSON_NUMBER) && is_integer(member) &&
	    read_integer(member, &number) ? number : 0;
}

enum status
json_get_bool(struct json_node object, const char *path, bool *value,
    struct err *err)
{
	struct json_node member;
	enum status st = get_kind(object, path, JSON_BOOLEAN, &member, err);

	if (st == ST_OK)
		*value = member.text[member.token->start] == 't';
	return st;
}

/* Copies a string that fits; returns its whole length in any case. */
static size_t
copy(const char *text, const struct json_token *string, char *out, size_t size,
    bool *has_nul)
{
	struct json_spelling spelling = json_spelling(text, string);
	size_t len = 0;
	int byte;

	*has_nul = false;
	/* Without an escape it has no NUL: json_scan() refuses raw control
	 * characters, and \u0000 is an escape. */
	if (!string->is_escaped) {
		if (string->len < size)
			memcpy(out, text + string->start, string->len);
		return string->len;
	}
	while ((byte = json_next_byte(&spelling)) >= 0) {
		*has_nul |= byte == 0;
		if (len < size)
			out[len] = (char)byte;
		len++;
	}
	return len;
}

enum status
json_get_text(struct json_node object, const char *path, char *out,
    size_t size, struct err *err)
{
	struct json_node member;
	size_t len;
	bool has_nul;
	enum status st = get_kind(object, path, JSON_STRING, &member, err);

	out[0] = '\0';
	if (st != ST_OK)
		return st;
	len = copy(member.text, member.token, out, size, &has_nul);
	/* A string that is too long is refused, not cut: a part of an id names
	 * something else. */
	if (!has_nul && len < size) {
		out[len] = '\0';
		return ST_OK;
	}
	out[0] = '\0';
	return err_set(err, ST_BAD_INPUT, has_nul ? "%s holds a NUL"
	    : "%s is too long", path);
}

enum status
json_get_text_or_empty(struct json_node object, const char *path, char *out,
    size_t size, struct err *err)
{
	if (!json_exists(json_at(object, path))) {
		out[0] = '\0';
		return ST_OK;
	}
	return json_get_text(object, path, out, size, err);
}

const char *
json_source(struct json_node node, size_t *len)
{
	static const char none[] = "null";
	bool is_string = json_is(node, JSON_STRING);

	if (!json_exists(node)) {
		*len = sizeof(none) - 1;
		return none;
	}
	/* The quotes are part of it. */
	*len = node.token->len + (is_string ? 2 : 0);
	return node.text + node.token->start - is_string;
}
