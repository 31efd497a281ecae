/*
 * What somebody else's lock has just kept from being recorded, so that the
 * next word about the same payment is not waited for as well.  Only the last
 * few are remembered, and each for a few seconds.
 */
#ifndef TEAMDUES_STORE_HELD_H
#define TEAMDUES_STORE_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HELD_MAX = 32, HELD_MS = 3000 };

/* All zero: nothing is held. */
struct held {
	uint64_t keys[HELD_MAX];
	int64_t until_ms[HELD_MAX];
	size_t next;		/* the place that was taken longest ago */
};

/*
 * Of a payment's intent or, where it has none, of its session: what two share
 * only by a chance of one in 2^64.  0 where both are NULL.
 */
uint64_t held_key(const char *intent_id, const char *session_id);

/* Of 0, which says nothing, nothing is remembered. */
void held_put(struct held *held, uint64_t key, int64_t now_ms);
bool held_has(const struct held *held, uint64_t key, int64_t now_ms);

#endif
