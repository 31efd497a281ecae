/* Form encoding with Stripe's bracketed names: a[b][0][c]=value. */
#ifndef TEAMDUES_STRIPE_FORM_H
#define TEAMDUES_STRIPE_FORM_H

#include <stdint.h>

#include "base/buf.h"

/* Appends `&` where needed, the name as it is (brackets raw, it must be a
 * literal or checked), and the percent-encoded value. */
void form_put(struct buf *form, const char *name, const char *value);
/* Nothing for NULL or "": for Stripe an empty value means that a field is to be
 * unset. */
void form_put_given(struct buf *form, const char *name, const char *value);
void form_put_i64(struct buf *form, const char *name, int64_t value);

/* prefix[key]=value, key percent-encoded. */
void form_put_member(struct buf *form, const char *prefix, const char *key,
    const char *value);

#endif
