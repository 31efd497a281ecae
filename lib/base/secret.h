/*
 * Secrets have a type of their own, which no formatter takes: a key can be
 * compared or hashed, and its bytes asked for by name (`secret_bytes`), which
 * a reviewer can grep for.  The memory is wiped when it is cleared.
 */
#ifndef TEAMDUES_BASE_SECRET_H
#define TEAMDUES_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

struct secret {
	unsigned char *bytes;	/* followed by a NUL that len does not count */
	size_t len;
};

/* Copies len bytes.  ST_NOMEM. */
NODISCARD enum status secret_set(struct secret *s, const char *bytes,
    size_t len, struct err *err);

/* Borrowed, followed by a NUL; NULL when s is empty. */
const char *secret_bytes(const struct secret *s);

void secret_clear(struct secret *s);

#endif
