/*
 * A ring: the oldest entry is overwritten, and reading looks at all of them,
 * which for 32 is cheaper than any index.  Only hashes are kept.  Two payments
 * with one hash would cost one of them a refusal, which Stripe's repetition
 * mends.
 */
#include "store/held.h"

/*
 * By the intent where there is one: refunds, disputes and sessions of one
 * payment share it, and the lock that is waited for is the payment's.
 */
uint64_t
held_key(const char *intent_id, const char *session_id)
{
	const char *id = intent_id != NULL && intent_id[0] != '\0' ? intent_id
	    : session_id;
	uint64_t hash = 14695981039346656037U;	/* FNV-1a */

	if (id == NULL)
		return 0;
	for (; *id != '\0'; id++)
		hash = (hash ^ (unsigned char)*id) * 1099511628211U;
	return hash;
}

void
held_put(struct held *held, uint64_t key, int64_t now_ms)
{
	if (key == 0)
		return;
	pthread_mutex_lock(&held->lock);
	held->keys[held->next] = key;
	held->until_ms[held->next] = now_ms + HELD_MS;
	held->next = (held->next + 1) % HELD_MAX;
	pthread_mutex_unlock(&held->lock);
}

bool
held_has(struct held *held, uint64_t key, int64_t now_ms)
{
	bool is_held = false;

	pthread_mutex_lock(&held->lock);
	for (size_t i = 0; i < HELD_MAX && !is_held; i++)
		is_held = held->keys[i] == key && held->until_ms[i] > now_ms;
	pthread_mutex_unlock(&held->lock);
	return is_held;
}
