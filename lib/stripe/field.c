#include "stripe/field.h"

#include <string.h>

#include "stripe/client.h"

enum status
field_required(enum status st, struct err *err)
{
	if (st != ST_NOT_FOUND)
		return st;
	err->st = ST_BAD_INPUT;
	return ST_BAD_INPUT;
}

enum status
field_text(struct json_node object, const char *path, char *out,
    size_t size, struct err *err)
{
	return field_required(json_get_text(object, path, out, size, err), err);
}

enum status
field_bool(struct json_node object, const char *path, bool *value,
    struct err *err)
{
	return field_required(json_get_bool(object, path, value, err), err);
}

enum status
field_time(struct json_node object, const char *path, int64_t *value,
    struct err *err)
{
	return field_required(json_get_i64(object, path, 0, FIELD_TIME_MAX,
	    value, err), err);
}

enum status
field_id(struct json_node object, const char *path, char *out,
    struct err *err)
{
	enum status st = field_text(object, path, out, STRIPE_ID_SIZE, err);

	if (st != ST_OK)
		return st;
	if (!stripe_id_ok(out))
		return err_set(err, ST_BAD_INPUT, "%s is not an id", path);
	return ST_OK;
}

enum status
field_id_or_empty(struct json_node object, const char *path, char *out,
    struct err *err)
{
	struct json_node value = json_at(object, path);

	out[0] = '\0';
	if (!json_exists(value))
		return ST_OK;
	if (json_is(value, JSON_OBJECT))
		return field_id(value, "id", out, err);
	return field_id(object, path, out, err);
}

enum status
field_text_if_fits(struct json_node object, const char *path, char *out,
    size_t size, struct err *err)
{
	struct json_node value = json_at(object, path);

	out[0] = '\0';
	if (!json_exists(value))
		return ST_OK;
	if (!json_is(value, JSON_STRING))
		return err_set(err, ST_BAD_INPUT, "%s is not text", path);
	field_text_or_blank(object, path, out, size);
	return ST_OK;
}

void
field_text_or_blank(struct json_node object, const char *path, char *out,
    size_t size)
{
	struct err unused;

	if (json_get_text(object, path, out, size, &unused) != ST_OK)
		out[0] = '\0';
}
