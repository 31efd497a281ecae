/*
 * Each reader checks the sticky status first, so that the first fault of an
 * object is the one that is reported.
 */
#include "stripe/field.h"

#include <string.h>

#include "stripe/id.h"

void
field_refuse(struct field_reader *reader, const char *why)
{
	if (reader->st == ST_OK)
		reader->st = err_set(reader->err, ST_BAD_INPUT, "%s", why);
}

/* A field that is missing makes the object malformed; ST_NOT_FOUND would mean
 * that Stripe does not have the object. */
static void
settle(struct field_reader *reader, enum status st)
{
	if (st == ST_NOT_FOUND)
		st = reader->err->st = ST_BAD_INPUT;
	reader->st = st;
}

void
field_text(struct field_reader *reader, const char *path, char *out,
    size_t size)
{
	if (reader->st == ST_OK)
		settle(reader, json_get_text(reader->object, path, out, size,
		    reader->err));
}

void
field_bool(struct field_reader *reader, const char *path, bool *value)
{
	if (reader->st == ST_OK)
		settle(reader, json_get_bool(reader->object, path, value,
		    reader->err));
}

void
field_i64(struct field_reader *reader, const char *path, int64_t min,
    int64_t max, int64_t *value)
{
	if (reader->st == ST_OK)
		settle(reader, json_get_i64(reader->object, path, min, max,
		    value, reader->err));
}

void
field_time(struct field_reader *reader, const char *path, int64_t *value)
{
	field_i64(reader, path, 0, FIELD_TIME_MAX, value);
}

void
field_text_or_empty(struct field_reader *reader, const char *path, char *out,
    size_t size)
{
	out[0] = '\0';
	if (json_exists(json_at(reader->object, path)))
		field_text(reader, path, out, size);
}

void
field_id(struct field_reader *reader, const char *path, char *out)
{
	field_text(reader, path, out, STRIPE_ID_SIZE);
	if (reader->st == ST_OK && !stripe_id_ok(out))
		reader->st = err_set(reader->err, ST_BAD_INPUT,
		    "%s is not an id", path);
}

void
field_id_or_empty(struct field_reader *reader, const char *path, char *out)
{
	struct json_node value = json_at(reader->object, path);

	out[0] = '\0';
	/* expand[] turns an id into the whole object (docs: expand). */
	if (json_is(value, JSON_OBJECT)) {
		struct field_reader expanded = { value, reader->st,
			reader->err };

		field_id(&expanded, "id", out);
		reader->st = expanded.st;
	} else if (json_exists(value)) {
		field_id(reader, path, out);
	}
}

void
field_text_if_fits(struct field_reader *reader, const char *path, char *out,
    size_t size)
{
	struct json_node value = json_at(reader->object, path);

	out[0] = '\0';
	if (reader->st != ST_OK || !json_exists(value))
		return;
	if (json_is(value, JSON_STRING))
		field_text_or_blank(reader->object, path, out, size);
	else
		reader->st = err_set(reader->err, ST_BAD_INPUT,
		    "%s is not text", path);
}

enum status
field_own_id(struct json_node object, char *out, struct err *err)
{
	struct field_reader reader = FIELD_READER(object, err);

	field_id(&reader, "id", out);
	return reader.st;
}

void
field_text_or_blank(struct json_node object, const char *path, char *out,
    size_t size)
{
	struct err unused;

	if (json_get_text(object, path, out, size, &unused) != ST_OK)
		out[0] = '\0';
}
