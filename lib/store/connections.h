/* The connections of a store: few, opened on need, lent to one thread each. */
#ifndef TEAMDUES_STORE_CONNECTIONS_H
#define TEAMDUES_STORE_CONNECTIONS_H

#include <libpq-fe.h>
#include <stdint.h>

#include "base/secret.h"
#include "base/status.h"

struct connections;

NODISCARD enum status connections_new(const struct secret *url,
    const char *name, int max, struct connections **connections,
    struct err *err);

/*
 * Lends a connection, waiting for one when all are lent, at most until
 * deadline_ms (clock_monotonic_ms).  ST_DB when none can be opened or none came
 * free in time.
 */
NODISCARD enum status connections_take(struct connections *connections,
    int64_t deadline_ms, PGconn **connection, struct err *err);

/* Takes it back; a broken one is closed. */
void connections_give(struct connections *connections, PGconn *connection);

/* Closes what has been idle for idle_ms or longer. */
void connections_close_idle(struct connections *connections, int64_t idle_ms);

void connections_free(struct connections *connections);

/* A connection outside any pool (migrations).  The caller PQfinishes it. */
NODISCARD enum status connection_open(const struct secret *url,
    const char *name, PGconn **connection, struct err *err);

#endif
