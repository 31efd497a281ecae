/* JSON from outside with json-c's silent conversions switched off. */
#include "base/json.h"

#include <limits.h>
#include <string.h>

#include "base/utf8.h"

enum { KEY_SIZE = 128 };

/*
 * What json-c lets through, strict or not: control characters in strings, names
 * in single quotes, NaN and Infinity.  Outside strings only the characters of
 * JSON's own tokens are well; where they stand, json-c decides.
 */
static bool
is_plain_json(const char *text, size_t len)
{
	static const char token_set[] = "{}[]:,\"0123456789+-.eEtrufalsn"
	    " \t\r\n";
	bool in_string = false;
	bool is_good = true;

	for (size_t i = 0; i < len && is_good; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"')
			in_string = !in_string;
		else if (!in_string)
			is_good = c != '\0' && strchr(token_set, c) != NULL;
		else if (c == '\\')
			i++;
		else
			is_good = c >= 0x20;
	}
	return is_good;
}

static enum status
parse_with(struct json_tokener *tokener, const char *text, size_t len,
    struct json_object **root, struct err *err)
{
	struct json_object *parsed;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	parsed = json_tokener_parse_ex(tokener, text, (int)len);
	enum json_tokener_error why = json_tokener_get_error(tokener);
	if (why == json_tokener_success &&
	    json_tokener_get_parse_end(tokener) == len &&
	    json_object_is_type(parsed, json_type_object)) {
		*root = parsed;
		return ST_OK;
	}
	json_object_put(parsed);
	if (why == json_tokener_success)
		return err_set(err, ST_BAD_INPUT, "not one JSON object");
	return err_set(err, ST_BAD_INPUT, "not JSON: %s",
	    json_tokener_error_desc(why));
}

enum status
json_parse(const char *text, size_t len, struct json_object **root,
    struct err *err)
{
	*root = NULL;
	if (len > INT_MAX)
		return err_set(err, ST_BAD_INPUT, "not JSON: too long");
	/* json-c's own check lets overlong forms and surrogates through. */
	if (!utf8_is_valid(text, len))
		return err_set(err, ST_BAD_INPUT, "not JSON: not UTF-8");
	if (!is_plain_json(text, len))
		return err_set(err, ST_BAD_INPUT,
		    "not JSON: a character where none may be");

	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH_MAX);
	if (tokener == NULL)
		return err_set(err, ST_NOMEM, "no memory to parse JSON");
	enum status st = parse_with(tokener, text, len, root, err);
	json_tokener_free(tokener);
	return st;
}

/* One step of a path; NULL when it is longer than any key of interest. */
static struct json_object *
get_member(struct json_object *object, const char *key, size_t len)
{
	char name[KEY_SIZE];
	struct json_object *member = NULL;

	if (len >= sizeof(name) ||
	    !json_object_is_type(object, json_type_object))
		return NULL;
	memcpy(name, key, len);
	name[len] = '\0';
	(void)json_object_object_get_ex(object, name, &member);
	return member;
}

struct json_object *
json_at(struct json_object *object, const char *path)
{
	for (;;) {
		size_t len = strcspn(path, ".");

		object = get_member(object, path, len);
		if (object == NULL || path[len] == '\0')
			return object;
		path += len + 1;
	}
}

/* The member when it is of the wanted type, else a status. */
static enum status
get_typed(struct json_object *object, const char *path, enum json_type type,
    struct json_object **member, struct err *err)
{
	*member = json_at(object, path);
	if (*member == NULL)
		return err_set(err, ST_NOT_FOUND, "%s is missing", path);
	if (!json_object_is_type(*member, type))
		return err_set(err, ST_BAD_INPUT, "%s is not of type %s", path,
		    json_type_to_name(type));
	return ST_OK;
}

enum status
json_get_i64(struct json_object *object, const char *path, int64_t min,
    int64_t max, int64_t *value, struct err *err)
{
	struct json_object *member;
	enum status st = get_typed(object, path, json_type_int, &member, err);

	if (st != ST_OK)
		return st;
	/* json-c turns what int64 cannot hold into the nearest extreme. */
	int64_t number = json_object_get_int64(member);
	if (number < min || number > max || number == INT64_MIN ||
	    number == INT64_MAX)
		return err_set(err, ST_BAD_INPUT, "%s is out of range", path);
	*value = number;
	return ST_OK;
}

enum status
json_get_bool(struct json_object *object, const char *path, bool *value,
    struct err *err)
{
	struct json_object *member;
	enum status st = get_typed(object, path, json_type_boolean, &member,
	    err);

	if (st == ST_OK)
		*value = json_object_get_boolean(member) != 0;
	return st;
}

enum status
json_get_text(struct json_object *object, const char *path, char *out,
    size_t size, struct err *err)
{
	struct json_object *member;
	enum status st = get_typed(object, path, json_type_string, &member,
	    err);

	out[0] = '\0';
	if (st != ST_OK)
		return st;
	const char *text = json_object_get_string(member);
	size_t len = strlen(text);
	if (len != (size_t)json_object_get_string_len(member))
		return err_set(err, ST_BAD_INPUT, "%s holds a NUL", path);
	if (len >= size)
		return err_set(err, ST_BAD_INPUT, "%s is too long", path);
	memcpy(out, text, len + 1);
	return ST_OK;
}

enum status
json_get_text_or_empty(struct json_object *object, const char *path,
    char *out, size_t size, struct err *err)
{
	if (json_at(object, path) == NULL) {
		out[0] = '\0';
		return ST_OK;
	}
	return json_get_text(object, path, out, size, err);
}

/* Takes value over, which is NULL when memory was short. */
static enum status
put_taken(struct json_object *object, const char *key,
    struct json_object *value, struct err *err)
{
	if (value == NULL || json_object_object_add(object, key, value) != 0) {
		json_object_put(value);
		return err_set(err, ST_NOMEM, "no memory for JSON");
	}
	return ST_OK;
}

enum status
json_put_text(struct json_object *object, const char *key, const char *text,
    struct err *err)
{
	return put_taken(object, key, json_object_new_string(text), err);
}

enum status
json_put_i64(struct json_object *object, const char *key, int64_t value,
    struct err *err)
{
	return put_taken(object, key, json_object_new_int64(value), err);
}

enum status
json_put_bool(struct json_object *object, const char *key, bool value,
    struct err *err)
{
	return put_taken(object, key, json_object_new_boolean(value), err);
}
