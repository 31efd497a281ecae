/*
 * Payments whose recording failed a moment ago because another transaction held
 * their lock: the next event about the same payment is refused at once instead
 * of waiting too.  Only the last few are remembered, and each for a few
 * seconds.
 */
#ifndef TEAMDUES_STORE_HELD_H
#define TEAMDUES_STORE_HELD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HELD_MAX = 32, HELD_MS = 3000 };

/* HELD_NONE: nothing is held.  Any thread may ask. */
struct held {
	pthread_mutex_t lock;
	uint64_t keys[HELD_MAX];
	int64_t until_ms[HELD_MAX];
	size_t next;		/* the place that was taken longest ago */
};

#define HELD_NONE { .lock = PTHREAD_MUTEX_INITIALIZER }

/*
 * The hash of a payment's intent or, where it has none, of its session; two
 * payments share one by a chance of 1 in 2^64.  0 where both are NULL.
 */
uint64_t held_key(const char *intent_id, const char *session_id);

/* Key 0 is never remembered: it means that the payment is not known. */
void held_put(struct held *held, uint64_t key, int64_t now_ms);
bool held_has(struct held *held, uint64_t key, int64_t now_ms);

#endif
