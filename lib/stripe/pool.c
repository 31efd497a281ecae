/*
 * One mutex guards the counts and the stack of idle handles; it is never held
 * while a handle is made, used or freed.  Each pool_give_back() wakes one
 * waiter.
 */
#include "stripe/pool.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/condition.h"

enum status
pool_init(struct pool *pool, const struct transfer_setup *setup, int max,
    struct err *err)
{
	if (max < 1)
		return err_set(err, ST_BUG, "a pool of %d calls", max);
	*pool = (struct pool){ .setup = setup, .max = max };
	pool->idle = calloc((size_t)max, sizeof(struct transfer *));
	if (pool->idle != NULL &&
	    pthread_mutex_init(&pool->mutex, NULL) == 0) {
		if (condition_init(&pool->given_back))
			return ST_OK;
		pthread_mutex_destroy(&pool->mutex);
	}
	free(pool->idle);
	pool->idle = NULL;
	return err_set(err, ST_NOMEM, "no memory for the calls to Stripe");
}

/* The mutex must be held.  True when a handle is idle or one more may be made,
 * even if the deadline has passed. */
static bool
wait_for_turn(struct pool *pool, int64_t deadline_ms)
{
	while (pool->idle_count == 0 && pool->made_count == pool->max)
		if (!condition_wait(&pool->given_back, &pool->mutex,
		    deadline_ms))
			break;
	return pool->idle_count > 0 || pool->made_count < pool->max;
}

static enum status
make(struct pool *pool, struct transfer **transfer, struct err *err)
{
	enum status st = transfer_new(pool->setup, transfer, err);

	if (st == ST_OK)
		return ST_OK;
	pthread_mutex_lock(&pool->mutex);
	/* The place that pool_take() counted is free again. */
	pool->made_count--;
	pthread_cond_signal(&pool->given_back);
	pthread_mutex_unlock(&pool->mutex);
	return st;
}

enum status
pool_take(struct pool *pool, int64_t deadline_ms, struct transfer **transfer,
    struct err *err)
{
	*transfer = NULL;
	pthread_mutex_lock(&pool->mutex);
	bool mine = wait_for_turn(pool, deadline_ms);
	if (mine && pool->idle_count > 0)
		*transfer = pool->idle[--pool->idle_count];
	else if (mine)
		/* Counted before it is made, because the mutex is released for
		 * that: no other thread may take the same place. */
		pool->made_count++;
	pthread_mutex_unlock(&pool->mutex);

	if (!mine)
		return err_set(err, ST_UPSTREAM_BUSY,
		    "all %d calls to Stripe were busy until the deadline",
		    pool->max);
	if (*transfer != NULL)
		return ST_OK;
	return make(pool, transfer, err);
}

void
pool_give_back(struct pool *pool, struct transfer *transfer)
{
	pthread_mutex_lock(&pool->mutex);
	pool->idle[pool->idle_count++] = transfer;
	pthread_cond_signal(&pool->given_back);
	pthread_mutex_unlock(&pool->mutex);
}

void
pool_clear(struct pool *pool)
{
	if (pool->idle == NULL)
		return;
	while (pool->idle_count > 0)
		transfer_free(pool->idle[--pool->idle_count]);
	pthread_cond_destroy(&pool->given_back);
	pthread_mutex_destroy(&pool->mutex);
	free(pool->idle);
	pool->idle = NULL;
}
