/* JSON on its way out: json-c's objects. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

enum { NAME_LEN_MAX = 1024 };

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

enum status
json_put_source(struct json_object *object, const char *key,
    const char *source, size_t len, struct err *err)
{
	struct json_object *value = json_object_new_int64(0);
	char *copy = malloc(len + 1);

	if (value == NULL || copy == NULL) {
		json_object_put(value);
		free(copy);
		return err_set(err, ST_NOMEM, "no memory for JSON");
	}
	memcpy(copy, source, len);
	copy[len] = '\0';
	json_object_set_serializer(value, json_object_userdata_to_json_string,
	    copy, json_object_free_userdata);
	return put_taken(object, key, value, err);
}

enum status
json_reread(struct json_object *object, struct json_doc *doc, struct err *err)
{
	size_t len = 0;
	const char *text = json_object_to_json_string_length(object,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);

	*doc = (struct json_doc){ .text = NULL };
	if (text == NULL)
		return err_set(err, ST_NOMEM, "no memory for JSON");
	return json_parse(text, len, doc, err);
}

static enum status
put_member(struct json_object *object, struct json_node member,
    struct buf *name, struct err *err)
{
	size_t len;
	const char *source = json_source(member, &len);
	enum status st;

	buf_reset(name);
	json_put_name(name, member);
	st = buf_check(name, "a name", err);
	return st != ST_OK ? st : json_put_source(object, buf_str(name),
	    source, len, err);
}

enum status
json_put_members(struct json_object *object, struct json_node from,
    struct err *err)
{
	struct json_node member = json_first(from);
	struct buf name = BUF_INIT(NAME_LEN_MAX);
	enum status st = ST_OK;

	while (st == ST_OK && json_exists(member)) {
		st = put_member(object, member, &name, err);
		member = json_next(from, member);
	}
	buf_clear(&name);
	return st;
}
