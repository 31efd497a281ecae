/*
 * One statement on one connection, from sending it to its last result, never
 * waited for beyond a limit.  The server's own statement_timeout comes first;
 * this is for a server that answers nothing any more: a backend that is
 * stopped, a disk that is stuck, a host that is gone while its network
 * acknowledges.
 *
 * A hot statement is prepared when a connection first meets it, and executed
 * by its name from then on.  That it is there is never relied upon: behind a
 * pooler that hands each transaction to another server (PgBouncer's transaction
 * mode) it may not be, or may have been prepared for somebody else.  It is
 * prepared anew then, and at last run as it stands, at the price of three more
 * round trips; so a hot statement is never part of a longer transaction.
 * PgBouncer wants ignore_startup_parameters = options, and then the limits by
 * ALTER ROLE ... SET; since 1.21 its max_prepared_statements spares the price.
 */
#ifndef TEAMDUES_STORE_EXCHANGE_H
#define TEAMDUES_STORE_EXCHANGE_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "store/statement.h"

/*
 * Both give the last result, which the caller clears; NULL when the connection
 * is lost, or when nothing has come within statement_ms and 2 s (statement_ms
 * 0: without a limit).  After NULL the connection cannot be used any more.
 */
PGresult *exchange_statement(PGconn *connection,
    const struct statement *statement, const struct arguments *arguments,
    int statement_ms);
PGresult *exchange_command(PGconn *connection, const char *sql,
    int statement_ms);

/* After NULL: whether it was the time that ran out. */
bool exchange_is_late(const PGconn *connection);

#endif
