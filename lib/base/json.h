/*
 * JSON.  What comes from outside is read by one strict pass of our own, so that
 * the same bytes have the same outcome everywhere: RFC 8259, UTF-8 (RFC 3629),
 * names once in each object, nesting of at most JSON_DEPTH_MAX.  The pass makes
 * no tree: it leaves a token for each value and name, and the getters read the
 * text itself.  Nothing is converted silently ("12" to 12, null to 0).
 * What goes out is written by base/json_out.h.
 */
#ifndef TEAMDUES_BASE_JSON_H
#define TEAMDUES_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json_node.h"
#include "base/status.h"

/*
 * Reads the whole input, which must be one object.  text must outlive the
 * document; json_parse_copy keeps a copy instead.  The caller clears doc, which
 * is empty after a failure.  ST_BAD_INPUT says what is wrong and where;
 * ST_NOMEM.
 */
NODISCARD enum status json_parse(const char *text, size_t len,
    struct json_doc *doc, struct err *err);
NODISCARD enum status json_parse_copy(const char *text, size_t len,
    struct json_doc *doc, struct err *err);

/* Empty, twice or NULL is harmless. */
void json_clear(struct json_doc *doc);

/* By a dotted path of names: none where a step is missing, null or no
 * object. */
struct json_node json_at(struct json_node object, const char *path);

/* Whether the object has a member of that name; its value may be null. */
bool json_has(struct json_node object, const char *name);

/* Refuses, naming it, a member that is not in names (NULL-ended).
 * ST_BAD_INPUT. */
NODISCARD enum status json_accept(struct json_node object,
    const char *const *names, struct err *err);

/* ST_NOT_FOUND when absent or null, ST_BAD_INPUT when of another type, range
 * or (for text) with an embedded NUL or longer than size - 1. */
NODISCARD enum status json_get_i64(struct json_node object, const char *path,
    int64_t min, int64_t max, int64_t *value, struct err *err);
NODISCARD enum status json_get_bool(struct json_node object, const char *path,
    bool *value, struct err *err);
NODISCARD enum status json_get_text(struct json_node object, const char *path,
    char *out, size_t size, struct err *err);

/* As json_get_text, but absence is no error: out becomes "". */
NODISCARD enum status json_get_text_or_empty(struct json_node object,
    const char *path, char *out, size_t size, struct err *err);

/* For rows of our own database: 0 for what is absent, null or no integer. */
int64_t json_i64_or_0(struct json_node object, const char *path);

/* Whether there is a string at path, and it is this one. */
bool json_text_is(struct json_node object, const char *path,
    const char *text);

/* Appends the characters of a string, or the JSON text of any other value;
 * nothing for JSON_NONE. */
void json_put_chars(struct buf *b, struct json_node node);

/* The name of an object's member, as json_first and json_next give it. */
void json_put_name(struct buf *b, struct json_node member);
bool json_is_named(struct json_node member, const char *name);

/* The value's JSON text: borrowed, not terminated; "null" for JSON_NONE. */
const char *json_source(struct json_node node, size_t *len);

#endif
