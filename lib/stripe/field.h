/*
 * Typed reads of Stripe's objects.  A field that we rely on and that is not
 * there makes the object malformed (ST_BAD_INPUT), which is another thing than
 * an object that was not found.  Used inside lib/stripe only.
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

/* st, or ST_BAD_INPUT where a getter of base/json.h said ST_NOT_FOUND. */
NODISCARD enum status field_required(enum status st, struct err *err);

NODISCARD enum status field_text(struct json_node object,
    const char *path, char *out, size_t size, struct err *err);
NODISCARD enum status field_bool(struct json_node object,
    const char *path, bool *value, struct err *err);
NODISCARD enum status field_time(struct json_node object,
    const char *path, int64_t *value, struct err *err);

/* An id by stripe_id_ok; out holds STRIPE_ID_SIZE. */
NODISCARD enum status field_id(struct json_node object,
    const char *path, char *out, struct err *err);

/* An id, or an expanded object's id; "" when absent or null. */
NODISCARD enum status field_id_or_empty(struct json_node object,
    const char *path, char *out, struct err *err);

/*
 * What people or other programs typed, of which we need only what is ours or
 * usable: "" too when it is longer than fits or has a NUL.  ST_BAD_INPUT when
 * it is no text.
 */
NODISCARD enum status field_text_if_fits(struct json_node object,
    const char *path, char *out, size_t size, struct err *err);

/* For what is only told to a person: "" for whatever is no text that fits. */
void field_text_or_blank(struct json_node object, const char *path,
    char *out, size_t size);

#endif
