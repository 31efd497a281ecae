/*
 * The connections of a store: few, opened when they are needed, and lent to one
 * thread at a time.
 */
#ifndef TEAMDUES_STORE_CONNECTIONS_H
#define TEAMDUES_STORE_CONNECTIONS_H

#include <libpq-fe.h>
#include <stdint.h>

#include "base/secret.h"
#include "base/status.h"

/* What a statement of a program may take, unless it is given other limits. */
enum { STATEMENT_MS = 8000, LOCK_MS = 5000 };

/* Where the database is, and how long a statement may take there. */
struct database {
	const struct secret *url;
	const char *name;	/* that PostgreSQL shows */
	int statement_ms;	/* 0: as long as it wants */
	int lock_ms;		/* waiting for a lock of somebody else's */
};

struct connections;

/* database must outlive them. */
NODISCARD enum status connections_new(const struct database *database,
    int max, struct connections **connections, struct err *err);

/*
 * Lends a connection, waiting for one when all are lent, at most until
 * deadline_ms (clock_monotonic_ms).  ST_DB when none can be opened or none came
 * free in time.
 */
NODISCARD enum status connections_take(struct connections *connections,
    int64_t deadline_ms, PGconn **connection, struct err *err);

/* Takes it back; one that is broken, or still busy, is closed. */
void connections_give(struct connections *connections, PGconn *connection);

/* Closes what has been idle for idle_ms or longer. */
void connections_close_idle(struct connections *connections, int64_t idle_ms);

void connections_free(struct connections *connections);

/* A connection outside any pool.  The caller PQfinishes it. */
NODISCARD enum status connection_open(const struct database *database,
    PGconn **connection, struct err *err);

#endif
