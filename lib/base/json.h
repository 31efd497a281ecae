/*
 * JSON from outside, through json-c, with the conversions switched off that
 * json-c makes silently ("12" to 12, null to 0).  Getters take a dotted path
 * from an object; strings are borrowed until the root is put.  json_at returns
 * NULL where a step is missing, null or not an object.
 */
#ifndef TEAMDUES_BASE_JSON_H
#define TEAMDUES_BASE_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum { JSON_DEPTH_MAX = 64 };

/*
 * Parses the whole input, strictly (RFC 8259, valid UTF-8, no NUL, at most
 * JSON_DEPTH_MAX deep), into an object.  The caller puts *root.
 * ST_BAD_INPUT, ST_NOMEM.
 */
NODISCARD enum status json_parse(const char *text, size_t len,
    struct json_object **root, struct err *err);

/*
 * Refuses, naming it, a member of the outermost object that is not in names
 * (NULL-ended) or that is repeated, of which json-c would keep the last.  text
 * is what json_parse has taken.  ST_BAD_INPUT.
 */
NODISCARD enum status json_accept(const char *text, size_t len,
    const char *const *names, struct err *err);

/* Borrowed; NULL when absent or null. */
struct json_object *json_at(struct json_object *object, const char *path);

/* ST_NOT_FOUND when absent or null, ST_BAD_INPUT when of another type, range
 * or (for text) with an embedded NUL or longer than size - 1. */
NODISCARD enum status json_get_i64(struct json_object *object,
    const char *path, int64_t min, int64_t max, int64_t *value,
    struct err *err);
NODISCARD enum status json_get_bool(struct json_object *object,
    const char *path, bool *value, struct err *err);
NODISCARD enum status json_get_text(struct json_object *object,
    const char *path, char *out, size_t size, struct err *err);

/*
 * As json_get_text, but absence is no error: out becomes "".
 */
NODISCARD enum status json_get_text_or_empty(struct json_object *object,
    const char *path, char *out, size_t size, struct err *err);

/* Builders: a failed allocation makes them give ST_NOMEM, object unchanged. */
NODISCARD enum status json_put_text(struct json_object *object,
    const char *key, const char *text, struct err *err);
NODISCARD enum status json_put_i64(struct json_object *object,
    const char *key, int64_t value, struct err *err);
NODISCARD enum status json_put_bool(struct json_object *object,
    const char *key, bool value, struct err *err);

#endif
