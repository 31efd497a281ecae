/*
 * JSON on its way out, written straight into the text of a struct buf and with
 * its rules: write as much as you like, a failure sticks, check once where the
 * text is used.  Commas and brackets are set here; texts are escaped (RFC 8259,
 * section 7) and always come out as UTF-8.
 */
#ifndef TEAMDUES_BASE_JSON_OUT_H
#define TEAMDUES_BASE_JSON_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/status.h"

enum { JSON_OUT_DEPTH_MAX = 8 };

struct json_out {
	struct buf *text;	/* borrowed */
	size_t depth;		/* objects and arrays that are open */
	char ends[JSON_OUT_DEPTH_MAX];	/* the bracket that closes each */
	bool is_misused;	/* too deep, or more ends than beginnings */
};

/* Continues in buf, which is empty or has values already: a comma separates the
 * next one from them, so that elements can be gathered one by one. */
#define JSON_OUT(buf) ((struct json_out){ .text = (buf) })

/*
 * name, here and below: a member's, a literal without anything to escape; NULL
 * of an element and of the outermost value.
 */
void json_out_object(struct json_out *json, const char *name);
void json_out_array(struct json_out *json, const char *name);

/* Of the innermost object or array. */
void json_out_end(struct json_out *json);

void json_out_text(struct json_out *json, const char *name,
    const char *text);
void json_out_i64(struct json_out *json, const char *name, int64_t value);
void json_out_bool(struct json_out *json, const char *name, bool value);
void json_out_null(struct json_out *json, const char *name);

/* Writes a member's name only; the next call writes its value, with NULL for
 * its name. */
void json_out_name(struct json_out *json, const char *name);

/* Nothing, not even the name, when text is NULL or empty. */
void json_out_optional(struct json_out *json, const char *name,
    const char *text);

/* Text that is JSON already, unchanged: a value or the elements of an array.
 * If source failed, json's text fails for the same reason. */
void json_out_source(struct json_out *json, const char *name,
    const struct buf *source);

/* A value that was read, unchanged; JSON_NONE becomes null. */
void json_out_node(struct json_out *json, const char *name,
    struct json_node node);

/* One member of an object that was read, or all of them, with their names. */
void json_out_members(struct json_out *json, struct json_node object);
void json_out_member(struct json_out *json, struct json_node member);

/*
 * ST_OK when all that was opened is closed and the text has not failed; else
 * as buf_check, or ST_BUG.
 */
NODISCARD enum status json_out_check(const struct json_out *json,
    const char *what, struct err *err);

/*
 * Reads what was written, one object; its text must outlive doc unchanged.
 * Statuses as json_out_check's, and doc is empty after one.
 */
NODISCARD enum status json_out_parse(const struct json_out *json,
    const char *what, struct json_doc *doc, struct err *err);

#endif
