/* Stripe's ids: opaque, 1 to 255 of [A-Za-z0-9_]. */
#ifndef TEAMDUES_STRIPE_ID_H
#define TEAMDUES_STRIPE_ID_H

#include <stdbool.h>

enum { STRIPE_ID_SIZE = 256 };

/* Whether it can be one: such a text is safe in a path of Stripe's. */
bool stripe_id_ok(const char *id);

#endif
