/* The connections of a store: few, opened on need, lent to one thread each. */
#ifndef TEAMDUES_STORE_POOL_H
#define TEAMDUES_STORE_POOL_H

#include <libpq-fe.h>
#include <stdint.h>

#include "base/secret.h"
#include "base/status.h"

struct pool;

NODISCARD enum status pool_new(const struct secret *url, const char *name,
    int max, struct pool **pool, struct err *err);

/*
 * Lends a connection, waiting for one when all are lent, at most until
 * deadline_ms (clock_monotonic_ms).  ST_DB when none can be opened or none came
 * free in time.
 */
NODISCARD enum status pool_take(struct pool *pool, int64_t deadline_ms,
    PGconn **connection, struct err *err);

/* Takes it back; a broken one is closed. */
void pool_give(struct pool *pool, PGconn *connection);

/* Closes what has been idle for idle_ms or longer. */
void pool_close_idle(struct pool *pool, int64_t idle_ms);

void pool_free(struct pool *pool);

/* A connection outside any pool (migrations).  The caller PQfinishes it. */
NODISCARD enum status pool_connect(const struct secret *url,
    const char *name, PGconn **connection, struct err *err);

#endif
