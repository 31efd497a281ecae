/*
 * Recording what Stripe said: one answer that was asked for, or a batch of
 * events in one transaction, which the ledger brings together.
 */
#ifndef TEAMDUES_STORE_RECORD_H
#define TEAMDUES_STORE_RECORD_H

#include <stddef.h>

#include "base/buf.h"
#include "store/fact_item.h"
#include "store/record_result.h"
#include "store/store.h"

/* Bounds a commit: what a few busy seconds can bring, and no more. */
enum { RECORDINGS_MAX = 64, RECORDINGS_BYTES_MAX = 4 * 1024 * 1024 };

/* For the ledger: one event on its way, and what becomes of it. */
struct recording {
	struct buf item;	/* JSON text */
	const char *payload;
	size_t payload_len;
	struct record_result *result;
	struct err *err;	/* of this one */
	enum status st;		/* once all are recorded */
};

/*
 * Records all of the batch or none.  ST_DB, ST_DB_BUSY, ST_NOMEM; ST_BUG when
 * the database refuses one of them, since whoever delivers what Stripe has
 * signed is not at fault.
 */
NODISCARD enum status record_run(struct store *store,
    struct recording *const *batch, int count, struct err *err);

/* One answer of Stripe's. */
NODISCARD enum status store_record_answer(struct store *store,
    const struct fact_item *item, struct record_result *result,
    struct err *err);

#endif
