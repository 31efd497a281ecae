/*
 * The audit of the books, in slices: each is one statement and sees the books
 * at one moment, so that an audit holds up nobody however long it takes.
 */
#ifndef TEAMDUES_STORE_AUDIT_H
#define TEAMDUES_STORE_AUDIT_H

#include <stdint.h>

#include "store/store.h"

/* NULL-ended. */
extern const char *const store_audit_parts[];

/* How many rows all parts have. */
NODISCARD enum status store_audit_size(struct store *store, int64_t *rows,
    struct err *err);

enum { AUDIT_LAST_SIZE = 512 };

struct audit_slice {
	const char *part;
	int64_t looked;			/* at so many rows, this time */
	char last[AUDIT_LAST_SIZE];	/* where it ended */
};

/*
 * Looks at the next rows of a part; last "" is before its first.  Gives a row
 * {invariant, subject, fault, must_hold} for each fault in them.  looked is 0
 * once all rows were seen.
 */
NODISCARD enum status store_audit_slice(struct store *store,
    struct audit_slice *slice, store_row *each, void *context,
    struct err *err);

#endif
