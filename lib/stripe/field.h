/*
 * Typed reads of Stripe's objects.  A field that we rely on and that is not
 * there makes the object malformed (ST_BAD_INPUT), which is another thing than
 * an object that was not found.  The first fault sticks, nothing is read after
 * it, and the reader's status is looked at once, at the end.  Used inside
 * lib/stripe only.
 */
#ifndef TEAMDUES_STRIPE_FIELD_H
#define TEAMDUES_STRIPE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "base/status.h"

/* The last second of the year 9999: what every date library can hold. */
#define FIELD_TIME_MAX INT64_C(253402300799)

struct field_reader {
	struct json_node object;
	enum status st;
	struct err *err;
};

#define FIELD_READER(object, err) \
	((struct field_reader){ (object), ST_OK, (err) })

/* A fault that no single field has; why is the whole message. */
void field_refuse(struct field_reader *reader, const char *why);

void field_text(struct field_reader *reader, const char *path, char *out,
    size_t size);
void field_bool(struct field_reader *reader, const char *path, bool *value);
void field_i64(struct field_reader *reader, const char *path, int64_t min,
    int64_t max, int64_t *value);
void field_time(struct field_reader *reader, const char *path,
    int64_t *value);

/* "" when absent or null. */
void field_text_or_empty(struct field_reader *reader, const char *path,
    char *out, size_t size);

/* An id by stripe_id_ok; out holds STRIPE_ID_SIZE. */
void field_id(struct field_reader *reader, const char *path, char *out);

/* An id, or an expanded object's id; "" when absent or null. */
void field_id_or_empty(struct field_reader *reader, const char *path,
    char *out);

/*
 * A text that people or other programs typed: "" when it is absent, longer than
 * fits or has a NUL, since such a text is none of ours.  A fault when it is not
 * a text.
 */
void field_text_if_fits(struct field_reader *reader, const char *path,
    char *out, size_t size);

/* The object's own id, where that is all that is read. */
NODISCARD enum status field_own_id(struct json_node object, char *out,
    struct err *err);

/* For what is only shown to a person: "" for whatever is not a text that
 * fits. */
void field_text_or_blank(struct json_node object, const char *path,
    char *out, size_t size);

#endif
