/*
 * The payments from which money can be given back, and the note of who did:
 * sql/functions/refund.sql.
 */
#ifndef TEAMDUES_STORE_REFUND_H
#define TEAMDUES_STORE_REFUND_H

#include <stddef.h>

#include "base/money.h"
#include "store/checkout.h"

enum { REFUND_SOURCES_MAX = 32, REFUND_FAULT_SIZE = 256 };

/* A payment that money can be given back from. */
struct refund_source {
	int64_t order_id;	/* 0: it counts for none */
	char session_id[STORE_ID_SIZE];
	char payment_intent[STORE_ID_SIZE];
	int64_t amount_cents;
	int64_t refunded_cents;	/* by the books */
	char currency[CURRENCY_SIZE];
	char fault[REFUND_FAULT_SIZE];	/* why nothing can be; "" */
};

struct refund_sources {
	size_t count;
	char installation_id[STORE_ID_SIZE];
	struct refund_source list[REFUND_SOURCES_MAX];
};

/*
 * The payments of an order, the newest first; order_id 0: the one under
 * payment, an event's id or a session's.  ST_NOT_FOUND.
 */
NODISCARD enum status store_refund_sources(struct store *store,
    int64_t order_id, const char *payment, struct refund_sources *sources,
    struct err *err);

struct refund_note {
	const char *session_id;
	const char *refund_id;
	const char *actor;
	const char *detail;
};

/* Notes a refund in the audit log, once for each. */
NODISCARD enum status store_note_refund(struct store *store,
    const struct refund_note *note, struct err *err);

#endif
